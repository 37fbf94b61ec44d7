"""The shop's data changed by hand, a row at a time, by the importer's own rules."""
