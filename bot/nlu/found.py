"""What entity rules find, and who wins where two of them want the same characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Found:
    """An entity in a normalised text; `value` is JSON and in the units of docs/understanding.md."""

    entity: str
    value: Any
    start: int
    end: int
    alternative: tuple[str, Any] | None = None  # what a bare number may mean instead
    details: tuple[tuple[str, Any], ...] = ()  # what stands beside the value: ("role", "off")

    def with_detail(self, name: str, value: Any) -> Found:
        return replace(self, details=(*self.details, (name, value)))

    def overlaps(self, other: Found) -> bool:
        return self.start < other.end and other.start < self.end

    def moved(self, by: int) -> Found:
        return replace(self, start=self.start + by, end=self.end + by)


class Claims:
    """Characters already spoken for: rules run from the surest to the vaguest."""

    def __init__(self) -> None:
        self.found: list[Found] = []

    def add(self, candidates: Iterable[Found]) -> None:
        """Takes the candidates whose characters are free; the longest first among themselves."""
        for one in sorted(candidates, key=lambda one: (one.start - one.end, one.start)):
            if not any(one.overlaps(other) for other in self.found):
                self.found.append(one)

    def is_free(self, start: int, end: int) -> bool:
        return not any(start < one.end and one.start < end for one in self.found)

    def masked(self, text: str) -> str:
        """The text with claimed characters replaced by \\0, so that later rules skip them."""
        characters = list(text)
        for one in self.found:
            characters[one.start : one.end] = "\0" * (one.end - one.start)
        return "".join(characters)
