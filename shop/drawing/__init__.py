"""Draws the other demo shops' pictures: `python -m shop.drawing` writes shop/*/pictures."""
