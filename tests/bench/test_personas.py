"""The buyers of bench/personas can be played, and a wrong file says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.personas import Unusable, as_dialogue, read_personas, sheet
from bench.replay.reading import _dialogue

GOOD = "- {code: X1, who: w, goal: g, temper: t, knows: k, types: y, lines: [你好, 在吗]}\n"


def test_sixty_buyers_of_every_type_can_be_played() -> None:
    personas = read_personas()
    assert len(personas) >= 60
    assert len({one.kind for one in personas}) == 11
    for one in personas:
        assert _dialogue(as_dialogue(one)).buyers_lines == len(one.lines)


def test_the_sheet_has_a_place_for_each_reply(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(GOOD, encoding="utf-8")
    assert "| X1 |" in sheet(read_personas(tmp_path))
    assert "_ _ |" in sheet(read_personas(tmp_path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code: X1\n", "write a list"),
        ("- {code: X1, who: w}\n", "buyer 1"),
        (GOOD.replace("types", "typing"), "types"),
        (GOOD.replace("[你好, 在吗]", "[]"), "lines"),
        (GOOD + GOOD, "twice"),
    ],
)
def test_a_wrong_file_says_what_to_write(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    with pytest.raises(Unusable, match=told):
        read_personas(tmp_path)
