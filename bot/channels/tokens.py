"""Signed tokens: who a chat belongs to, said by us (visitors) or by the shop (its buyers)."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

_ALGORITHM = "HS256"
_VISITOR_DAYS = 180
_BUYER_DAYS = 30
_LONGEST_BUYER_S = (_BUYER_DAYS + 1) * 86_400  # a day of grace for clocks
_LONGEST_SUBJECT = 64


class BadToken(Exception):
    """Forged, expired, or not a token of ours."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    buyer_id: str  # "visitor:<id>" where nobody signed in
    signed_in: bool


class Tokens:
    """Signs and reads them. A shop signs its buyers' tokens with the same key:

    JWT, HS256, claims `sub` = buyer id, `kind` = "buyer", `exp`, at most 30 days ahead: a token
    cannot be taken back, so a lost one must end.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def for_visitor(self, now: datetime) -> tuple[str, Identity]:
        """A token for somebody new."""
        visitor = uuid.uuid4().hex
        token = self._sign(visitor, "visitor", now + timedelta(days=_VISITOR_DAYS))
        return token, Identity(buyer_id=f"visitor:{visitor}", signed_in=False)

    def for_buyer(self, buyer_id: str, now: datetime) -> str:
        return self._sign(buyer_id, "buyer", now + timedelta(days=_BUYER_DAYS))

    def read(self, token: str) -> Identity:
        """Raises BadToken."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                options={"require": ["sub", "exp", "kind"]},
            )
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise BadToken(type(error).__name__) from error
        subject, kind = str(claims["sub"]), claims["kind"]
        if not 0 < len(subject) <= _LONGEST_SUBJECT or not _is_text(subject):
            raise BadToken("sub")
        if kind == "visitor":
            return Identity(buyer_id=f"visitor:{subject}", signed_in=False)
        if kind == "buyer" and not subject.startswith("visitor:"):
            if int(claims["exp"]) > time.time() + _LONGEST_BUYER_S:
                raise BadToken("exp")
            return Identity(buyer_id=subject, signed_in=True)
        raise BadToken("kind")

    def _sign(self, subject: str, kind: str, until: datetime) -> str:
        claims = {"sub": subject, "kind": kind, "exp": until}
        token: str = jwt.encode(claims, self._secret, algorithm=_ALGORITHM)
        return token


def _is_text(subject: str) -> bool:
    """False where it holds half a character (a lone surrogate) or NUL: no database keeps these."""
    try:
        return "\0" not in subject.encode("utf-8").decode()
    except UnicodeError:
        return False
