"""Questions about goods, stock and campaigns."""
