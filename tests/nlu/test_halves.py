"""Half sentences: the table that a trainer edits, and what is learned from it."""

from pathlib import Path

import pytest

from bot.dialogue.table_file import TableError
from bot.nlu.halves import HALVES, Halves, halves_taught, read_halves
from bot.nlu.training_lines import TRAINING_DATA, training_files, training_lines

TABLE = """
how_long:
  lines: [多久, 要几天]
  means:
    same: [ask_ship_time]
    refund_status: [return_request]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "halves.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_our_table_names_intents_that_have_examples() -> None:
    labels = {line.intent for line in training_lines(training_files(TRAINING_DATA))}
    kinds = read_halves(HALVES, labels)
    assert len(kinds) > 15
    for kind in kinds:
        assert len(kind.lines) == len(set(kind.lines)), kind.name
        assert len(set(kind.means.values())) > 1, f"{kind.name} is clear alone: data/nlu"


def test_no_half_sentence_is_an_example_of_one_intent() -> None:
    half = {line for kind in read_halves() for line in kind.lines}
    lines = training_lines(training_files(TRAINING_DATA))
    assert {line.text for line in lines if line.text in half} == set()


def test_same_means_the_wish_before(tmp_path: Path) -> None:
    (kind,) = read_halves(written(tmp_path, TABLE))
    assert kind.means == {"ask_ship_time": "ask_ship_time", "return_request": "refund_status"}


def test_a_line_is_learned_under_every_meaning_and_behind_every_wish() -> None:
    kind = Halves(
        name="how_long",
        lines=("多久",),
        means={"ask_ship_time": "ask_ship_time", "return_request": "refund_status"},
    )
    texts = ["哪天发货", "我要退货", "钱退了吗"]
    taught = halves_taught([kind], texts, ["ask_ship_time", "return_request", "refund_status"])
    assert set(taught) == {
        ("多久", "ask_ship_time"),
        ("多久", "refund_status"),
        ("哪天发货\n多久", "ask_ship_time"),
        ("我要退货\n多久", "refund_status"),
    }


def test_intents_without_examples_are_left_out() -> None:
    kind = Halves(name="how_long", lines=("多久",), means={"ask_ship_time": "ask_ship_time"})
    assert halves_taught([kind], ["你好"], ["greet"]) == []


def test_no_table_is_no_half_sentence(tmp_path: Path) -> None:
    assert read_halves(tmp_path / "none.yml") == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (TABLE.replace("refund_status", "refund_stats"), "refund_status"),
        (TABLE.replace("[return_request]", "[ask_ship_time]"), "写了两次"),
        ("how_long:\n  lines: [多久]\n", "means"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(TableError, match=said):
        read_halves(written(tmp_path, wrong), {"ask_ship_time", "return_request", "refund_status"})
