"""What price a buyer names, apiece, from what the reader finds in the words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.bargaining.bargaining import asked_price
from actions.frame.turn import Turn
from bot.nlu.catalogue import Catalogue
from bot.nlu.components.extractor import ShopEntityExtractor
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise

RULES = EntityRules()
NO_GOODS = Catalogue("none", ())


def said(text: str, entities: list[dict[str, object]] | None = None) -> Turn:
    read = normalise(text)
    if entities is None:
        found = RULES.find(read, date(2026, 11, 21), NO_GOODS)
        entities = [ShopEntityExtractor.told(one) for one in found]
    return Turn(
        conversation_id="c", buyer_id="visitor:c", signed_in=False, asker="c", request_id="r",
        channel="test", product_in_view=None, people_are_in=True, people_back_text="", text=read,
        intent="bargain", entities=tuple(entities), ranking=(), chances=(), in_form=None,
        requested_slot=None, came_after="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "price", "quantity", "asked"),
    [
        ("便宜点", 39900, 1, None),
        ("350卖不卖", 39900, 1, 35000),
        ("少20块吧", 39900, 1, 37900),
        ("少20吧", 39900, 1, 37900),
        ("能优惠50吗", 39900, 1, 34900),
        ("便宜到300行吗", 39900, 1, 30000),
        ("两双700行不", 39900, 2, 35000),
        ("一双300拿两双", 39900, 2, 30000),
        ("九折行吗", 39900, 1, 35910),
        ("打八五折", 40000, 1, 34000),
        ("8折卖我", 40000, 1, 32000),
        ("半價賣我", 40000, 1, 20000),
        ("抹个零吧", 39900, 1, 39000),
        ("抹個零吧", 39900, 1, 39000),
        ("抹个零吧", 39000, 1, None),
        ("350", 39900, 1, 35000),
        ("3", 39900, 1, None),
        ("￥455hKdWxYz￥ 再便宜点", 46900, 1, None),
    ],
)
def test_the_buyers_own_figure_is_read_apiece(
    text: str, price: int, quantity: int, asked: int | None
) -> None:
    assert asked_price(said(text), price, quantity) == asked


@given(
    money=st.integers(1, 10**7),
    role=st.sampled_from([None, "off", "apiece", "for_all", "budget"]),
    price=st.integers(100, 10**6),
    quantity=st.integers(1, 50),
)
def test_a_named_sum_is_never_read_as_a_negative_price(
    money: int, role: str | None, price: int, quantity: int
) -> None:
    turn = said("少点", [{"entity": "money", "value": money, "role": role}])
    asked = asked_price(turn, price, quantity)
    assert asked is not None and asked >= 0
