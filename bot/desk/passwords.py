"""Passwords of the shop's people: hashed, never kept."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST_PASSWORD = 10

_hasher = PasswordHasher()
# Checked where the name is unknown, so that a guess takes as long as for a real one.
NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class WeakPassword(Exception):
    """The password is too short."""


async def hashed_password(password: str) -> str:
    """In a thread: it takes its time. Raises WeakPassword."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"密码至少 {SHORTEST_PASSWORD} 位")
    return await asyncio.to_thread(_hasher.hash, password)


def verifies(hashed: str, password: str) -> bool:
    """Whether it is the password of this hash."""
    try:
        return _hasher.verify(hashed, password)
    except VerificationError:
        return False
