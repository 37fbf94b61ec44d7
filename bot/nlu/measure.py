"""`python -m bot.nlu.measure FILE`: learn from labelled real messages how sure to be.

The trained model in models/ is measured; what was measured before does not count.
FILE has one JSON object a line: `text`, and `accept`, the intents that count as right (none of
the bot's intents for messages that nobody could place). Writes data/measured/confidence.json,
which every later training uses; no message is kept.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar

from bot.nlu.confidence import MEASURED, Measured, write_measured
from bot.nlu.intents import IntentModel
from bot.nlu.labels import catalogue_intent
from bot.nlu.model_files import load_trained
from bot.nlu.normalise import normalise
from bot.nlu.thresholds import Judged, calibration_error, derive, reliability
from bot.nlu.words import LEXICON, Words, lexicon_files


def judged(
    model: IntentModel, messages: Sequence[tuple[str, Sequence[str]]], modesty: float = 1.0
) -> list[Judged]:
    """How sure the model is of each message (text, accepted intents) and where the truth ranks.

    `modesty` changes the confidences as if the model's margins were multiplied by it.
    """
    results = []
    for text, accepted in messages:
        ranking = model.rank(normalise(text))
        names = [catalogue_intent(guess.intent) for guess in ranking]
        places = [at for at, name in enumerate(names) if name in accepted]
        chances = np.array([guess.confidence for guess in ranking] or [1.0]) ** modesty
        confidence = float(chances.max() / chances.sum()) if ranking else 0.0
        results.append(Judged(confidence, places[0] if places else None))
    return results


def measure(model: IntentModel, messages: Sequence[tuple[str, Sequence[str]]]) -> Measured:
    """The modesty of the least log loss on these messages, and from where acting is cheapest."""
    rankings = [model.rank(normalise(text)) for text, _ in messages]
    known = [
        (
            np.array([guess.confidence for guess in ranking]),
            np.array([catalogue_intent(guess.intent) in accepted for guess in ranking]),
        )
        for ranking, (_, accepted) in zip(rankings, messages, strict=True)
        if ranking
    ]

    def loss(log_modesty: float) -> float:
        total = 0.0
        for chances, right in known:
            powers = chances ** np.exp(log_modesty)
            total -= float(np.log(powers[right].sum() / powers.sum() + 1e-3))
        return total

    found = minimize_scalar(loss, bounds=(-2.0, 1.0), method="bounded")
    modesty = round(float(np.exp(found.x)), 3)
    after = judged(model, messages, modesty)
    return Measured(
        modesty=modesty,
        act=derive(after).act,
        messages=len(messages),
        error_before=round(calibration_error(judged(model, messages)), 3),
        error_after=round(calibration_error(after), 3),
    )


def read_messages(path: Path) -> list[tuple[str, list[str]]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(row["text"], row["accept"]) for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="labelled messages, JSON lines")
    parser.add_argument("--write", type=Path, default=MEASURED, help="where the findings go")
    parser.add_argument("--models", type=Path, default=Path("models"), help="a model or a folder")
    options = parser.parse_args()
    model = load_trained(options.models, Words.of_files(lexicon_files(LEXICON)))
    model = replace(model, modesty=1.0)
    messages = read_messages(options.file)
    findings = measure(model, messages)
    write_measured(findings, options.write)
    print(f"{findings.messages} messages; margins times {findings.modesty}")
    print(f"calibration error {findings.error_before} -> {findings.error_after}")
    for one in reliability(judged(model, messages, findings.modesty)):
        print(
            f"  {one.lowest:.1f}  sure {one.mean_confidence:.2f}  right {one.share_right:.2f}  n {one.count}"
        )
    print(f"act from {findings.act}")


if __name__ == "__main__":
    main()
