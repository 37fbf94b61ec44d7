"""What a model is made of, and what of it has changed since the last training."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

_CODE = Path(__file__).resolve().parents[2]

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


def basis(root: Path) -> str:
    """Hash of all that a model is made of but sentences and replies: with the same one, and other
    sentences, only the classifier is another. Raises OSError."""
    digest = hashlib.sha256()
    own = [one for one in inputs(root) if not is_live(one, root) and not _is_code(one, root)]
    code = sorted((_CODE / "bot" / "nlu").rglob("*.py"))
    for folder, files in ((root, filter(Path.is_file, own)), (_CODE, code)):
        for path in files:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _is_code(path: Path, root: Path) -> bool:
    return path.relative_to(root).as_posix().startswith("bot/")


def _is_read_at_start(path: Path, root: Path) -> bool:
    return path.relative_to(root).as_posix().startswith(_READ_AT_START)


def _is_newer(path: Path, trained: float) -> bool:
    try:
        return path.stat().st_mtime > trained
    except FileNotFoundError:
        return False
