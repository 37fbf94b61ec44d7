"""Talking about the price, and beginning a sale."""
