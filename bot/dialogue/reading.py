"""Decides what a line means: alone, behind the buyer's last wish, and after what the shop said.

The chances of both readings and the table's levels are added as log odds. A sure line barely
moves; a line that says little leans on its situation, the more the shorter it is. Courtesies are
heard before the matter goes on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.dialogue.expected import Level, Row, Table
from bot.dialogue.situations import COURTESIES
from bot.dialogue.weights import Weights

Ranking = tuple[tuple[str, float], ...]  # full intent labels with chances, likeliest first

FAINTEST = 0.002  # smaller chances, or none told, say nothing more against an intent
_UNIT = re.compile(r"[A-Za-z0-9]+|[^\W_]")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What is known of one line before it is decided."""

    alone: Ranking  # the line read by itself
    behind: Ranking | None = None  # read behind the buyer's last wish; None = no matter is open
    told: tuple[str, ...] = ()  # what the shop said last (`situations`); () = unknown, or nothing
    shop: Ranking | None = None  # the shop's last words read as if a line; None = not known
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
    leaning = weights.short / (weights.short + heard.length)
    open_to = leaning * left_open(heard.alone, weights)
    intents = candidates(heard, [*spoken, *rows])
    alone, shop = _odds(heard.alone), _odds(heard.shop if heard.told else None)
    here = {
        intent: alone(intent)
        + leaning * _bonus(intent, rows, weights)
        + weights.spoken * _bonus(intent, spoken, weights)
        + open_to * weights.shop * shop(intent)
        for intent in intents
    }
    behind = _odds(heard.behind)
    scores = {
        intent: odds + open_to * weights.behind * behind(intent) for intent, odds in here.items()
    }
    if heard.behind is not None and heard.matter in scores:
        scores[heard.matter] += open_to * weights.matter
    ranking = _chances(scores)
    first = ranking[0][0]
    return Decision(
        ranking=ranking,
        row=_heaviest(first, [*spoken, *rows], weights),
        behind=heard.behind is not None and _first(here) != first,
    )


def meaning_length(text: str) -> int:
    """Characters that carry meaning: no punctuation, and a number or Latin word counts as one."""
    return len(_UNIT.findall(text))


def candidates(heard: Heard, rows: Sequence[Row]) -> list[str]:
    """What the line may be: readings name their likeliest intents only, and the table others."""
    named = [intent for intent, _ in (*heard.alone, *(heard.behind or ()))]
    expected = [
        intent
        for row in rows
        for intent, level in row.levels.items()
        if level is not Level.UNLIKELY
    ]
    return list(dict.fromkeys([*named, *expected]))


def left_open(alone: Ranking, weights: Weights) -> float:
    """How much a line hears of the words before it, which are not its own: little where it is a
    courtesy, which answers the shop, and less where it is sure by itself."""
    courtesy = sum(chance for intent, chance in alone if intent in COURTESIES)
    doubt = math.sqrt(max(0.0, 1.0 - alone[0][1]))
    return max(0.0, 1.0 - courtesy) * (weights.sure + (1.0 - weights.sure) * doubt)


def _odds(ranking: Ranking | None) -> Callable[[str], float]:
    """Log odds of an intent; nothing is said of any where there is no reading."""
    if ranking is None:
        return lambda _: 0.0
    chances = dict(ranking)
    return lambda intent: math.log(max(chances.get(intent, 0.0), FAINTEST))


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
