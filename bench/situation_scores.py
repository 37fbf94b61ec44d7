"""What the situation mends and breaks: the same real lines read bare and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.nlu_scores import APART
from bench.situation import CONTEXT, ROOT, WRITTEN, ContextRow, hear, judge, read_context
from bot.dialogue.expected import EXPECTED, Table, read_table
from bot.dialogue.reading import Heard, decide
from bot.dialogue.weights import MEASURED, Weights, read_weights
from bot.nlu.entities import EntityRules
from bot.nlu.model_files import load_trained
from bot.nlu.thresholds import Judged, Thresholds
from bot.nlu.words import LEXICON, Words, lexicon_files


@dataclass(frozen=True)
class Side:
    """Shares between 0 and 1, of lines in scope: first choice right, and what is acted upon."""

    right: float
    right_hard: float  # cannot be read alone
    right_easy: float  # can
    offered: float  # right among the first three
    acted: float
    acted_right: float  # of those acted upon


@dataclass(frozen=True)
class SituationScore:
    lines: int  # in scope
    hard: int
    easy: int
    bare: Side
    situated: Side
    mended: int  # wrong alone, right in the situation
    broken: int  # right alone, wrong in the situation


def score_file(path: Path, models: Path) -> dict[str, SituationScore]:
    """The lines that weights are fitted on by halves, fitted and not; another file as a whole."""
    model = load_trained(models, Words.of_files(lexicon_files(ROOT / LEXICON)))
    table, weights = read_table(model.labels, ROOT / EXPECTED), read_weights(ROOT / MEASURED)
    rules = EntityRules()
    rows = read_context(path)
    if path in (CONTEXT, WRITTEN):
        parts = {
            "not fitted on": [row for row in rows if not row.is_for_fitting],
            "fitted on": [row for row in rows if row.is_for_fitting],
        }
    else:
        parts = {path.name: rows}
    return {
        name: score_situated(
            part, [hear(model, rules, row) for row in part], table, weights, model.thresholds
        )
        for name, part in parts.items()
    }


def score_situated(
    rows: Sequence[ContextRow],
    heard: Sequence[Heard],
    table: Table,
    weights: Weights,
    bare: Thresholds,
) -> SituationScore:
    """Out-of-scope and unclear lines are apart, as in `bench.nlu_scores`."""
    inside = [
        (row, one, decide(one, table, weights))
        for row, one in zip(rows, heard, strict=True)
        if row.row.intent not in APART
    ]
    alone = [judge(one.alone, row.row) for row, one, _ in inside]
    there = [judge(decision.ranking, row.row) for row, _, decision in inside]
    lines = [row for row, _, _ in inside]
    changes = [(a.place == 0, t.place == 0) for a, t in zip(alone, there, strict=True)]
    return SituationScore(
        lines=len(inside),
        hard=sum(row.alone == "no" for row in lines),
        easy=sum(row.alone == "yes" for row in lines),
        bare=_side(lines, alone, bare.act),
        situated=_side(lines, there, weights.act),
        mended=changes.count((False, True)),
        broken=changes.count((True, False)),
    )


def _side(rows: Sequence[ContextRow], judged: Sequence[Judged], act: float) -> Side:
    pairs = list(zip(rows, judged, strict=True))
    return Side(
        right=_share(one.place == 0 for one in judged),
        right_hard=_share(one.place == 0 for row, one in pairs if row.alone == "no"),
        right_easy=_share(one.place == 0 for row, one in pairs if row.alone == "yes"),
        offered=_share(one.place is not None and one.place < 3 for one in judged),
        acted=_share(one.confidence >= act for one in judged),
        acted_right=_share(one.place == 0 for one in judged if one.confidence >= act),
    )


def _share(claims: Iterable[bool]) -> float:
    listed = list(claims)
    return sum(listed) / len(listed) if listed else 0.0


def as_markdown(parts: dict[str, SituationScore]) -> str:
    """A table with two columns, bare and situated, for each part of the lines."""
    text = ["", "| in the situation | " + " | ".join(f"{name}, bare | situated" for name in parts)]
    text[-1] += " |"
    text.append("|---|" + "---|" * (2 * len(parts)))
    titles = {
        "right": "in scope, first choice right",
        "right_hard": "… cannot be read alone",
        "right_easy": "… can be read alone",
        "offered": "right among the first three",
        "acted": "acted upon at once",
        "acted_right": "of these rightly",
    }
    for field, title in titles.items():
        cells = [
            f"{100 * getattr(side, field):.1f} %"
            for one in parts.values()
            for side in (one.bare, one.situated)
        ]
        text.append(f"| {title} | " + " | ".join(cells) + " |")
    for name, one in parts.items():
        text.append("")
        text.append(
            f"{name}: {one.lines} lines in scope ({one.hard} cannot be read alone, {one.easy} can); "
            f"the situation mends {one.mended} and breaks {one.broken}"
        )
    return "\n".join(text) + "\n"
