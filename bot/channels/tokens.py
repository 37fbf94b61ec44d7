"""Signed tokens: who a chat belongs to, said by us (visitors) or by the shop (its buyers)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import jwt

from bot.shop.words.mail_address import email_address

_ALGORITHM = "HS256"
_VISITOR_DAYS = 180
_BUYER_DAYS = 30
_LONGEST_BUYER = timedelta(days=_BUYER_DAYS + 1)  # a day of grace for clocks
_LONGEST_SUBJECT = 64
_PAY_WITHIN = timedelta(minutes=30)


class BadToken(Exception):
    """Forged, expired, or not a token of ours."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    buyer_id: str  # "visitor:<id>" where nobody signed in
    signed_in: bool
    email: str = ""  # the buyer's, where the token claims one


class Tokens:
    """Signs and reads them. A shop signs its buyers' tokens with the same key:

    JWT, HS256, claims `sub` = buyer id, `kind` = "buyer", `exp`, at most 30 days ahead, and `iat`,
    when it was signed: without it a token counts as signed as early as its `exp` allows, once the
    buyer's tokens have been taken back. `email` may say where the buyer can be written to.
    """

    def __init__(
        self,
        secret: str,
        is_over: Callable[[str, datetime], bool] = lambda *_: False,
        *,
        clock: Callable[[], datetime] = partial(datetime.now, timezone.utc),
    ) -> None:
        """`is_over`: whether tokens of this buyer id that were signed then were taken back."""
        self._secret, self._is_over, self._clock = secret, is_over, clock

    def for_visitor(self, now: datetime) -> tuple[str, Identity]:
        """A token for somebody new."""
        visitor = uuid.uuid4().hex
        token = self._sign(visitor, "visitor", now, timedelta(days=_VISITOR_DAYS))
        return token, Identity(buyer_id=f"visitor:{visitor}", signed_in=False)

    def for_buyer(self, buyer_id: str, now: datetime) -> str:
        return self._sign(buyer_id, "buyer", now, timedelta(days=_BUYER_DAYS))

    def for_payment(self, buyer_id: str, number: str, now: datetime) -> str:
        """Opens the pay page of one order, for as long as it takes: a page of another origin has
        not the buyer's token, and an address is no place for it."""
        claims = {"sub": buyer_id, "kind": "pay", "order": number, "exp": now + _PAY_WITHIN}
        return str(jwt.encode(claims, self._secret, algorithm=_ALGORITHM))

    def read_payment(self, ticket: str, number: str, now: datetime) -> str:
        """The buyer who may pay this order now. Raises BadToken."""
        claims = self._claims(ticket, "order")
        if claims["kind"] != "pay" or claims["order"] != number:
            raise BadToken("order")
        if _moment(claims, "exp") <= now:
            raise BadToken("expired")
        return str(claims["sub"])

    def read(self, token: str) -> Identity:
        """Raises BadToken."""
        claims, now = self._claims(token), self._clock()
        subject, kind = str(claims["sub"]), claims["kind"]
        if not 0 < len(subject) <= _LONGEST_SUBJECT or not _is_text(subject):
            raise BadToken("sub")
        ends_at = _moment(claims, "exp")
        if ends_at <= now or ("nbf" in claims and _moment(claims, "nbf") > now):
            raise BadToken("expired")
        if kind == "visitor":
            who = Identity(buyer_id=f"visitor:{subject}", signed_in=False)
        elif kind == "buyer" and not subject.startswith("visitor:"):
            if ends_at > now + _LONGEST_BUYER:
                raise BadToken("exp")
            email = email_address(str(claims.get("email", "")))
            who = Identity(buyer_id=subject, signed_in=True, email=email)
        else:
            raise BadToken("kind")
        longest = _LONGEST_BUYER if who.signed_in else timedelta(days=_VISITOR_DAYS)
        signed_at = _moment(claims, "iat") if "iat" in claims else ends_at - longest
        if self._is_over(who.buyer_id, signed_at):
            raise BadToken("over")
        return who

    def _claims(self, token: str, *required: str) -> Mapping[str, Any]:
        """What was signed with our key; its times are judged by the house's clock. Raises BadToken."""
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                options={
                    "require": ["sub", "exp", "kind", *required],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise BadToken(type(error).__name__) from error
        return claims

    def _sign(self, subject: str, kind: str, now: datetime, lives: timedelta) -> str:
        claims = {"sub": subject, "kind": kind, "iat": now, "exp": now + lives}
        token: str = jwt.encode(claims, self._secret, algorithm=_ALGORITHM)
        return token


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    """Raises BadToken where it is no time."""
    try:
        return datetime.fromtimestamp(int(claims[name]), timezone.utc)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise BadToken(name) from error


def _is_text(subject: str) -> bool:
    """False where it holds half a character (a lone surrogate) or NUL: no database keeps these."""
    try:
        return "\0" not in subject.encode("utf-8").decode()
    except UnicodeError:
        return False
