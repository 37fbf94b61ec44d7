"""Ninety days of following up, played fast against the real house, with faults and with watchers."""
