"""Decides what a line means: alone, behind the buyer's last wish, and after what the shop said.

The chances of both readings and the table's levels are added as log odds. A sure line barely
moves; a line that says little leans on its situation, the more the shorter it is. Courtesies are
heard before the matter goes on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.expected import Level, Row, Table
from bot.dialogue.situations import COURTESIES
from bot.dialogue.weights import Weights

Ranking = tuple[tuple[str, float], ...]  # full intent labels with chances, likeliest first

FAINTEST = 0.002  # smaller chances say nothing more against an intent
_UNIT = re.compile(r"[A-Za-z0-9]+|[^\W_]")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What is known of one line before it is decided."""

    alone: Ranking  # the line read by itself
    behind: Ranking | None = None  # read behind the buyer's last wish; None = no matter is open
    told: tuple[str, ...] = ()  # what the shop said last (`situations`); () = unknown, or nothing
    matter: str = ""  # intent of the last wish, "" = none
    values: frozenset[str] = frozenset()  # names of the entities found in the line
    length: int = 0  # characters that carry meaning


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the line is taken for, and why."""

    ranking: Ranking  # combined chances; they add up to 1, the first is the decided intent
    row: str  # the table's row that weighed most for it; "" = none spoke for it
    behind: bool  # the reading behind the last wish decided: the line continues the matter


def decide(heard: Heard, table: Table, weights: Weights) -> Decision:
    """Without a situation, a matter and a row for what it holds the line alone is unchanged."""
    rows, spoken = table.rows(heard.told, heard.matter), table.spoken(heard.values)
    if not heard.alone or not (heard.told or heard.behind or spoken):
        return Decision(ranking=heard.alone, row="", behind=False)
    alone = {intent: math.log(max(chance, FAINTEST)) for intent, chance in heard.alone}
    leaning = weights.short / (weights.short + heard.length)
    here = {
        intent: odds + leaning * _bonus(intent, rows, weights) + _bonus(intent, spoken, weights)
        for intent, odds in alone.items()
    }
    further = _continued(heard, leaning, weights)
    scores = {intent: odds + further.get(intent, 0.0) for intent, odds in here.items()}
    ranking = _chances(scores)
    first = ranking[0][0]
    return Decision(
        ranking=ranking,
        row=_heaviest(first, [*spoken, *rows], weights),
        behind=bool(further) and _first(here) != first,
    )


def meaning_length(text: str) -> int:
    """Characters that carry meaning: no punctuation, and a number or Latin word counts as one."""
    return len(_UNIT.findall(text))


def _continued(heard: Heard, leaning: float, weights: Weights) -> dict[str, float]:
    """Log odds by intent from the reading behind the last wish: that wish's words are in it.

    So it says little of a courtesy, which answers the shop, and of a line that is sure alone.
    """
    if heard.behind is None:
        return {}
    courtesy = sum(chance for intent, chance in heard.alone if intent in COURTESIES)
    leaning *= (1.0 - courtesy) * math.sqrt(1.0 - heard.alone[0][1])
    odds = {
        intent: leaning * weights.behind * math.log(max(chance, FAINTEST))
        for intent, chance in heard.behind
    }
    if heard.matter in odds:
        odds[heard.matter] += leaning * weights.matter
    return odds


def _worth(level: Level | None, weights: Weights) -> float:
    if level is Level.VERY_LIKELY:
        return weights.very_likely
    if level is Level.LIKELY:
        return weights.likely
    return weights.unlikely if level is Level.UNLIKELY else 0.0


def _bonus(intent: str, rows: Sequence[Row], weights: Weights) -> float:
    """The most that a row gives: what any of them expects is expected."""
    return max((_worth(row.level_of(intent), weights) for row in rows), default=0.0)


def _heaviest(intent: str, rows: Sequence[Row], weights: Weights) -> str:
    worth, name = max(
        ((_worth(row.level_of(intent), weights), row.name) for row in rows),
        key=lambda one: one[0],
        default=(0.0, ""),
    )
    return name if worth > 0 else ""


def _first(scores: dict[str, float]) -> str:
    return max(scores, key=lambda intent: scores[intent])


def _chances(scores: dict[str, float]) -> Ranking:
    top = max(scores.values())
    powers = {intent: math.exp(odds - top) for intent, odds in scores.items()}
    total = sum(powers.values())
    return tuple(
        (intent, power / total)
        for intent, power in sorted(powers.items(), key=lambda one: one[1], reverse=True)
    )
