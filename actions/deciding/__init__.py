"""What is done where no rule decides: the likeliest reading, data told, follow-ups."""
