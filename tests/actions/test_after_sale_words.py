"""What certain words of an after-sale message are taken for, and what they are not."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering.form import wants_to_stop
from actions.frame.chat import Chat
from actions.hearing.pointing import words_shared
from actions.returns.return_reading import reason_said
from bot.nlu.entities import CUE, NO_CUE
from bot.nlu.phrases import PATTERNS, PhraseBook, read_patterns

_CUES = PhraseBook(phrase for phrase in read_patterns(PATTERNS) if phrase.entity == CUE)


class _NoShop:
    """These words are read without a look into the shop."""


def _chat(text: str, intent: str = "inform") -> Chat:
    cues = [
        {"entity": one.entity, "value": one.value, "start": one.start, "end": one.end}
        for one in _CUES.find_each(text, hiding=NO_CUE)
    ]
    message = {"text": text, "intent": {"name": intent}, "entities": cues}
    tracker = Tracker("c", {}, message, [], False, None, {}, "action_listen")
    return Chat(CollectingDispatcher(), tracker, _NoShop())  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["算了,不退了", "不换了", "那就不改了吧", "不开票了", "不查了"])
def test_a_no_to_the_deed_leaves_the_form(text: str) -> None:
    assert wants_to_stop(_chat(text, "return_request"))


@pytest.mark.parametrize("text", ["算了", "先不弄了", "不用了"])
def test_a_plain_no_leaves_the_form(text: str) -> None:
    assert wants_to_stop(_chat(text, "deny"))


@pytest.mark.parametrize(
    "text", ["不退了,换货吧", "不换了,直接退", "算了还是退吧", "不喜欢", "尺码不对"]
)
def test_another_way_or_a_reason_does_not_leave_the_form(text: str) -> None:
    assert not wants_to_stop(_chat(text, "deny"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("鞋子太紧了", "size"),
        ("拉链坏了", "defect"),
        ("你们发错颜色了", "wrong_item"),
        ("就是不喜欢", "no_reason"),
        ("嗯", None),
    ],
)
def test_a_reason_is_read_from_plain_words(text: str, reason: str | None) -> None:
    said = reason_said(_chat(text))
    assert (said.value if said else None) == reason


def test_a_name_is_shared_by_its_words() -> None:
    assert words_shared("轻途背包不要了", "轻途22升背包") > words_shared(
        "轻途背包不要了", "小溪28升背包"
    )
