"""What agents do: sign in, see who waits, read, answer, give back."""
