"""`python -m bot ask`: what a line is taken for, from where, and a file of lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.trainer.ask_command import CannotRead, lines_of, write_rows
from bot.trainer.trying import Told, Trying, as_text
from bot.trainer.whence import Whence

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def trying(engine: object, settings: Settings) -> Iterator[Trying]:
    """`engine` marks what needs a trained model."""
    found = Trying(settings, ROOT)
    yield found
    found.close()


async def told(trying: Trying, line: str) -> Told:
    await trying.open()
    return (await trying.say(line))[0]


async def test_a_line_is_told_with_intent_margin_examples_values_and_reply(trying: Trying) -> None:
    trying.forget()
    one = await told(trying, "栖云登山鞋有38的么")
    assert one.intent == "stock_check"
    assert 0 < one.margin <= 1 and one.second
    assert {"entity": "size", "value": "38"} in one.entities
    assert one.nearest[0].intent == "stock_check" and (ROOT / one.nearest[0].file).is_file()
    assert any(near.intent != "stock_check" for near in one.nearest)
    assert one.rule.startswith("data/stories/stock.yml:") and one.action == "action_check_stock"
    name, place, text = one.replies[0]
    assert name.startswith("utter_") and place.startswith("data/replies/") and text
    shown = as_text([one])
    assert "stock_check" in shown and "size=38" in shown and place in shown


async def test_the_row_that_decided_is_named_with_its_line(trying: Trying) -> None:
    trying.forget()
    trying.stand_in("told_parcel")
    one = await told(trying, "那几点")
    assert one.situation == ("told_parcel",)
    if one.decided_at:
        file, _, line = one.decided_at.partition(":")
        assert (ROOT / file).is_file() and int(line) > 0


async def test_the_talk_goes_on_and_can_be_forgotten(trying: Trying) -> None:
    trying.forget()
    await told(trying, "到新疆邮费多少")
    assert trying.memory
    trying.forget()
    assert trying.memory == ""


def test_a_situation_nothing_leads_to_is_refused(trying: Trying) -> None:
    with pytest.raises(KeyError):
        trying.stand_in("nowhere")


def test_the_row_of_a_table_is_found_by_its_line() -> None:
    place = Whence(ROOT).row("data/dialogue/expected.yml:told_parcel")
    file, _, line = place.partition(":")
    written = (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert written.strip().startswith("told_parcel:")


def test_lines_come_from_text_csv_and_json_lines(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("有38的么\n\n 包邮吗 \n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("﻿消息,别的\n有38的么,1\n", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"message": "有38的么"}\n', encoding="utf-8")
    assert list(lines_of(tmp_path / "a.txt")) == ["有38的么", "包邮吗"]
    assert list(lines_of(tmp_path / "a.csv")) == ["有38的么"]
    assert list(lines_of(tmp_path / "a.jsonl")) == ["有38的么"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "话\n有货吗\n".encode(), "message"),
        ("a.jsonl", b'{"message": "a"}\nnonsense\n', ":2: "),
        ("a.txt", "有货吗".encode("gbk"), "UTF-8"),
        ("none.txt", None, "没有找到"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    name: str, content: bytes | None, words: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CannotRead, match=words):
        list(lines_of(tmp_path / name))


ROW = Told(
    message="=1+1", intent="inform", confidence=0.5, second="deny", margin=0.1, ranking=(),
    entities=({"entity": "size", "value": "38"},), situation=("told_stock",), question="", matter="",
    decided_by="这句话本身", decided_at="", rule="", action="", nearest=(), outcome="answered",
    replies=(("utter_x", "a.yml:1", "好"),),
)  # fmt: skip


def test_rows_are_written_for_excel_without_formulas_and_as_json_lines(tmp_path: Path) -> None:
    write_rows(tmp_path / "out.csv", [ROW, replace(ROW, message="有货吗")])
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["message"] for row in rows] == ["'=1+1", "有货吗"]
    assert rows[0]["entities"] == "size=38" and rows[0]["replies"] == "好"
    write_rows(tmp_path / "out.jsonl", [ROW])
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["message"] == "=1+1"
