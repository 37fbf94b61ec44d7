"""Several goods in one message: which pieces are told apart, and which line a change means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actions.frame.turn import Turn
from actions.hearing.order_lines import SaidLine, is_several, said_lines
from actions.ordering.ordering import ValidateOrderForm
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise
from bot.nlu.phrases import PATTERNS
from bot.nlu.today import today
from tests.support.talk import Talk


@pytest.fixture(scope="module")
def rules(seeded: Path) -> EntityRules:
    """The shop's words are in use, as `seeded` has put them."""
    assert seeded.exists()
    return EntityRules(PATTERNS)


def _turn(rules: EntityRules, line: str, intent: str = "inform") -> Turn:
    found = rules.find(normalise(line), today())
    told = [
        {"entity": one.entity, "value": one.value, "start": one.start, **dict(one.details)}
        for one in found
    ]
    return Turn(
        conversation_id="t", buyer_id="visitor:t", signed_in=False, asker="t", request_id="t",
        channel="web", product_in_view=None, people_are_in=True, people_back_text="", text=line,
        intent=intent, entities=tuple(told), ranking=(), chances=(), in_form=None,
        requested_slot=None, came_after="",
    )  # fmt: skip


BOOT, SOCK, GLOVE = ("product", "boot-qiyun"), ("kind", "袜子"), ("product", "glove-xueling")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("42一双43一双", [(None, None, "42", 1), (None, None, "43", 1)]),
        ("38和39各一双 黑色", [(None, None, "38", 1), (None, "黑色", "39", 1)]),
        ("38和39各两双", [(None, None, "38", 2), (None, None, "39", 2)]),
        ("两件黑XL和一件军绿L", [(None, "黑色", "XL", 2), (None, "军绿", "L", 1)]),
        ("42的两双加一双袜子", [(None, None, "42", 2), (SOCK, None, None, 1)]),
        (
            "手套黑色L一双 袜子黑色L两双",
            [(GLOVE, "黑色", "L", 1), (SOCK, "黑色", "L", 2)],
        ),
        ("我穿38 他穿43 一共两双", [(None, None, "38", 1), (None, None, "43", 1)]),
        ("黑色的栖云和灰色手套", [(BOOT, "黑色", None, None), (GLOVE, "灰色", None, None)]),
        ("要黑色42两双", [(None, "黑色", "42", 2)]),
    ],
)
def test_pieces_are_told_apart(rules: EntityRules, line: str, expected: list[Any]) -> None:
    found = said_lines(_turn(rules, line))
    assert [(one.goods, one.colour, one.size, one.quantity) for one in found] == expected


@pytest.mark.parametrize(
    "line", ["42一双43一双", "38和39各一双", "黑的和灰的各一件", "栖云42和手套L"]
)
def test_they_are_wanted_side_by_side(rules: EntityRules, line: str) -> None:
    turn = _turn(rules, line)
    assert is_several(turn, said_lines(turn))


@pytest.mark.parametrize(
    "line", ["43那双改成44", "38还是39", "黑的换成灰的", "42两双", "有38和39吗", "栖云换成手套"]
)
def test_one_instead_of_the_other_is_no_second_line(rules: EntityRules, line: str) -> None:
    turn = _turn(rules, line)
    assert not is_several(turn, said_lines(turn))


def test_what_a_line_does_not_say_stays_open() -> None:
    assert SaidLine() == SaidLine(goods=None, gender=None, colour=None, size=None, quantity=None)


# -- in the form


def _line(product: str, colour: str, size: str, quantity: int = 1) -> dict[str, Any]:
    return {"product": product, "colour": colour, "size": size, "quantity": quantity}


@pytest.fixture
def talk(talk_of: Callable[..., Talk]) -> Talk:
    talk = talk_of(None)
    talk.slots |= {
        "order_product": "boot-qiyun",
        "order_colour": "黑色",
        "order_size": "42",
        "order_quantity": 1,
        "order_more": [_line("boot-qiyun", "黑色", "43"), _line("sock-yangrong", "黑色", "L", 2)],
        "order_name": "王芳",
        "order_phone": "13800138000",
        "order_address": "浙江省杭州市西湖区文三路1号",
        "product_in_talk": "boot-qiyun",
        "requested_slot": "order_confirmed",
    }
    return talk


def _lines(talk: Talk) -> list[str]:
    slots, more = talk.slots, list(talk.slots.get("order_more") or [])
    work = {name: slots[f"order_{name}"] for name in ("product", "colour", "size", "quantity")}
    more.insert(int(slots.get("order_at") or 0), work)
    return [f"{one['product']} {one['colour']}{one['size']} x{one['quantity']}" for one in more]


BEFORE = ["boot-qiyun 黑色42 x1", "boot-qiyun 黑色43 x1", "sock-yangrong 黑色L x2"]


@pytest.mark.parametrize(
    ("intent", "told", "after"),
    [
        ("change_order", {"size": ["43", "44"], "cue": "change"}, {1: "boot-qiyun 黑色44 x1"}),
        ("change_order", {"ordinal": 2, "colour": "卡其"}, {1: "boot-qiyun 卡其43 x1"}),
        ("change_order", {"kind": "袜子", "quantity": 3}, {2: "sock-yangrong 黑色L x3"}),
        ("inform", {"size": "43", "quantity": 2}, {1: "boot-qiyun 黑色43 x2"}),
        ("inform", {"size": "M"}, {2: "sock-yangrong 黑色M x2"}),  # no boot comes in M
    ],
)
async def test_a_change_goes_to_the_line_it_means(
    talk: Talk, intent: str, told: dict[str, Any], after: dict[int, str]
) -> None:
    talk.slots["order_size"] = "42"
    if after.get(1) == "boot-qiyun 卡其43 x1":
        talk.slots["order_more"][0]["size"] = "42"
        talk.slots["order_size"] = "41"
        expected = ["boot-qiyun 黑色41 x1", "boot-qiyun 卡其42 x1", BEFORE[2]]
    else:
        expected = [after.get(place, line) for place, line in enumerate(BEFORE)]
    await talk.hears(ValidateOrderForm(), intent, "改", form="order_form", **told)
    assert _lines(talk) == expected


@pytest.mark.parametrize(
    ("told", "gone"),
    [({"kind": "袜子"}, 2), ({"size": "43"}, 1), ({"ordinal": 1}, 0)],
)
async def test_what_is_wanted_no_more_leaves_and_the_others_stay(
    talk: Talk, told: dict[str, Any], gone: int
) -> None:
    heard = await talk.hears(
        ValidateOrderForm(), "return_request", "不要了", form="order_form", **told
    )
    assert heard.replies == ["utter_line_left_out"]
    assert _lines(talk) == [line for place, line in enumerate(BEFORE) if place != gone]


async def test_where_it_may_be_several_lines_it_is_asked_which(talk: Talk) -> None:
    heard = await talk.hears(
        ValidateOrderForm(), "change_order", "改成44", form="order_form", size="44", cue="change"
    )
    assert heard.replies == ["utter_which_of_lines"] and len(heard.buttons) == 2
    assert _lines(talk) == BEFORE


async def test_a_question_about_other_pieces_changes_nothing(talk: Talk) -> None:
    await talk.hears(ValidateOrderForm(), "stock_check", "44有吗", form="order_form", size="44")
    assert _lines(talk) == BEFORE
