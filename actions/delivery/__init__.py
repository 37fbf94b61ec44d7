"""When it leaves, who brings it, what that costs."""
