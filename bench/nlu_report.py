"""`make nlu-report`: scores the trained model on real buyers' messages, beside two other bots.

    python -m bench.nlu_report [FILE] [--context FILE] [--models MODEL] [--stock-model MODEL]

FILE: JSON lines with text, intent, accept (default: the shared development messages, where
present); for --context also with the lines before and the situation (`bench.situation`). Rasa's default pipeline is scored too where `python -m bench stock` has trained it, which
takes the better part of an hour. Prints a table and writes results/nlu-report.{json,md} and the
pictures of confusions and of confidence.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from bench.keyword_bot import keyword_intent
from bench.nlu_scores import Answer, Row, Score, as_markdown, read_rows, score
from bench.situation import CONTEXT
from bench.situation_scores import as_markdown as situation_table
from bench.situation_scores import score_file
from bench.stock import add_stock_option
from bench.wish_scores import WishScore, score_wishes
from bot.nlu.labels import catalogue_intent
from bot.nlu.model_files import load_trained
from bot.nlu.normalise import normalise
from bot.nlu.training_lines import TRAINING_DATA, training_files, training_lines
from bot.nlu.words import LEXICON, Words, lexicon_files

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "real-messages" / "dev.jsonl"
RESULTS = ROOT / "results"


def our_answers(rows: list[Row], models: Path) -> tuple[list[Answer], str, WishScore]:
    """What our classifier and its gate make of the rows, a line on its cost, and its wishes."""
    model = load_trained(models, Words.of_files(lexicon_files(ROOT / LEXICON)))
    model.rank("有货吗")
    began = time.perf_counter()
    answers = []
    for row in rows:
        ranking = model.rank(normalise(row.text))
        names = tuple(dict.fromkeys(catalogue_intent(guess.intent) for guess in ranking))
        sure = ranking[0].confidence if ranking else 0.0
        does = "act" if sure >= model.thresholds.act else "ask"
        answers.append(Answer(names, sure, does if sure >= model.thresholds.ask else "give up"))
    each = (time.perf_counter() - began) / len(rows) * 1000
    note = (
        f"{len(training_lines(training_files(ROOT / TRAINING_DATA)))} training lines, "
        f"{each:.2f} ms a message, act from {model.thresholds.act}, ask from {model.thresholds.ask}"
    )
    return answers, note, score_wishes(model, rows)


def keyword_answers(rows: list[Row]) -> list[Answer]:
    answers = []
    for row in rows:
        intent = keyword_intent(normalise(row.text))
        answers.append(Answer((intent,), 1.0, "give up" if intent == "unclear" else "act"))
    return answers


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", default=REAL)
    parser.add_argument("--context", type=Path, default=CONTEXT, help="lines in their talk")
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="a model or a folder")
    add_stock_option(parser)
    options = parser.parse_args()
    if not options.file.exists():
        print(f"{options.file} is not there: nothing to score")
        return 0
    rows = read_rows(options.file)
    answers, note, wishes = our_answers(rows, options.models)
    scores: dict[str, Score] = {"ours": score(rows, answers)}
    scores["keywords"] = score(rows, keyword_answers(rows))
    if options.stock_model:
        from bench.stock_answers import stock_answers

        scores["Rasa's default"] = score(rows, stock_answers(rows, options.stock_model))
    text = as_markdown(scores, f"{len(rows)} messages of {options.file.name}; ours: {note}")
    text += (
        f"\nWishes: {100 * wishes.single_cut:.1f} % of single messages cut; of {wishes.pairs} joined "
        f"pairs {100 * wishes.joined_cut:.1f} % cut in two, {100 * wishes.joined_right:.1f} % "
        "with both parts understood\n"
    )
    facts = {name: one.as_json() for name, one in scores.items()}
    if options.context.exists():
        situated = score_file(options.context, options.models)
        text += situation_table(situated)
        facts |= {f"situation, {name}": asdict(one) for name, one in situated.items()}
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "nlu-report.md").write_text(text, encoding="utf-8")
    (RESULTS / "nlu-report.json").write_text(json.dumps(facts, indent=2), encoding="utf-8")
    from bench.nlu_pictures import confusion_picture, reliability_picture

    confusion_picture(rows, answers, RESULTS / "nlu-confusions.png")
    reliability_picture(rows, answers, RESULTS / "nlu-reliability.png")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
