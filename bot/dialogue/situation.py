"""The situation a line is said in: a value, known before the line is read."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.matter import Matter


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything empty: the talk begins."""

    told: tuple[str, ...] = ()  # what our last words leave behind (data/dialogue/said.yml)
    words: str = ""  # the end of our last words, normalised
    question: str = ""  # what was asked last outside a form
    form: str = ""  # the open form
    asked: str = ""  # the slot that the form asked for
    matter: Matter | None = None
    parked: Matter | None = None  # the one before it, not settled
    asked_about: Matter | None = None  # 您是说「…」吗 was asked of it, and is open
    fruitless: int = 0  # turns in a row that brought the buyer nothing new

    @property
    def open_matter(self) -> Matter | None:
        """The matter, unless the buyer closed it."""
        return None if self.matter is None or self.matter.is_settled else self.matter
