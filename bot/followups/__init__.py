"""What to say later, to whom, when, and when not."""
