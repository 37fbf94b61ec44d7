"""What came of a wish, and what is not said a second time."""

from __future__ import annotations

from bot.dialogue.files import Replies
from bot.dialogue.outcome import Outcome, Told, outcome_of, said_twice

REPLIES = Replies(
    courteous=frozenset({"utter_all_right", "utter_offer_person"}),
    asked_back=frozenset({"utter_did_you_mean"}),
    not_understood=frozenset({"utter_not_understood"}),
    always=frozenset({"utter_ask_order_confirmed"}),
)
THERE = Told("utter_in_stock", "39", "39码有货")
THERE_IN_OTHER_WORDS = Told("utter_in_stock", "39", "39码有现货哦")
SIZE = Told("utter_ask_order_size", "-", "您穿多大码？")
PLEASE = Told("utter_all_right", "-", "好的亲")
SUMMARY = Told("utter_ask_order_confirmed", "1", "合计99元，对吗？")


def outcome(*told: Told, before: tuple[Told, ...] = (), handed_over: bool = False) -> Outcome:
    return outcome_of(told, before, REPLIES, handed_over=handed_over)


def test_something_new_is_an_answer() -> None:
    assert outcome(THERE) is Outcome.ANSWERED
    assert outcome(SIZE, THERE, before=(SIZE,)) is Outcome.ANSWERED


def test_the_same_in_other_words_is_a_repetition() -> None:
    assert outcome(THERE_IN_OTHER_WORDS, before=(THERE,)) is Outcome.REPEATED
    assert outcome(THERE_IN_OTHER_WORDS, PLEASE, before=(THERE,)) is Outcome.REPEATED
    assert Outcome.REPEATED.is_fruitless


def test_a_summary_is_shown_as_often_as_it_is_needed() -> None:
    assert outcome(SUMMARY, before=(SUMMARY,)) is Outcome.ANSWERED


def test_politeness_is_no_answer_and_no_repetition() -> None:
    assert outcome(PLEASE, before=(PLEASE,)) is Outcome.COURTESY
    assert not Outcome.COURTESY.is_fruitless


def test_what_brings_a_person_counts_first() -> None:
    assert outcome(THERE, handed_over=True) is Outcome.HANDED_OVER
    assert outcome(Told("utter_offer_person", "-", "要请同事吗")) is Outcome.OFFERED_PERSON
    assert outcome() is Outcome.SILENT


def test_not_understood_and_asked_back_are_fruitless() -> None:
    assert outcome(Told("utter_did_you_mean", "-", "您是说")) is Outcome.ASKED_BACK
    assert outcome(Told("utter_not_understood", "-", "没听懂"), SIZE) is Outcome.NOT_UNDERSTOOD


def test_a_sentence_heard_before_is_left_out_where_something_new_stands_beside_it() -> None:
    assert said_twice((THERE, SIZE), (SIZE,), REPLIES) == {SIZE.text}
    assert said_twice((SIZE,), (SIZE,), REPLIES) == frozenset()
    assert said_twice((PLEASE, SIZE), (SIZE,), REPLIES) == frozenset()
    assert said_twice((THERE, SUMMARY, PLEASE), (SUMMARY, PLEASE), REPLIES) == frozenset()
