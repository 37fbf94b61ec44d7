"""Half sure: what may become a button, and how a trainer's own question gets its words."""

from __future__ import annotations

from dataclasses import replace

from actions.deciding.fallback import meant
from actions.frame.intent_titles import _TITLE_BESIDE, intent_titles
from actions.frame.turn import Turn
from bot.dialogue.matter import Matter

TURN = Turn(
    conversation_id="c1",
    buyer_id="visitor:1",
    signed_in=False,
    asker="visitor:1",
    request_id="r1.0",
    turn_id="r1",
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


DELAY = Matter(intent="logistics_delay", text="怎么还没到", values={})


def titles(turn: Turn, matter: Matter | None = None) -> list[str]:
    return [intent_titles()[intent] for intent in meant(turn, matter)]


def test_a_person_is_no_choice() -> None:
    turn = replace(TURN, ranking=("ask_human", "ask_price", "stock_check"), chances=(0.4, 0.3, 0.2))
    assert titles(turn) == ["问价格", "问有没有货"]


def test_one_wish_alone_is_asked_about_where_it_is_rather_likely() -> None:
    assert titles(replace(TURN, chances=(0.4, 0.02))) == ["问价格"]
    assert titles(replace(TURN, chances=(0.3, 0.02))) == []
    assert titles(replace(TURN, ranking=("faq/ask_the_moon", "ask_price"))) == []


def test_the_open_matter_is_one_of_the_choices() -> None:
    assert titles(TURN, DELAY) == ["问价格", "催发货催快递"]
    assert titles(TURN, DELAY.settled()) == ["问价格", "问有没有货"]


def test_a_title_may_stand_beside_the_intent() -> None:
    text = "nlu:\n- intent: faq/ask_wrapping\n  metadata: {title: 问礼盒包装}\n  examples: |\n    - a\n"
    assert _TITLE_BESIDE.findall(text) == [("faq/ask_wrapping", "问礼盒包装")]


def test_only_the_first_wish_of_a_burst_is_asked_about() -> None:
    assert TURN.is_first_of_burst
    assert not replace(TURN, request_id="r1.2").is_first_of_burst
