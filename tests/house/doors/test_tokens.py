"""Whose chat a token opens."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
import pytest

from bot.channels.tokens import BadToken, Tokens

SECRET = "s" * 48
NOW = datetime(2026, 3, 1, 15, 59, tzinfo=timezone.utc)
SOON = NOW + timedelta(hours=1)


def tokens() -> Tokens:
    return Tokens(SECRET, clock=lambda: NOW)


def signed(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    return str(jwt.encode(claims, secret, algorithm=algorithm))


def test_a_visitor_is_not_signed_in() -> None:
    token, who = tokens().for_visitor(NOW)
    assert tokens().read(token) == who
    assert not who.signed_in


def test_a_shop_signs_its_buyers_by_itself() -> None:
    who = tokens().read(signed(sub="b1", kind="buyer", exp=SOON))
    assert (who.buyer_id, who.signed_in, who.email) == ("b1", True, "")


@pytest.mark.parametrize(("told", "email"), [("a@b.cn", "a@b.cn"), ("nobody", ""), (7, "")])
def test_it_may_claim_where_to_write(told: Any, email: str) -> None:
    claims = {"sub": "b1", "kind": "buyer", "exp": SOON, "email": told}
    assert tokens().read(signed(**claims)).email == email


REFUSED = {
    "empty": "",
    "no token": "x",
    "three parts of nothing": "a.b.c",
    "half a character": "\ud83d",
    "another's signature": signed(secret="t" * 48, sub="b1", kind="buyer", exp=SOON),
    "expired": signed(sub="b1", kind="buyer", exp=SOON - timedelta(hours=2)),
    "never expires": signed(sub="b1", kind="buyer"),
    "outlives what cannot be taken back": signed(
        sub="b1", kind="buyer", exp=SOON + timedelta(days=32)
    ),
    "lives for ever": signed(sub="b1", kind="buyer", exp=10**30),
    "not before another hour": signed(sub="b1", kind="buyer", exp=SOON, nbf=SOON),
    "an end that is no time": signed(sub="b1", kind="buyer", exp="soon"),
    "no kind": signed(sub="b1", exp=SOON),
    "nobody": signed(kind="buyer", exp=SOON),
    "an empty buyer": signed(sub="", kind="buyer", exp=SOON),
    "too long a buyer": signed(sub="x" * 65, kind="buyer", exp=SOON),
    "another kind": signed(sub="b1", kind="agent", exp=SOON),
    "a visitor as a buyer": signed(sub="visitor:1", kind="buyer", exp=SOON),
    "unsigned": str(jwt.encode({"sub": "b1", "kind": "buyer", "exp": SOON}, None, "none")),
}


@pytest.mark.parametrize("flaw", REFUSED)
def test_all_else_is_refused(flaw: str) -> None:
    with pytest.raises(BadToken):
        tokens().read(REFUSED[flaw])


@pytest.mark.parametrize("days", [179, 181])
def test_a_visitors_token_ends_by_the_clock_of_the_house(days: int) -> None:
    token, who = tokens().for_visitor(NOW)
    house = Tokens(SECRET, clock=lambda: NOW + timedelta(days=days))
    if days < 180:
        assert house.read(token) == who
    else:
        with pytest.raises(BadToken):
            house.read(token)
