"""The port over HTTP: endpoints, JSON, client and limits."""
