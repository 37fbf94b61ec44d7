"""What of a release depends on the change: what the new model reads otherwise than the one in use.

Rules and replies are the same for both, so a line that both read the same is answered the same, and
a talk of such lines goes the same way. Thousands of lines are read at once here, without Rasa.
What our own words speak of (`bot.engine.our_words`) is not compared: it weighs little beside a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.nlu.components.classifier import ShopIntentClassifier
from bot.nlu.intents import Guess, softmax
from bot.nlu.labels import chance_of_wish
from bot.nlu.normalise import normalise
from bot.nlu.numpy_tuning import margins_of
from bot.nlu.quoted import without_quoted
from bot.nlu.wishes import stretches

NEAR = 0.1  # confidence; what is decided by less in a situation is chance
HEARD = 0.1  # of a label behind the first one, from which it may be asked about or decide in a talk
BEHIND = 3  # of the buyer's lines before, behind each of which a line is read
_RANKED = 3
TALKS = "tests/conversations"


@dataclass(frozen=True)
class _Read:
    """How a text is read: the first labels, what the gate makes of it, and how sure it is."""

    labels: tuple[str, ...]
    is_sure: bool
    is_hopeless: bool
    confidence: float

    def is_like(self, other: _Read) -> bool:
        return (
            self.labels == other.labels
            and (self.is_sure, self.is_hopeless) == (other.is_sure, other.is_hopeless)
            and abs(self.confidence - other.confidence) <= NEAR
        )


def read_otherwise(
    old: ShopIntentClassifier, new: ShopIntentClassifier, texts: Sequence[str]
) -> frozenset[str]:
    """Of raw texts, those that the two read otherwise, with the lines that vote beside each."""
    wanted = list(dict.fromkeys(texts))
    before, after = _readings(old, wanted), _readings(new, wanted)
    return frozenset(
        text for text, then, now in zip(wanted, before, after, strict=True) if not then.is_like(now)
    )


def lines_that_depend(
    old: ShopIntentClassifier, new: ShopIntentClassifier, lines: Sequence[str]
) -> list[bool]:
    """Whether each line, which opens a talk, or a part of it is read otherwise."""
    parts = [stretches(without_quoted(line)) for line in lines]
    other = read_otherwise(old, new, [one for some in parts for one in some])
    return [not other.isdisjoint(some) for some in parts]


def talks_that_depend(
    old: ShopIntentClassifier, new: ShopIntentClassifier, root: Path
) -> tuple[tuple[str, ...], int]:
    """(topic/name of the conversation tests in which a line is read otherwise, how many there are)."""
    read = {
        f"{file.parent.name}/{file.stem}": list(read_in(file))
        for file in sorted((root / TALKS).glob("*/*.yml"))
    }
    other = read_otherwise(old, new, [text for texts in read.values() for text in texts])
    return tuple(name for name, texts in read.items() if not other.isdisjoint(texts)), len(read)


def read_in(file: Path) -> Iterator[str]:
    """What may be read in a conversation test: each line, and each behind those before it."""
    content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    said: list[str] = []
    for turn in content.get("turns") or ():
        told = turn.get("buyer")
        burst = told if isinstance(told, list) else [] if told is None else [told]
        for text in burst:  # a number may stand there as YAML reads it: 6.802E+15
            for one in stretches(without_quoted(str(text))):
                yield one
                yield from (f"{before}\n{one}" for before in said[-BEHIND:])
            said.append(str(text))


def _readings(classifier: ShopIntentClassifier, texts: Sequence[str]) -> list[_Read]:
    model = classifier.model
    assert model is not None  # loaded
    plain = [normalise(text) for text in texts]
    if not plain:
        return []
    margins = (model.space.matrix(plain) @ model.weights + model.offsets) * model.trust[0]
    if model.network is not None:
        margins = margins + margins_of(model.network, plain) * model.trust[1]
    chances = softmax(np.asarray(margins + model.favours) * model.modesty)
    return [_of(classifier, text, row) for text, row in zip(plain, chances, strict=True)]


def _of(classifier: ShopIntentClassifier, text: str, chances: Any) -> _Read:
    model, live = classifier.model, classifier.live
    assert model is not None
    order = np.argsort(-chances, kind="stable")
    ranking = [Guess(model.labels[at], float(chances[at])) for at in order]
    if live is not None:
        ranking = live.vote(text, ranking)
    confidence = max(
        ranking[0].confidence, chance_of_wish((one.intent, one.confidence) for one in ranking[:10])
    )
    return _Read(
        tuple(
            one.intent
            for at, one in enumerate(ranking[:_RANKED])
            if not at or one.confidence >= HEARD
        ),
        confidence >= model.thresholds.act,
        confidence < model.thresholds.ask,
        confidence,
    )
