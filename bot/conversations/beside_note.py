"""What the bot says while a person is waited for: what it is sure of, and nothing that begins a form."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from bot.dialogue.outcome import Outcome
from bot.engine.turns import TurnResult

_SAID = frozenset([Outcome.ANSWERED.value, Outcome.REPEATED.value])
_POLITE = Outcome.COURTESY.value


class Fit(Enum):
    SAID = "said"  # the buyer is told it
    LEFT = "left"  # the person's: what the bot would have said is a suggestion
    QUIET = "quiet"  # nothing was asked: 好的, 谢谢


def fit(result: TurnResult) -> Fit:
    """Of a turn that was thought while somebody waits for a person."""
    if result.hand_over is not None or result.is_in_form:
        return Fit.LEFT
    outcomes = {one.outcome for one in result.understood}
    if not outcomes or outcomes == {_POLITE}:
        return Fit.QUIET if outcomes else Fit.SAID
    return Fit.SAID if outcomes <= {*_SAID, _POLITE} else Fit.LEFT


def suggested(result: TurnResult) -> TurnResult:
    """What of it an agent is shown: no apology, and no announcement of the agent."""
    if result.hand_over is None:
        return result
    return replace(result, replies=(), follow_ups=())
