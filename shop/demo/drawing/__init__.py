"""Draws the demo shop's pictures: `python -m shop.demo.drawing` writes shop/demo/pictures."""
