"""The breaker's runs (docs/security.md, findings A and B) repeated against a started house."""
