"""Reads real lines in their situation: what is heard of them, and the fit of the weights.

    python -m bench.situation fit [FILE …]     writes data/measured/situation.json, numbers only

FILE: JSON lines as described in `read_context` (default: the shared development lines, where
present, and our own). Fitted on one half of each by a hash of the text; `make nlu-report` shows
both halves.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from pathlib import Path

from bench.nlu_scores import Row, read_rows
from bench.situation_fit import fit
from bot.dialogue.expected import EXPECTED, read_table
from bot.dialogue.reading import Heard, Ranking, decide, meaning_length
from bot.dialogue.situations import opens_matter
from bot.dialogue.weights import MEASURED, Weights, write_weights
from bot.engine.our_words import as_heard
from bot.engine.parses import spoken_in
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
WRITTEN = ROOT / "tests/nlu/in_situation.jsonl"  # by us, half of them hard: tests, and half a voice
WRITTEN_COUNT = 0.5  # where a line of real buyers counts 1
LISTED = 10  # intents that a parse lists (`ranking_length`), so the engine knows no more
TODAY = date(2026, 3, 2)  # of relative dates; which day it is does not matter here
SURE_WISH = 0.5  # an earlier line surer than this is the last wish; else the last that may be one


@dataclass(frozen=True)
class ContextRow:
    """A labelled line in its talk. `alone`: can it be read without the lines before: yes, no."""

    row: Row
    situation: tuple[str, ...]
    alone: str
    earlier: tuple[str, ...]  # the buyer's lines before it, oldest first
    said: tuple[str, ...] = ()  # the shop's lines since the last of these

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
            said=_last_said(one["before"]),
        )
        for one in rows
    ]


def _last_said(before: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    lines = takewhile(lambda line: line["who"] != "buyer", reversed(before))
    return tuple(line["text"] for line in lines)[::-1]


def hear(model: IntentModel, rules: EntityRules, row: ContextRow) -> Heard:
    """What the engine would know of the line before it decides."""
    text = normalise(row.row.text)
    alone = ranked(model, text)
    wish, matter = last_wish(model, row.earlier)
    said = as_heard(row.said)
    found = [{"entity": one.entity, "value": one.value} for one in rules.find(text, TODAY)]
    return Heard(
        alone=alone,
        behind=ranked(model, f"{wish}\n{text}") if wish else None,
        shop=ranked(model, said) if said else None,
        told=row.situation,
        matter=matter,
        values=spoken_in({"entities": found}),
        length=meaning_length(text),
    )


def ranked(model: IntentModel, text: str) -> Ranking:
    return tuple((guess.intent, guess.confidence) for guess in model.rank(text)[:LISTED])


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


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("deed", choices=["fit"])
    parser.add_argument("files", type=Path, nargs="*", default=[CONTEXT, WRITTEN])
    parser.add_argument("--single", type=Path, default=SINGLE, help="lines without a situation")
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="a model or a folder")
    options = parser.parse_args()
    if missing := [file for file in options.files if not file.exists()]:
        print(f"{missing[0]} is not there: the committed weights stay")
        return 0
    model = load_trained(options.models, Words.of_files(lexicon_files(ROOT / LEXICON)))
    table, rules = read_table(model.labels, ROOT / EXPECTED), EntityRules()
    rows, counts = [], []
    for file in options.files:
        fitted = [row for row in read_context(file) if row.is_for_fitting]
        rows += fitted
        counts += [WRITTEN_COUNT if file == WRITTEN else 1.0] * len(fitted)
    heard = [hear(model, rules, row) for row in rows]
    weights = fit(heard, [row.row for row in rows], table, model.labels, counts)
    judged = [
        judge(decide(one, table, weights).ranking, row.row)
        for one, row, count in zip(heard, rows, counts, strict=True)
        if count == 1.0  # how often a buyer is clear, only real lines tell
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
