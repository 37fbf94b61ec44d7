"""`python -m bench.live_lines [--data FILE]`: what lines that are not learned yet give, and break.

A small model is trained without some plain questions and with half the lines of some intents;
what it lacks then votes beside it. Two to four minutes.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

from bot.nlu.confidence import read_measured
from bot.nlu.halves import read_halves
from bot.nlu.intents import IntentModel, train
from bot.nlu.labels import catalogue_intent
from bot.nlu.live_lines import LiveLines
from bot.nlu.normalise import normalise
from bot.nlu.training_lines import training_files, training_lines
from bot.nlu.words import LEXICON, Words, lexicon_files
from bot.trainer.sentence_run import read_tests

NEW = (
    "ask_delivery_area.pick_up",
    "ask_delivery_area.village",
    "ask_human.hours",
    "ask_invoice.content",
    "ask_my_data",
    "ask_promotion.paid_praise",
    "ask_usage.install",
    "price_protection.how_long",
    "report_defect.how_to_send_a_picture",
    "return_policy.insurance",
)
HALVED = ("ask_delivery_area", "change_order", "goodbye", "hesitate", "order_note", "praise")
KEPT = 0.4  # of all other lines, so that it takes minutes
MOST_NEW = 40  # lines of a new question
MOST_ASKED = 60  # of an intent
SEED = 4

Line = tuple[str, str]  # text, full label


def parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """(what the small model learns, what it lacks and hears beside it, what only is asked)."""
    dice = random.Random(SEED)
    learned: list[Line] = []
    lacking: dict[str, list[Line]] = {}
    for line in lines:
        name = line[1].removeprefix("faq/")
        if name in NEW or (name in HALVED and dice.random() < 0.5):
            lacking.setdefault(name, []).append(line)
        elif "/" in line[1] or dice.random() < KEPT:
            learned.append(line)
    live, asked = [], []
    for name, own in lacking.items():
        dice.shuffle(own)
        most = len(own) * 3 // 5
        heard = min(most, MOST_NEW) if name in NEW else most
        live += own[:heard]
        asked += own[heard : heard + MOST_ASKED]
    return learned, live, asked


def small_model(lines: Sequence[Line]) -> IntentModel:
    return train(
        [normalise(text) for text, _ in lines],
        [label for _, label in lines],
        Words.of_files(lexicon_files(LEXICON)),
        epochs=1,
        measured=read_measured(),
        halves=read_halves(),
    )


def score(
    name: str, asked: Sequence[tuple[str, Sequence[str]]], model: IntentModel, live: LiveLines
) -> None:
    """Prints how many are read rightly alone and beside the live lines, and how many these break.

    `asked`: (text, intents of the catalogue or full labels that count as right).
    """
    alone = beside = broken = 0
    for text, right in asked:
        read = normalise(text)
        ranking = model.rank(read)
        if not ranking:
            continue
        was = _is_right(ranking[0].intent, right)
        now = _is_right(live.vote(read, ranking)[0].intent, right)
        alone, beside, broken = alone + was, beside + now, broken + (was and not now)
    print(f"{name:40} {len(asked):5} {alone:6} {beside:6} {broken:6}")


def _is_right(label: str, right: Sequence[str]) -> bool:
    return label in right or catalogue_intent(label) in right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data", type=Path, help="labelled real messages: text, accept; JSON lines"
    )
    options = parser.parse_args()
    lines = [(line.text, line.intent) for line in training_lines(training_files())]
    learned, lacking, rest = parted(lines)
    model = small_model(learned)
    live = LiveLines.of(lacking, model)
    assert live is not None
    tests = [(one.text, one.intent) for one in read_tests(Path()) if one.is_alone]
    new = {f"faq/{name}" for name in NEW}
    print(f"{len(learned)} lines learned, {len(lacking)} live")
    print(f"{'':40} {'asked':>5} {'alone':>6} {'live':>6} {'broken':>6}")
    score("tests of new questions", [(t, [i]) for t, i in tests if i in new], model, live)
    score("other lines of new questions", [(t, [i]) for t, i in rest if i in new], model, live)
    score("other lines of halved", [(t, [i]) for t, i in rest if i not in new], model, live)
    score("tests of all others", [(t, [i]) for t, i in tests if i not in new], model, live)
    if options.data:
        rows = [json.loads(row) for row in options.data.read_text("utf-8").splitlines() if row]
        score("real messages", [(row["text"], row["accept"]) for row in rows], model, live)


if __name__ == "__main__":
    main()
