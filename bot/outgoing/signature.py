"""The signature of https://www.standardwebhooks.com: made of what leaves, demanded of what comes in.

Three headers: `webhook-id` (the same at every try), `webhook-timestamp` (seconds) and
`webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

PREFIX = "whsec_"
FRESH_FOR = timedelta(minutes=5)  # older, or from a clock that runs ahead: a recording played again
_ID, _TIME, _SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class BadSignature(Exception):
    """Nobody who knows the secret has sent this."""


class NotFresh(Exception):
    """It was signed too long ago, or will be."""


def signed(secret: str, identity: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers. `secret`: any text, or `whsec_` and base64 of the key."""
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        _ID: identity,
        _TIME: timestamp,
        _SIGNATURE: _signature(secret, identity, timestamp, body),
    }


def demand_signed(
    secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: datetime
) -> None:
    """By any of these secrets, so that one can be changed for another. Raises BadSignature, NotFresh.

    A sender that changes its own secret signs by both: the header holds several, with blanks between.
    """
    identity, timestamp = headers.get(_ID, ""), headers.get(_TIME, "")
    given = [one.encode("utf-8", "replace") for one in headers.get(_SIGNATURE, "").split()]
    wanted = [_signature(one, identity, timestamp, body).encode() for one in secrets]
    # All are compared, each in constant time: which one fits is told by no clock.
    fitting = [hmac.compare_digest(one, other) for one in given for other in wanted]
    if not identity or not any(fitting):
        raise BadSignature
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise NotFresh
    if abs(now.timestamp() - int(timestamp)) > FRESH_FOR.total_seconds():
        raise NotFresh


def key_of(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def _signature(secret: str, identity: str, timestamp: str, body: bytes) -> str:
    told = f"{identity}.{timestamp}.".encode("utf-8", "replace") + body
    digest = hmac.new(key_of(secret), told, hashlib.sha256)
    return "v1," + base64.b64encode(digest.digest()).decode()
