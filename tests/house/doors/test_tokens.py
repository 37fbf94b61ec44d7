"""Whose chat a token opens."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
import pytest

from bot.channels.tokens import BadToken, Tokens

SECRET = "s" * 48
SOON = datetime.now(timezone.utc) + timedelta(hours=1)


def signed(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    return str(jwt.encode(claims, secret, algorithm=algorithm))


def test_a_visitor_is_not_signed_in() -> None:
    tokens = Tokens(SECRET)
    token, who = tokens.for_visitor(datetime.now(timezone.utc))
    assert tokens.read(token) == who
    assert not who.signed_in


def test_a_shop_signs_its_buyers_by_itself() -> None:
    who = Tokens(SECRET).read(signed(sub="b1", kind="buyer", exp=SOON))
    assert (who.buyer_id, who.signed_in) == ("b1", True)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "\ud83d",
        signed(secret="t" * 48, sub="b1", kind="buyer", exp=SOON),
        signed(sub="b1", kind="buyer", exp=SOON - timedelta(hours=2)),
        signed(sub="b1", kind="buyer"),
        signed(sub="b1", exp=SOON),
        signed(kind="buyer", exp=SOON),
        signed(sub="", kind="buyer", exp=SOON),
        signed(sub="x" * 65, kind="buyer", exp=SOON),
        signed(sub="b1", kind="agent", exp=SOON),
        signed(sub="visitor:1", kind="buyer", exp=SOON),
        str(jwt.encode({"sub": "b1", "kind": "buyer", "exp": SOON}, None, algorithm="none")),
    ],
)
def test_all_else_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        Tokens(SECRET).read(token)
