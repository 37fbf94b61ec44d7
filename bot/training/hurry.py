"""What is trained where nobody answers yet: a small model, in a minute of one core.

It leaves out the sentence encoder, lines beyond so many of an intent (Rasa's reading and copying of
all of them would take a minute more), and the check of rules against stories, which decides nothing.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.training_lines import lines_in, training_files

MOST_LINES = 400  # of an intent
SEED = 7
_LINES = "data/nlu"
_LEFT_OUT: Mapping[str, Mapping[str, Any]] = {
    "bot.nlu.components.classifier.ShopIntentClassifier": {"epochs": 0, "known": _LINES},
    "RulePolicy": {"check_for_contradictions": False},
}


def hurried(root: Path, out: Path) -> Sequence[str]:
    """More arguments of `rasa train`; what they name is written into the folder `out`."""
    lines = out / "lines.yml"
    lines.write_text(_some_lines(root / _LINES), encoding="utf-8")
    config = yaml.safe_load((root / "config.yml").read_text(encoding="utf-8"))
    for part in (*config["pipeline"], *config.get("policies", ())):
        part.update(_LEFT_OUT.get(part["name"], {}))
    (out / "config.yml").write_text(_dumped(config), encoding="utf-8")
    data = (str(lines), "data/stories", "data/replies")
    return ["--skip-validation", "--config", str(out / "config.yml"), "--data", *data]


def _some_lines(folder: Path) -> str:
    """A file of training data with a part of the lines, from all over the files, and all replies."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts: dict[str, list[str]] = defaultdict(list)
    replies: dict[str, Any] = {}
    for file in training_files(folder):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader) or {}
        for line in lines_in(content, file):
            texts[line.intent].append(line.text)
        replies.update(content.get("responses") or {})
    dice = random.Random(SEED)
    nlu = [
        {
            "intent": intent,
            "examples": "".join(
                f"- {text}\n" for text in dice.sample(own, min(len(own), MOST_LINES))
            ),
        }
        for intent, own in texts.items()
    ]
    return _dumped({"version": "3.1", "nlu": nlu, "responses": replies})


def _dumped(content: Any) -> str:
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000))
