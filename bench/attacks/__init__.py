"""The attacker's day (docs/security.md, findings H, M and L) repeated against a started house."""
