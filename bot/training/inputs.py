"""What a model is made of, and what of it has changed since the last training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

MARK = ".complete"  # in the folder of models: touched when a full training is done
# The tables of the dialogue and the word lists are read at start and when they are saved; a model is
# learned from one of them only.
_READ_AT_START = ("data/dialogue", "data/patterns", "data/measured/situation.json")
_LEARNED_FROM = "data/dialogue/halves.yml"
# What counts as soon as it is saved (bot.engine.live).
_LIVE = ("data/nlu", "data/replies")


def inputs(root: Path) -> Iterator[Path]:
    yield root / _LEARNED_FROM
    yield from (root / "domain.yml", root / "config.yml")
    for folder in ("data", "bot/nlu"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and not _is_read_at_start(path, root):
                yield path


def changed(root: Path, models: Path) -> list[Path] | None:
    """Files that are newer than the last full training; None where none was ever done."""
    try:
        trained = (models / MARK).stat().st_mtime
    except FileNotFoundError:
        return None
    return [path for path in inputs(root) if _is_newer(path, trained)]


def is_live(path: Path, root: Path) -> bool:
    """Whether a change to this file counts without a training."""
    return path.relative_to(root).as_posix().startswith(_LIVE)


def _is_read_at_start(path: Path, root: Path) -> bool:
    return path.relative_to(root).as_posix().startswith(_READ_AT_START)


def _is_newer(path: Path, trained: float) -> bool:
    try:
        return path.stat().st_mtime > trained
    except FileNotFoundError:
        return False
