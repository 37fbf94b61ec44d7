"""A second telling takes other words; a third brings a person."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.outcome import Outcome
from bot.engine.repeating import NO_WORD_OF, STILL_SO
from bot.engine.weighed import STUCK, Weighed
from bot.engine.weighing import Weighing
from tests.support.house import ROOT

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
CARD = BotUttered(data={"custom": {"card": {"type": "parcel"}}})


def told(text: str, response: str = "utter_parcel_in_transit", **values: str) -> BotUttered:
    return BotUttered(text=text, metadata={"utter_action": response, **values})


def weighed(
    *turns: list[Event],
    fruitless: int | None = None,
    lines: Sequence[str] = (),
    last: str = "track_parcel",
    cue: str = "",
) -> Weighed:
    """`lines`: what the buyer said, where it is not the same each time; `last`: the last one's intent."""
    events: list[Event] = [ActionExecuted("action_listen")]
    for place, turn in enumerate(turns):
        is_last = place == len(turns) - 1
        text = lines[place] if lines else "那几点"
        entities = [{"entity": "cue", "value": cue}] if cue and is_last else []
        intent = {"name": last if is_last else "track_parcel"}
        events += [UserUttered(text, intent, entities), *turn, ActionExecuted("action_listen")]
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


def test_another_question_with_the_same_answer_is_owned_up_to_by_its_words() -> None:
    again = weighed(
        [told("明天到", day="1")],
        [told("明天到", day="1")],
        lines=("东西走到哪了", "司机会不会先打电话"),
        fruitless=1,
    )
    assert again.instead == (NO_WORD_OF, STUCK)
    assert again.values == {"asked": "司机会不会先打电话"}


def test_the_very_same_in_longer_words_is_the_same() -> None:
    again = weighed(
        [told("明天到", day="1")],
        [told("明天到", day="1")],
        lines=("东西走到哪了", "我那个东西走到哪了呀"),
        fruitless=1,
    )
    assert again.instead == (STILL_SO, STUCK)


def test_what_puts_right_never_hears_that_this_was_all() -> None:
    again = weighed(
        [told("明天到", day="1")],
        [told("预计明天到", day="1")],
        lines=("东西走到哪了", "不是 我问东西走到哪了能不能改"),
        cue="not",
    )
    assert again.instead[-1] == STUCK
    assert STILL_SO not in again.instead


def test_a_nod_fetches_nobody() -> None:
    again = weighed(
        [told("明天到", day="1")],
        [told("明天到", day="1")],
        lines=("东西走到哪了", "好哒"),
        last="affirm",
        fruitless=2,
    )
    assert (again.instead, again.hand_over) == (("utter_all_right",), None)


def test_a_complaint_that_goes_on_is_the_same_matter() -> None:
    again = weighed(
        [told("明天到", day="1")],
        [told("明天到", day="1")],
        lines=("东西走到哪了", "都第三天了还没到"),
        fruitless=1,
    )
    assert again.instead == (STILL_SO, STUCK)


def test_a_complaint_in_other_words_is_not_said_back_as_a_question() -> None:
    again = weighed(
        [told("明天到", day="1")],
        [told("明天到", day="1")],
        lines=("东西走到哪了", "你们咋一直不动呢"),
        last="logistics_delay",
        fruitless=1,
    )
    assert again.instead == (STILL_SO, STUCK)
