"""What two models made of the same sentence tests and real lines."""

from __future__ import annotations

from dataclasses import dataclass

from bot.publishing.replay import Answer
from bot.publishing.scores import Score


@dataclass(frozen=True, kw_only=True)
class Compared:
    """`before` is None where no model was in use."""

    sentences_before: dict[str, Score] | None
    sentences_after: dict[str, Score]
    replies_before: list[Answer] | None
    replies_after: list[Answer]
    answered: (
        int  # of the lines; the others are read as before, so that they are answered as before
    )
    # Conversation tests in which a line is read otherwise, and of how many; None: all depend on it.
    talks: tuple[str, ...] | None = None
    talks_of: int = 0
