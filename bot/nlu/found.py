"""What entity rules find, and who wins where two of them want the same characters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol


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


class Named(Protocol):
    """What the shop calls its goods, `text` normalised."""

    @property
    def text(self) -> str: ...
    @property
    def entity(self) -> str: ...
    @property
    def value(self) -> str: ...


class Laid:
    """What was found, by the characters it stands on: a question costs the length of what is asked
    about, and not the number of what was found in a text that says the same a hundred times."""

    def __init__(self, found: Iterable[Found] = ()) -> None:
        self._on: defaultdict[int, list[Found]] = defaultdict(list)
        for one in found:
            for at in range(one.start, one.end):
                self._on[at].append(one)

    def over(self, one: Found) -> list[Found]:
        """What shares a character with it, each once."""
        if not self._on:
            return []
        on = (it for at in range(one.start, one.end) for it in self._on.get(at, ()))
        return list({id(it): it for it in on}.values())


class Claims:
    """Characters already spoken for: rules run from the surest to the vaguest."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self._taken: set[int] = set()

    def add(self, candidates: Iterable[Found]) -> None:
        """Takes the candidates whose characters are free; the longest first among themselves."""
        for one in sorted(candidates, key=lambda one: (one.start - one.end, one.start)):
            places = range(one.start, one.end)
            if self._taken.isdisjoint(places):
                self._taken.update(places)
                self.found.append(one)

    def masked(self, text: str) -> str:
        """The text with claimed characters replaced by \\0, so that later rules skip them."""
        characters = list(text)
        for at in self._taken:
            characters[at] = "\0"
        return "".join(characters)


def just_before(text: str, at: int, most: int = 24) -> str:
    """The last characters before a place; what ends there is looked for in them alone."""
    return text[max(0, at - most) : at]
