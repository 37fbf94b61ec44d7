"""Deeds with an order that is there: change, cancel, address, invoice, note, urging."""
