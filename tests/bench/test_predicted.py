"""The figure of the first six: what counts as held, and how shares are told. No model."""

from __future__ import annotations

import pytest

from bench.predicted import EVERYBODY, Tried, _holds, table


def tried(**more: bool | None) -> Tried:
    known = {"has_orders": False, "predicted": False, "on_page": None, "for_everybody": False}
    return Tried(code="X", text="在吗", asked=frozenset(("bargain",)), **{**known, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "asked", "holds"),
    [
        (("bought", "on_the_way"), "track_parcel", True),
        (("newcomer",), "track_parcel", False),
        (("newcomer", "on_product"), "bargain", True),
    ],
)
def test_what_the_six_hold(facts: tuple[str, ...], asked: str, holds: bool) -> None:
    assert _holds(frozenset(facts), frozenset((asked,)), "") is holds


@pytest.mark.parametrize(
    ("text", "holds"), [("配料有啥", False), ("掉色不掉色", False), ("这鞋防水不", True)]
)
def test_one_thing_of_the_goods_is_held_by_its_own_question(text: str, holds: bool) -> None:
    facts, asked = frozenset(("newcomer", "on_product")), frozenset(("ask_product",))
    assert _holds(facts, asked, text, ("waterproof", "origin")) is holds


def test_everybody_is_offered_what_a_stranger_is() -> None:
    assert _holds(EVERYBODY, frozenset(("ask_promotion",)), "")


def test_the_page_counts_where_a_product_is_named() -> None:
    rows = table([tried(on_page=True), tried(predicted=True), tried(has_orders=True)]).splitlines()
    assert rows[1].split() == ["all", "3", "33", "%", "67", "%", "0", "%"]
    assert rows[2].split()[:3] == ["with", "orders", "1"]


def test_without_buyers_there_is_no_share() -> None:
    assert "–" in table([])
