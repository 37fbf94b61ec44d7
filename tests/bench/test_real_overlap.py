"""What counts as standing too close to a real buyer's line, in every form the real files have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.real_overlap import NearLines, overlaps, pairs

SHORT = "怎么寄回去呀"
LONG = "我昨天买的那个杯子盖子拧不紧一直漏水"


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / name).write_text(text, encoding="utf-8")


def found(folder: Path, *lines: str) -> list[str]:
    training = folder / "lines.yml"
    training.write_text("".join(f"    - {line}\n" for line in lines), encoding="utf-8")
    return list(overlaps([training], folder))


def turn(who: str, text: str) -> dict[str, str]:
    return {"who": who, "text": text}


@pytest.mark.parametrize(
    "row",
    [
        {"text": SHORT, "intent": "return_policy"},
        {"code": "x", "turns": [turn("seller", "您好"), turn("buyer", SHORT)]},
        {"text": "嗯", "before": [turn("buyer", SHORT)]},
    ],
    ids=["text", "turns", "before"],
)
def test_a_buyers_line_is_found_wherever_it_stands(tmp_path: Path, row: dict[str, Any]) -> None:
    write(tmp_path, "some.jsonl", row)
    assert len(found(tmp_path, SHORT)) == 1


def test_what_the_seller_said_is_nobodys_line(tmp_path: Path) -> None:
    write(tmp_path, "some.jsonl", {"turns": [turn("seller", SHORT)]})
    assert found(tmp_path, SHORT) == []


def test_of_unlabelled_lines_only_long_ones_count(tmp_path: Path) -> None:
    write(tmp_path, "unlabelled.jsonl", {"text": SHORT}, {"text": LONG})
    assert len(found(tmp_path, SHORT, LONG, LONG + "啊")) == 2


def test_a_line_that_stands_in_a_labelled_file_too_counts_in_full(tmp_path: Path) -> None:
    write(tmp_path, "dev.jsonl", {"text": SHORT})
    write(tmp_path, "unlabelled.jsonl", {"text": SHORT})
    assert len(found(tmp_path, SHORT)) == 1


def test_a_row_of_a_new_form_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "new.jsonl", {"lines": [SHORT]})
    with pytest.raises(ValueError, match="a row with no text"):
        found(tmp_path, SHORT)


def test_the_index_finds_what_comparing_all_with_all_finds() -> None:
    """The few rarest pairs must lose nothing: checked on every cut of a line."""
    lines = {LONG[start:end] for start in range(6) for end in range(start + 8, len(LONG) + 1)}
    near = NearLines(lines)
    for line in lines:
        mine = pairs(line)
        all_with_all = {
            other for other in lines if len(mine & pairs(other)) >= 0.7 * len(mine | pairs(other))
        }
        assert set(near.like(line)) == all_with_all
