"""Reads real lines in their situation: what is heard of them, and the fit of the weights.

    python -m bench.situation fit [FILE]     writes data/measured/situation.json, numbers only

FILE: JSON lines as described in `read_context` (default: the shared development lines, where
present). Fitted on one half of them by a hash of the text; `make nlu-report` shows both halves.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bench.nlu_scores import Row, read_rows
from bot.dialogue.expected import EXPECTED, Table, read_table
from bot.dialogue.reading import Heard, Ranking, decide, meaning_length
from bot.dialogue.situations import opens_matter
from bot.dialogue.weights import MEASURED, Weights, write_weights
from bot.nlu.arrays import Array
from bot.nlu.entities import EntityRules
from bot.nlu.intents import IntentModel
from bot.nlu.labels import catalogue_intent
from bot.nlu.model_files import load_trained
from bot.nlu.normalise import normalise
from bot.nlu.thresholds import Judged, derive
from bot.nlu.words import LEXICON, Words, lexicon_files

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "real-messages"
CONTEXT = SHARED / "context-dev.jsonl"
SINGLE = SHARED / "dev.jsonl"
TODAY = date(2026, 3, 2)  # of relative dates; which day it is does not matter here
SURE_WISH = 0.5  # an earlier line surer than this is the last wish; else the last that may be one

# Where the fit begins and what it is pulled to, in the order of FITTED.
PRIOR = Weights(
    behind=1.0, matter=1.5, very_likely=4.0, likely=2.0, unlikely=-1.5, short=16.0, act=0.7, ask=0.1
)
FITTED = ("behind", "matter", "very_likely", "likely", "unlikely", "short")
PULL = 0.1  # loss of a line, per weight that is twice its start: a few lines bend none far


@dataclass(frozen=True)
class ContextRow:
    """A labelled line in its talk. `alone`: can it be read without the lines before: yes, no."""

    row: Row
    situation: tuple[str, ...]
    alone: str
    earlier: tuple[str, ...]  # the buyer's lines before it, oldest first

    @property
    def is_for_fitting(self) -> bool:
        return hashlib.sha256(self.row.text.encode()).digest()[-1] % 2 == 0


def read_context(path: Path = CONTEXT) -> list[ContextRow]:
    """JSON lines of text, intent, accept, situation, alone, before: [{who, text}, …]."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        ContextRow(
            row=Row(one["text"], one["intent"], tuple(one["accept"])),
            situation=tuple(one["situation"]),
            alone=one["alone"],
            earlier=tuple(line["text"] for line in one["before"] if line["who"] == "buyer"),
        )
        for one in rows
    ]


def hear(model: IntentModel, rules: EntityRules, row: ContextRow) -> Heard:
    """What the engine would know of the line before it decides."""
    text = normalise(row.row.text)
    alone = ranked(model, text)
    wish, matter = last_wish(model, row.earlier)
    return Heard(
        alone=alone,
        behind=ranked(model, f"{wish}\n{text}") if wish else None,
        told=row.situation,
        matter=matter,
        values=frozenset(one.entity for one in rules.find(text, TODAY)),
        length=meaning_length(text),
    )


def ranked(model: IntentModel, text: str) -> Ranking:
    return tuple((guess.intent, guess.confidence) for guess in model.rank(text))


def last_wish(model: IntentModel, earlier: Sequence[str]) -> tuple[str, str]:
    """The normalised words and the intent of the buyer's last wish; ("", "") when there is none."""
    doubtful = ("", "")
    for text in map(normalise, reversed(earlier)):
        ranking = model.rank(text)
        if not ranking or not opens_matter(ranking[0].intent):
            continue
        if ranking[0].confidence >= SURE_WISH:
            return text, ranking[0].intent
        if not doubtful[0]:
            doubtful = (text, ranking[0].intent)
    return doubtful


def fit(heard: Sequence[Heard], rows: Sequence[Row], table: Table) -> Weights:
    """The weights of the least log loss on these lines, pulled to `PRIOR`; thresholds untouched."""
    start = np.array([getattr(PRIOR, name) for name in FITTED])

    def loss(values: Array) -> float:
        weights = _with(values)
        total = sum(
            -math.log(_chance(decide(one, table, weights).ranking, row) + 1e-3)
            for one, row in zip(heard, rows, strict=True)
        )
        distance = float((((values - start) / np.abs(start)) ** 2).sum())
        return total / len(rows) + PULL * distance

    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-5})
    return _with(found.x)


def fit_act(weights: Weights, judged: Sequence[Judged], ask: float) -> Weights:
    """Acting from where it is cheapest on these messages (`bot.nlu.thresholds`).

    `ask` stays as the model has it: a few hundred lines hold too few hopeless ones.
    """
    act = derive(judged).act
    return replace(weights, act=act, ask=round(min(ask, act), 3))


def judge(ranking: Ranking, row: Row) -> Judged:
    places = [at for at, (intent, _) in enumerate(ranking) if short_name(intent) in row.accept]
    return Judged(ranking[0][1] if ranking else 0.0, places[0] if places else None)


def short_name(intent: str) -> str:
    """Without `faq/`, as the labelled files have it."""
    return catalogue_intent(intent)


def _chance(ranking: Ranking, row: Row) -> float:
    return sum(chance for intent, chance in ranking if short_name(intent) in row.accept)


def _with(values: Array) -> Weights:
    # Signs are part of what the levels mean.
    bounded = {name: round(float(value), 3) for name, value in zip(FITTED, values, strict=True)}
    bounded = {name: max(value, 0.0) for name, value in bounded.items()} | {
        "unlikely": min(bounded["unlikely"], 0.0),
        "short": max(bounded["short"], 1.0),
    }
    return replace(PRIOR, **bounded)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("deed", choices=["fit"])
    parser.add_argument("file", type=Path, nargs="?", default=CONTEXT)
    parser.add_argument("--single", type=Path, default=SINGLE, help="lines without a situation")
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="a model or a folder")
    options = parser.parse_args()
    if not options.file.exists():
        print(f"{options.file} is not there: the committed weights stay")
        return 0
    model = load_trained(options.models, Words.of_files(lexicon_files(ROOT / LEXICON)))
    table = read_table(model.labels, ROOT / EXPECTED)
    rows = [row for row in read_context(options.file) if row.is_for_fitting]
    heard = [hear(model, EntityRules(), row) for row in rows]
    weights = fit(heard, [row.row for row in rows], table)
    judged = [
        judge(decide(one, table, weights).ranking, row.row)
        for one, row in zip(heard, rows, strict=True)
    ]
    if options.single.exists():
        judged += [
            judge(ranked(model, normalise(row.text)), row) for row in read_rows(options.single)
        ]
    weights = fit_act(weights, judged, model.thresholds.ask)
    write_weights(weights, ROOT / MEASURED)
    print(f"{len(rows)} lines in their situation, {len(judged)} to act upon: {weights}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
