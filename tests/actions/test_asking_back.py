"""Half sure: what may become a button, and how a trainer's own question gets its words."""

from __future__ import annotations

from dataclasses import replace

from actions.fallback import _TITLE_BESIDE, meant_buttons
from actions.turn import Turn

TURN = Turn(
    conversation_id="c1",
    buyer_id="visitor:1",
    signed_in=False,
    asker="visitor:1",
    request_id="r1.0",
    channel="web",
    product_in_view=None,
    people_are_in=True,
    people_back_text="",
    text="那个呢",
    intent="nlu_half_sure",
    entities=(),
    ranking=("ask_price", "stock_check"),
    chances=(0.4, 0.3),
    in_form=None,
    requested_slot=None,
    came_after="action_listen",
)


def titles(turn: Turn) -> list[str]:
    return [button["title"] for button in meant_buttons(turn)]


def test_the_person_is_offered_once() -> None:
    turn = replace(TURN, ranking=("ask_human", "ask_price"), chances=(0.4, 0.3))
    assert titles(turn) == ["问价格", "找人工客服"]


def test_an_intent_without_title_is_no_button() -> None:
    turn = replace(TURN, ranking=("faq/ask_the_moon", "ask_price"), chances=(0.4, 0.3))
    assert titles(turn) == ["问价格", "找人工客服"]


def test_what_is_hardly_likely_is_no_button() -> None:
    turn = replace(TURN, chances=(0.4, 0.02))
    assert titles(turn) == ["问价格", "找人工客服"]


def test_a_title_may_stand_beside_the_intent() -> None:
    text = "nlu:\n- intent: faq/ask_wrapping\n  metadata: {title: 问礼盒包装}\n  examples: |\n    - a\n"
    assert _TITLE_BESIDE.findall(text) == [("faq/ask_wrapping", "问礼盒包装")]


def test_only_the_first_wish_of_a_burst_is_asked_about() -> None:
    assert TURN.is_first_of_burst
    assert not replace(TURN, request_id="r1.2").is_first_of_burst
