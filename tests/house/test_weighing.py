"""A second telling takes other words; a third brings a person."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.outcome import Outcome
from bot.engine.weighing import STILL_SO, STUCK, Weighed, Weighing
from tests.support.house import ROOT

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
CARD = BotUttered(data={"custom": {"card": {"type": "parcel"}}})


def told(text: str, response: str = "utter_parcel_in_transit", **values: str) -> BotUttered:
    return BotUttered(text=text, metadata={"utter_action": response, **values})


def weighed(*turns: list[Event], fruitless: int | None = None) -> Weighed:
    events: list[Event] = [ActionExecuted("action_listen")]
    for turn in turns:
        events += [UserUttered("那几点"), *turn, ActionExecuted("action_listen")]
    tracker = DialogueStateTracker.from_events("c", events, DOMAIN.slots)
    if fruitless:
        tracker.slots["fruitless"].value = fruitless
    return Weighing().weigh(tracker, has_handed_over=False)


def test_the_same_in_other_words_is_said_once_more() -> None:
    again = weighed([CARD, told("明天到", day="1")], [CARD, told("预计明天到", day="1")])
    assert (again.outcome, again.left_out, again.instead) == (Outcome.REPEATED, frozenset(), ())


def test_word_for_word_a_person_is_offered_instead() -> None:
    again = weighed([told("明天到", day="1")], [told("明天到", day="1")])
    assert again.takes_back  # cards and all
    assert again.instead == (STILL_SO, STUCK)
    assert again.hand_over is None


def test_the_third_time_a_person_is_fetched() -> None:
    again = weighed([told("明天到", day="1")], [told("预计明天到", day="1")], fruitless=2)
    assert again.hand_over is not None


def test_another_value_is_another_answer() -> None:
    other = weighed([told("39码有货", size="39")], [told("40码有货", size="40")])
    assert other.outcome is Outcome.ANSWERED


def test_what_was_told_before_a_person_came_is_another_talk() -> None:
    handed = told("这就转给同事", "utter_handing_over")
    once_more = weighed([told("明天到", day="1"), handed], [told("明天到", day="1")])
    assert once_more.outcome is Outcome.ANSWERED
