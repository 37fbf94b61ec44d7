"""An engine without a trained classifier: each line of a test says how it is read.

All else is the real thing: entities, situation, rules, actions, shop and replies. Its core is
trained from the rules in seconds and kept between runs for as long as nothing it is made of changes.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.dialogue.weights import read_weights
from bot.engine.parses import with_intent
from bot.nlu.components.classifier import ShopIntentClassifier
from bot.nlu.normalise import normalise
from bot.nlu.training_lines import training_files, training_lines

SURE = 0.95  # of a line that is told by its intent alone
_REST = "inform"  # what is left of the chances
_TRAINED_ON = ("domain.yml", "config.yml", "data/stories", "data/replies", "data/nlu")
_CLASSIFIER = "bot.nlu.components.classifier.ShopIntentClassifier"

Told = Mapping[str, float]  # full intent label → chance


@dataclass
class Readings:
    """Which text is read as what; a text behind another one by its last line."""

    alone: dict[str, Told] = field(default_factory=dict)
    behind: dict[str, Told] = field(default_factory=dict)

    def tell(self, text: str, alone: Told, behind: Told | None = None) -> None:
        self.alone[normalise(text)] = alone
        self.behind[normalise(text)] = behind or alone

    def of(self, text: str) -> Told:
        """Empty for what nobody has told, as parts of a line are: it stays whole."""
        *before, last = text.splitlines() or [""]
        return (self.behind if before else self.alone).get(normalise(last), {})


READINGS = Readings()


def told(what: Any) -> Told:
    """From `ask_price`, or from {ask_price: 0.4, bargain: 0.3}."""
    return dict(what) if isinstance(what, Mapping) else {str(what): SURE}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ToldClassifier(ShopIntentClassifier):
    """Reads lines as `READINGS` says; it learns nothing and keeps nothing."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ToldClassifier:
        return cls(config, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        weights = read_weights()
        for message in messages:
            chances = dict(READINGS.of(message.get(TEXT) or ""))
            if chances and _REST not in chances:
                chances[_REST] = max(0.0, 1 - sum(chances.values()))
            ranking = sorted(chances.items(), key=lambda one: -one[1])
            listed = [{"name": name, "confidence": chance} for name, chance in ranking]
            message.set(INTENT_RANKING_KEY, listed, add_to_output=True)
            message.set("intent_thresholds", {"act": weights.act, "ask": weights.ask})
            intent: dict[str, Any] = {"name": None, "confidence": 0.0}
            if ranking:
                parse = with_intent({"intent": {}, "entities": []}, *ranking[0])
                intent = {**parse["intent"], "full_name": ranking[0][0]}
                if "response_selector" in parse:
                    message.set(RESPONSE_SELECTOR_PROPERTY_NAME, parse["response_selector"])
            message.set(INTENT, intent, add_to_output=True)
        return messages


def told_model(root: Path, kept: Path) -> Path:
    """The model's file, trained where what it is made of has changed. Raises CalledProcessError."""
    mark = _mark(root)
    place = kept / f"{mark}.tar.gz"
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers of one run need it
        if not place.exists():
            for old in kept.glob("*.tar.gz"):
                old.unlink()
            _train(root, kept / "made").replace(place)
    return place


def _train(root: Path, out: Path) -> Path:
    out.mkdir(exist_ok=True)
    config = yaml.safe_load((root / "config.yml").read_text(encoding="utf-8"))
    for part in config["pipeline"]:
        if part["name"] == _CLASSIFIER:
            part.clear()
            part["name"] = f"{__name__}.{ToldClassifier.__name__}"
    for part in config["policies"]:
        if part["name"] == "RulePolicy":  # `make validate` looks at that
            part["check_for_contradictions"] = False
    (out / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    (out / "lines.yml").write_text(_two_lines_each(root / "data/nlu"), encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "bot.rasa_cli", "train", "--quiet", "--skip-validation"),
            *("--config", str(out / "config.yml"), "--out", str(out)),
            *("--data", str(out / "lines.yml"), "data/stories", "data/replies"),
        ],
        cwd=root,
        check=True,
        capture_output=True,
        timeout=800,  # below what a fixture may take
    )
    return next(out.glob("*.tar.gz"))


def _two_lines_each(folder: Path) -> str:
    """Rasa wants lines for every intent, and all plain answers."""
    texts: dict[str, list[str]] = {}
    replies: dict[str, Any] = {}
    for line in training_lines(training_files(folder)):
        texts.setdefault(line.intent, []).append(line.text)
    for file in training_files(folder):
        raw = file.read_text(encoding="utf-8")
        if "\nresponses:" in raw:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            replies.update(yaml.load(raw, Loader=loader)["responses"])
    nlu = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in own[:2])}
        for intent, own in texts.items()
    ]
    content = {"version": "3.1", "nlu": nlu, "responses": replies}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)


def _mark(root: Path) -> str:
    digest = sha256(Path(__file__).read_bytes())
    for name in _TRAINED_ON:
        path = root / name
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            digest.update(str(file.relative_to(root)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:24]
