"""The figures, on transcripts written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.replay.figures import count
from bench.replay.judging import Ending, Judged, Sign, judge, read_kinds
from bench.replay.reading import Dialogue, Facts, Line
from bench.replay.report import NoFigures, clear, read, side_by_side, table, write
from bench.replay.setting_up import Caller
from bench.replay.transcript import Bubble, Choice, Heard, Question, Transcript, Turn
from tests.support.house import ROOT

PERSON = Choice(title="找人工", intent="ask_human")
STOCK = Choice(title="问有没有货", intent="stock_check")
POSTAGE = Choice(title="问运费", intent="ask_postage")
ASK = Question(form="return_form", slot="return_photos")


def transcript(*turns: dict[str, Any], code: str = "A1", source: str = "own") -> Transcript:
    played = tuple(Turn(line=at, said="话", **turn) for at, turn in enumerate(turns, 1))
    lines = tuple(Line(who="buyer", text="话") for _ in turns)
    dialogue = Dialogue(code=code, source=source, orders=None, lines=lines)
    caller = Caller(buyer_id="visitor:a", signed_in=False, facts=Facts())
    return Transcript(dialogue=dialogue, caller=caller, turns=played)


def says(*responses: str, **turn: Any) -> dict[str, Any]:
    """A turn of these responses, each with its own name as words."""
    return {"bubbles": tuple(Bubble(text=name, response=name) for name in responses), **turn}


def asks_back(*choices: Choice, **turn: Any) -> dict[str, Any]:
    bubble = Bubble(text="哪一个", response="utter_did_you_mean", buttons=choices)
    return {"bubbles": (bubble,), **turn}


def judged(*turns: dict[str, Any]) -> list[Judged]:
    return judge(transcript(*turns))


def with_sign(sign: Sign, turns: list[Judged]) -> list[int]:
    return [one.line for one in turns if sign in one.signs]


@pytest.mark.parametrize(
    ("turn", "ending"),
    [
        (says("utter_stock"), Ending.ANSWERED),
        (asks_back(STOCK, POSTAGE, PERSON), Ending.ASKED_BACK),
        (says("utter_not_understood_here", "utter_ask_photos"), Ending.NOT_UNDERSTOOD),
        (says("utter_calm", "utter_offer_person"), Ending.OFFERED_A_PERSON),
        (says("utter_handing_over", handed_over="asked"), Ending.HANDED_OVER),
        ({}, Ending.SILENT),
    ],
    ids=["answered", "asked", "not-understood", "offered", "handed-over", "silent"],
)
def test_a_turn_ends_in_one_way(turn: dict[str, Any], ending: Ending) -> None:
    assert [one.ending for one in judged(turn)] == [ending]


def test_a_person_is_no_real_button() -> None:
    turns = judged(asks_back(STOCK, PERSON), asks_back(STOCK, POSTAGE, PERSON))
    assert with_sign(Sign.ONE_BUTTON, turns) == [1]


def test_second_and_later_ask_backs_are_counted() -> None:
    asking = asks_back(STOCK, POSTAGE, PERSON)
    turns = judged(asking, says("utter_stock"), asking, asking)
    assert with_sign(Sign.ASKED_BACK_AGAIN, turns) == [3, 4]


def test_a_sentence_said_again_is_a_repetition_and_a_courtesy_is_none() -> None:
    turns = judged(
        says("utter_stock", "utter_all_right"), says("utter_all_right"), says("utter_stock")
    )
    assert with_sign(Sign.REPEATED, turns) == [3]


def test_cards_without_words_repeat_nothing() -> None:
    card = {"bubbles": (Bubble(card={"type": "order"}, response="utter_order"),)}
    assert with_sign(Sign.REPEATED, judged(card, card)) == []


def test_a_question_put_again_behind_an_answer_is_tagged() -> None:
    turns = judged(
        says("utter_sorry", "utter_ask_photos", open_after=ASK),  # the form begins
        says("utter_postage", "utter_ask_photos", open_before=ASK, open_after=ASK),
        says("utter_ask_photos", open_before=ASK, open_after=ASK),  # no answer before it
        says("utter_postage", "utter_card", open_before=ASK, open_after=ASK),  # stays in silence
        says("utter_noted", "utter_ask_remedy", open_before=ASK),  # another question
    )
    assert with_sign(Sign.TAGGED, turns) == [2]


def test_a_question_by_another_name_is_known_from_having_been_put() -> None:
    turns = judged(
        says("utter_offered_remedy", open_after=ASK),
        says("utter_postage", "utter_offered_remedy", open_before=ASK, open_after=ASK),
    )
    assert with_sign(Sign.TAGGED, turns) == [2]


def test_troubles_are_seen() -> None:
    turns = judged(
        says("utter_trouble", handed_over="trouble"),
    )
    assert with_sign(Sign.TROUBLE, turns) == [1]


def test_a_labelled_wish_is_looked_for_in_first_choice_and_buttons() -> None:
    heard = (
        Heard(
            text="话",
            intent="nlu_half_sure",
            confidence=0.4,
            ranking=(("faq/ask_color", 0.4), ("ask_postage", 0.3)),
        ),
    )
    faq = Choice(title="实物有色差吗", intent="faq/ask_color")
    turns = judged(
        asks_back(faq, POSTAGE, PERSON, heard=heard, wish=("ask_color",)),
        asks_back(faq, POSTAGE, PERSON, heard=heard, wish=("ask_postage",)),
        says("utter_stock", heard=heard, wish=("stock_check", "ask_color")),
        asks_back(STOCK, PERSON, heard=heard, wish=("bargain",)),
        asks_back(STOCK, PERSON, heard=heard),
    )
    assert with_sign(Sign.LABELLED, turns) == [1, 2, 3, 4]
    assert with_sign(Sign.FIRST_CHOICE, turns) == [1, 3]
    assert with_sign(Sign.LABELLED_ASKED_BACK, turns) == [1, 2, 4]
    assert with_sign(Sign.AMONG_BUTTONS, turns) == [1, 2]


def two_dialogues() -> list[Judged]:
    plain, handed = says("utter_stock"), says("utter_handing_over", handed_over="asked")
    return [
        *judge(transcript(*[plain] * 6, code="A1", source="jd")),
        *judge(transcript(handed, plain, handed, code="A2", source="taobao")),
    ]


def test_turns_are_counted_by_source_and_by_place() -> None:
    figures = count(two_dialogues())
    assert {name: group["turns"] for name, group in figures.items()} == {
        "all": 9,
        "jd": 6,
        "taobao": 3,
        "line 1": 2,
        "lines 2-4": 5,
        "line 5": 1,
        "later": 1,
    }
    assert figures["all"]["handed over"] == 2
    assert (figures["all"]["dialogues"], figures["all"]["dialogues handed over"]) == (2, 1)


def test_every_turn_ends_once() -> None:
    for group in count(two_dialogues()).values():
        assert sum(group[ending.value] for ending in Ending) == group["turns"]


def test_the_table_gives_shares_of_turns_and_of_dialogues() -> None:
    rows = table(count(two_dialogues())).splitlines()
    assert rows[0] == "|  | all | jd | taobao | line 1 | lines 2-4 | line 5 | later |"
    assert any(row.startswith("| handed over | 2 (22 %) | 0 (0 %) | 2 (67 %)") for row in rows)
    assert any(row.startswith("| dialogues handed over | 1 (50 %)") for row in rows)
    assert not any("labelled" in row for row in rows)


def test_figures_are_read_back_and_set_side_by_side(tmp_path: Path) -> None:
    old, new = count(two_dialogues()), count(two_dialogues()[:6])
    write(tmp_path, {"seed": 1}, old)
    about, back = read(tmp_path)
    assert (about, back) == ({"seed": 1}, old)
    rows = side_by_side(back, new).splitlines()
    assert "| turns | 9 | 6 | -3 |" in rows
    assert "| handed over | 2 (22 %) | 0 (0 %) | -2 |" in rows


def test_only_a_folder_of_an_earlier_replay_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "A1.txt").write_text("", encoding="utf-8")
    clear(tmp_path)
    assert (tmp_path / "A1.txt").exists()
    write(tmp_path, {}, {})
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_figure_that_the_older_file_lacks_is_a_dash() -> None:
    assert "| turns | – | 3 | +3 |" in side_by_side({"all": {}}, {"all": {"turns": 3}})


@pytest.mark.parametrize("content", ["", "[]", '{"about": {}}'], ids=["empty", "list", "half"])
def test_another_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NoFigures, match=r"other\.json: no figures of a replay"):
        read(path)


def test_responses_of_a_kind_exist() -> None:
    existing: set[str] = set()
    for path in sorted((ROOT / "data" / "replies").glob("*.yml")):
        existing |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].keys()
    kinds = read_kinds()
    named = frozenset().union(*vars(kinds).values())
    assert named <= existing
