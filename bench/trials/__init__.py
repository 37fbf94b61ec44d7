"""Trials from outside: a house is started as a process, and attacked or broken while it serves."""
