"""What a release is made of: a copy that nobody edits while it is trained and tried."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

_FILES = ("domain.yml", "config.yml")
_FOLDERS = ("data",)
_BESIDE = ("tests/sentences",)  # it is tried with these; they are no part of the model

Marks = Mapping[str, str]  # file below the root → SHA-256


def marks_of(root: Path) -> Marks:
    """Of every file that a model is trained on. Raises OSError."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _inputs(root)
    }


def data_hash(marks: Marks) -> str:
    told = "".join(f"{file}\0{mark}\n" for file, mark in sorted(marks.items()))
    return hashlib.sha256(told.encode()).hexdigest()


def changed(before: Marks, now: Marks) -> list[str]:
    """Files that are new, other or gone."""
    return sorted(
        file for file in {*before, *now} if before.get(file) != now.get(file)
    )  # fmt: skip


def copy(root: Path, place: Path) -> None:
    """Raises OSError."""
    place.mkdir()
    for folder in (*_FOLDERS, *_BESIDE):
        if (root / folder).is_dir():
            shutil.copytree(root / folder, place / folder)
    for file in _FILES:
        shutil.copyfile(root / file, place / file)


def _inputs(root: Path) -> Iterator[Path]:
    yield from (root / file for file in _FILES)
    for folder in _FOLDERS:
        yield from (
            path
            for path in sorted((root / folder).rglob("*"))
            if path.is_file() and path.suffix not in (".half", ".pyc", ".swp")
        )
