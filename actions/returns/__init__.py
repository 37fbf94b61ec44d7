"""Returns and exchanges, from their rules to the case."""
