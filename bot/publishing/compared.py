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
