"""Finding, comparing and deciding between goods for this buyer."""
