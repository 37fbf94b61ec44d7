"""The trainer's side: checks, tries and teaches what stands in YAML, without the running house."""
