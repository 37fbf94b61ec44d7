"""docs/intents.md keeps to the data: each example is learned under the intent of its column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.nlu.labels import catalogue_intent
from bot.nlu.training_lines import TRAINING_DATA, training_files, training_lines

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "intents.md"
PAIRS = 3


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def borders(page: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The intents of each table, and its rows of examples."""
    for block in page.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        if rows:
            yield [cell.strip("`") for cell in cells(rows[0])], [cells(row) for row in rows[2:]]


BORDERS = list(borders(PAGE.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def learned() -> dict[str, set[str]]:
    """The catalogue's intents under which each training line stands."""
    found = defaultdict(set)
    for line in training_lines(training_files(ROOT / TRAINING_DATA)):
        found[line.text].add(catalogue_intent(line.intent))
    return dict(found)


@pytest.mark.parametrize(
    ("intents", "rows"), BORDERS, ids=[" ".join(intents) for intents, _ in BORDERS]
)
def test_what_stands_in_a_column_is_learned_under_its_intent(
    intents: list[str], rows: list[list[str]], learned: dict[str, set[str]]
) -> None:
    stray = {
        (intent, example): learned.get(example)
        for row in rows
        for intent, example in zip(intents, row, strict=True)
        if learned.get(example) != {intent}
    }
    assert stray == {}


def test_every_border_has_its_three_pairs() -> None:
    assert BORDERS
    assert [intents for intents, rows in BORDERS if len(intents) < 2 or len(rows) != PAIRS] == []
