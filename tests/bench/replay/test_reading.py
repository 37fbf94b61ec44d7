"""Dialogues are read in their form, and what is wrong is named with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.replay.__main__ import SAMPLE
from bench.replay.reading import (
    Facts,
    NothingToFill,
    Unreadable,
    filled,
    read_dialogues,
)

ROW: dict[str, Any] = {
    "code": "A1",
    "source": "own",
    "orders": None,
    "turns": [{"who": "buyer", "text": "在不在呀"}],
}
FACTS = Facts(orders=("6801", "6802"), parcels=("7501",), phone="138", name="鹿晓晓")


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "some.jsonl"
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text(f"{text}\n", encoding="utf-8")
    return path


def refusal(folder: Path, *rows: Any) -> str:
    with pytest.raises(Unreadable) as refused:
        read_dialogues(written(folder, *rows))
    return str(refused.value)


def test_who_says_what_with_which_orders_is_read(tmp_path: Path) -> None:
    turns = [
        {"who": "buyer", "text": "单子 {o}", "wish": "order_status"},
        {"who": "seller", "text": ""},
        {"who": "buyer", "text": "嗯", "intent": ["affirm", "thank"]},
    ]
    path = written(
        tmp_path, ROW, "", {**ROW, "code": "A2", "orders": [{"status": "paid"}], "turns": turns}
    )
    first, second = read_dialogues(path)
    assert (first.code, first.orders, first.buyers_lines) == ("A1", None, 1)
    assert second.orders == ({"status": "paid"},)
    assert [(line.who, line.wish) for line in second.lines] == [
        ("buyer", ("order_status",)),
        ("seller", ()),
        ("buyer", ("affirm", "thank")),
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "no JSON"),
        ("[]", "write an object"),
        ({**ROW, "extra": 1}, "unknown extra"),
        ({**ROW, "code": "../x"}, "code: write a short name"),
        ({**ROW, "source": ""}, "source: write"),
        ({**ROW, "orders": {}}, "or null for a visitor"),
        ({key: value for key, value in ROW.items() if key != "orders"}, "orders: write a list"),
        ({**ROW, "turns": "x"}, "turns: write a list"),
        ({**ROW, "turns": [{"who": "seller", "text": "在"}]}, "no line is a buyer's"),
        ({**ROW, "turns": [{"who": "bot", "text": "在"}]}, "turn 1: who is buyer or seller"),
        ({**ROW, "turns": [{"who": "buyer", "text": " "}]}, "turn 1: text: write what was said"),
        ({**ROW, "turns": [{"who": "buyer", "text": "在", "wish": 3}]}, "turn 1: wish: write"),
        ({**ROW, "turns": [{"who": "buyer", "text": "在", "x": 3}]}, "turn 1: unknown x"),
    ],
    ids=[
        "json",
        "list",
        "column",
        "code",
        "source",
        "orders",
        "no-orders",
        "turns",
        "no-buyer",
        "who",
        "text",
        "wish",
        "turn-column",
    ],
)
def test_what_is_no_dialogue_is_named_with_its_line(tmp_path: Path, row: Any, told: str) -> None:
    problem = refusal(tmp_path, {**ROW, "code": "B0"}, row)
    assert problem.startswith("some.jsonl:2: ")
    assert told in problem


def test_all_wrong_lines_are_told_at_once(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, "{", ROW, ROW, "[]").splitlines()) == 3


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "some.jsonl:1: the file is empty" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{o}和{o2}", "6801和6802"),
        ("单号{t}", "单号7501"),
        ("{n}，{p}", "鹿晓晓，138"),
        ("花括号{x}{}照抄", "花括号{x}{}照抄"),
    ],
    ids=["orders", "parcel", "buyer", "others"],
)
def test_placeholders_are_filled(text: str, wanted: str) -> None:
    assert filled(text, FACTS) == wanted


@pytest.mark.parametrize("text", ["{o3}", "{t2}", "{o0}"])
def test_what_is_not_there_is_not_filled_with_nothing(text: str) -> None:
    with pytest.raises(NothingToFill, match=text):
        filled(text, FACTS)


def test_a_visitor_has_no_phone() -> None:
    with pytest.raises(NothingToFill):
        filled("{p}", Facts())


def test_our_own_dialogues_are_in_the_form() -> None:
    assert [one.code for one in read_dialogues(SAMPLE)] == ["S01", "S02", "S03"]
