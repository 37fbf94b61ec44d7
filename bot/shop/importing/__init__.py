"""Fills a shop from YAML, CSV and Excel: checks every cell first, then imports all or nothing."""
