"""What is asked of a release, what it goes through, and how it is trained."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.publishing import replay, scores
from bot.publishing.compared import Compared
from bot.publishing.conversing import Played
from bot.publishing.replay import Line
from bot.training.kinds import Kind
from bot.training.made_here import times_further
from bot.training.refusals import Refused, demand_further

FURTHER_IN_A_ROW = 20  # models; then one is trained from nothing, so that no drift adds up


class Checks(Protocol):
    """What a release goes through; `bot.publishing.steps` has the real ones."""

    def look(self) -> Sequence[str]:
        """What is wrong with the trainers' files, a line each."""

    def compare(
        self,
        *,
        old: Path | None,
        new: Path,
        tests: Path,
        lines: Sequence[Line],
        same_rules: bool = False,
    ) -> Compared: ...

    def can_play(self) -> bool: ...

    def play(self, model: Path, only: Sequence[str] = ()) -> Played: ...


@dataclass(frozen=True, kw_only=True)
class Wanted:
    by: str
    kind: Kind | None = None  # None: from the last model on, where only sentences are other
    margin: float = scores.MARGIN
    accepted: Collection[str] = ()  # intents and conversations that may become worse
    days: int = 7
    most: int = replay.MOST
    gently: bool = True
    share: float | None = None  # of chats that it answers beside the model in use; None: all


def kind_of(wanted: Wanted, root: Path, models: Path) -> Kind:
    """From the last model on, where nothing but sentences is other. Raises Refused where that was
    asked for and cannot be."""
    if wanted.kind is Kind.FURTHER:
        demand_further(root, models)
    if wanted.kind is not None:
        return wanted.kind
    if times_further(models) >= FURTHER_IN_A_ROW:
        return Kind.FULL
    try:
        demand_further(root, models)
    except Refused:
        return Kind.FULL
    return Kind.FURTHER
