"""What price a buyer names, apiece, from words and a sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.bargaining import asked_price


@pytest.mark.parametrize(
    ("text", "money", "price", "quantity", "asked"),
    [
        ("便宜点", None, 39900, 1, None),
        ("350卖不卖", 35000, 39900, 1, 35000),
        ("少20块吧", 2000, 39900, 1, 37900),
        ("能优惠50吗", 5000, 39900, 1, 34900),
        ("两双700行不", 70000, 39900, 2, 35000),
        ("九折行吗", None, 39900, 1, 35910),
        ("打八五折", None, 40000, 1, 34000),
        ("8折卖我", None, 40000, 1, 32000),
        ("抹个零吧", None, 39900, 1, 39000),
        ("抹个零吧", None, 39000, 1, None),
    ],
)
def test_the_buyers_own_figure_is_read_apiece(
    text: str, money: int | None, price: int, quantity: int, asked: int | None
) -> None:
    assert asked_price(text, money, price, quantity) == asked


@given(money=st.integers(1, 10**7), price=st.integers(100, 10**6), quantity=st.integers(1, 50))
def test_a_named_sum_is_never_read_as_a_negative_price(
    money: int, price: int, quantity: int
) -> None:
    asked = asked_price("少点", money, price, quantity)
    assert asked is not None and asked >= 0
