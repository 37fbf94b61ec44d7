"""What must be trained before the house can open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.training.__main__ import needed_to_open
from bot.training.inputs import MARK
from bot.training.kinds import Kind


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose one whole model is newer than all it is made of."""
    for file in ("data/nlu/a.yml", "data/replies/a.yml", "data/stories/a.yml", "domain.yml",
                 "config.yml", "bot/nlu/a.py", "data/dialogue/said.yml", "data/dialogue/halves.yml",
                 "models/20270101.tar.gz"):  # fmt: skip
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (100, 100))
    mark = tmp_path / "models" / MARK
    mark.touch()
    os.utime(mark, (200, 200))
    return tmp_path


def needed(root: Path) -> Kind | None:
    return needed_to_open(root, root / "models")


def save(root: Path, file: str) -> None:
    os.utime(root / file, (300, 300))


def test_with_a_model_of_all_that_is_there_nothing(root: Path) -> None:
    assert needed(root) is None


@pytest.mark.parametrize("file", ["data/nlu/a.yml", "data/replies/a.yml"])
def test_lines_and_replies_count_at_once(root: Path, file: str) -> None:
    save(root, file)
    assert needed(root) is None


@pytest.mark.parametrize("file", ["data/dialogue/said.yml"])
def test_what_is_read_at_start_needs_none(root: Path, file: str) -> None:
    save(root, file)
    assert needed(root) is None


@pytest.mark.parametrize(
    "file",
    ["data/stories/a.yml", "domain.yml", "config.yml", "bot/nlu/a.py", "data/dialogue/halves.yml"],
)
def test_what_is_learned_needs_a_whole_training(
    root: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    save(root, file)
    assert needed(root) is Kind.FULL
    assert file in capsys.readouterr().out


def test_a_model_without_a_mark_is_of_nobody_knows_what(root: Path) -> None:
    (root / "models" / MARK).unlink()
    assert needed(root) is Kind.FULL


def test_on_a_bare_machine_a_small_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "models" / MARK).unlink()
    (root / "models" / "20270101.tar.gz").rename(root / "models" / "first-20270101.tar.gz")
    assert needed(root) is None  # the whole one is trained beside the open house
    (root / "models" / "first-20270101.tar.gz").unlink()
    assert needed(root) is Kind.QUICK
    assert "自动换上" in capsys.readouterr().out
