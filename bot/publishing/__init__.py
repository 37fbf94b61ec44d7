"""Publishes what trainers wrote: checked, trained, tried and compared before buyers meet it."""
