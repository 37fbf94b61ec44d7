"""Buyers' lines by kind for shops of other trades, played to the whole house for a reader to mark."""
