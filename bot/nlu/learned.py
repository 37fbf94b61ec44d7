"""Which lines a model has learned: what is on disk and not among these is new to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_FILE, _VOTING = "learned.npy", "voting.npy"


@dataclass(frozen=True)
class Learned:
    """Marks of lines with their labels; the lines themselves are not kept."""

    marks: frozenset[int]
    voting: frozenset[int] = frozenset()
    """Learned in passing (`further`): they go on voting until everything is trained."""

    @classmethod
    def of(cls, lines: Iterable[tuple[str, str]]) -> Learned:
        """`lines`: (text without entity marks, full label)."""
        return cls(frozenset(mark_of(text, label) for text, label in lines))

    def knows(self, text: str, label: str) -> bool:
        return mark_of(text, label) in self.marks

    def votes(self, text: str, label: str) -> bool:
        """Whether the line votes beside the model."""
        mark = mark_of(text, label)
        return mark not in self.marks or mark in self.voting

    def save(self, folder: Path) -> None:
        for name, marks in ((_FILE, self.marks), (_VOTING, self.voting)):
            np.save(folder / name, np.array(sorted(marks), dtype=np.uint64))

    @classmethod
    def load(cls, folder: Path) -> Learned | None:
        """None for a model of the days before this was kept."""
        if not (folder / _FILE).exists():
            return None
        voting = folder / _VOTING
        return cls(_marks_in(folder / _FILE), _marks_in(voting) if voting.exists() else frozenset())


def _marks_in(file: Path) -> frozenset[int]:
    return frozenset(np.load(file, allow_pickle=False).tolist())


def mark_of(text: str, label: str) -> int:
    """64 bits of a line with its label; blanks do not count."""
    told = f"{label}\0{''.join(text.split())}".encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big")
