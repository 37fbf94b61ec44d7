"""Lines that the model has not learned yet, voting beside it until the next training.

Each line corrects by as much as the model is wrong about it: a line that the model reads rightly
moves nothing, one of a question that it has never heard of moves most. A message is corrected by
the line that it is like, the more the more alike: in its n-grams and, where the model has it, in
the meaning that its tuned encoder hears. The same words are the same wish.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.arrays import Array
from bot.nlu.intents import Guess, IntentModel
from bot.nlu.live_terms import LiveTerms
from bot.nlu.ngrams import plain
from bot.nlu.normalise import normalise
from bot.nlu.sentence_network import piece_numbers, sentence_vector

FAINTEST = 0.001  # chance of a label that the model gives none, or does not know
SURER = 2.5  # log odds: by so much the line's label shall lead where the very line is said
# How alike a message and a line are (0..1) where the line begins to count, and where it counts all.
ALIKE = 0.4, 0.7
BESIDE = 0.5, 2  # how much the next lines of the label count beside the most alike, and how many
MOST = 3000  # lines that vote by likeness; those beyond only by the very same words
SAME_WORDS = 0.97


@dataclass(frozen=True)
class LiveLine:
    """A line as it is read: normalised, with its full label."""

    text: str
    label: str


@dataclass(frozen=True)
class _Heard:
    """What a model makes of a line: the slow part, kept while the line stands."""

    ranking: list[Guess]
    meaning: Array | None  # float32 (512,); None for a model of n-grams alone


class LiveLines:
    """Made for one model, a few milliseconds a line; a vote costs one or two."""

    def __init__(
        self, lines: Sequence[LiveLine], model: IntentModel, earlier: LiveLines | None = None
    ) -> None:
        self._model = model
        self._same = _same_words(lines)
        near = lines[:MOST]
        known: dict[str, _Heard] = {}
        if earlier is not None and earlier._model is model:
            known = earlier._heard
        self._heard: dict[str, _Heard] = {
            line.text: known.get(line.text) or _heard(line.text, model) for line in near
        }
        self._labels = tuple(dict.fromkeys(line.label for line in near))
        self._numbers = np.array([self._labels.index(line.label) for line in near], dtype=np.int64)
        self._terms = LiveTerms([line.text for line in near], model.space.vocabularies[-1])
        meanings = [self._heard[line.text].meaning for line in near]
        self._meanings = np.stack(meanings) if model.network is not None else None
        lacks = [_lack(self._heard[line.text].ranking, line.label) for line in near]
        self._lacks = np.array(lacks)

    @classmethod
    def of(
        cls,
        lines: Iterable[tuple[str, str]],
        model: IntentModel,
        earlier: LiveLines | None = None,
    ) -> LiveLines | None:
        """`lines`: (text, full label) as they stand on disk; None where there is none.

        `earlier`: what was made before of other lines, so that those kept cost nothing.
        """
        read = [LiveLine(normalise(text), label) for text, label in lines]
        kept = [line for line in dict.fromkeys(read) if plain(line.text)]
        return cls(kept, model, earlier) if kept else None

    def vote(self, text: str, ranking: list[Guess]) -> list[Guess]:
        """The ranking of a normalised text, corrected; the very same list where no line is like it."""
        if label := self._same.get(_words_of(text)):
            return _led_by(label, ranking)
        corrections = self._corrections(text)
        return _corrected(ranking, corrections) if corrections else ranking

    def _corrections(self, text: str) -> dict[str, float]:
        """Log odds by label: what the line most alike says and a part of the next ones, but no more
        than any of them lacks."""
        begins, counts_all = ALIKE
        share, others = BESIDE
        alike = np.clip((self._likeness(text) - begins) / (counts_all - begins), 0.0, 1.0)
        weights = alike * self._lacks
        corrections = {}
        for number in np.unique(self._numbers[weights > 0]).tolist():
            own = self._numbers == number
            best = np.sort(weights[own])[::-1]
            odds = best[0] + share * best[1 : 1 + others].sum()
            corrections[self._labels[number]] = float(min(odds, self._lacks[own].max()))
        return corrections

    def _likeness(self, text: str) -> Array:
        """(lines,): 0..1, of n-grams, with the encoder's where there is one."""
        terms = self._terms.likeness(text)
        if self._meanings is None:
            return terms
        return np.asarray((terms + self._meanings @ _meaning(text, self._model)) / 2)


def _heard(text: str, model: IntentModel) -> _Heard:
    meaning = None if model.network is None else _meaning(text, model)
    return _Heard(model.rank(text), meaning)


def _same_words(lines: Sequence[LiveLine]) -> Mapping[str, str]:
    """Words → label; words that stand under two labels decide nothing."""
    labels: dict[str, set[str]] = {}
    for line in lines:
        labels.setdefault(_words_of(line.text), set()).add(line.label)
    return {words: next(iter(found)) for words, found in labels.items() if len(found) == 1}


def _words_of(text: str) -> str:
    return plain(text).replace(" ", "")


def _lack(ranking: list[Guess], label: str) -> float:
    """Log odds that the label lacks to a sure lead; 0 where it has one."""
    chances = {guess.intent: guess.confidence for guess in ranking}
    own = max(chances.get(label, 0.0), FAINTEST)
    rival = max((chance for name, chance in chances.items() if name != label), default=FAINTEST)
    return max(math.log(max(rival, FAINTEST)) + SURER - math.log(own), 0.0)


def _led_by(label: str, ranking: list[Guess]) -> list[Guess]:
    """The ranking with this label first, at least as sure as the same words deserve."""
    own = max((guess.confidence for guess in ranking if guess.intent == label), default=0.0)
    if own >= SAME_WORDS:
        return ranking
    others = [guess for guess in ranking if guess.intent != label]
    left = sum(guess.confidence for guess in others) or 1.0
    share = (1.0 - SAME_WORDS) / left
    scaled = [Guess(guess.intent, guess.confidence * share) for guess in others]
    return [Guess(label, SAME_WORDS), *scaled]


def _corrected(ranking: list[Guess], corrections: Mapping[str, float]) -> list[Guess]:
    chances = {guess.intent: guess.confidence for guess in ranking}
    for label, odds in corrections.items():
        chances[label] = max(chances.get(label, 0.0), FAINTEST) * math.exp(odds)
    total = sum(chances.values())
    order = sorted(chances.items(), key=lambda one: -one[1])
    return [Guess(label, chance / total) for label, chance in order]


def _meaning(text: str, model: IntentModel) -> Array:
    network = model.network
    assert network is not None
    rows = network.rows(piece_numbers(text))
    return sentence_vector(network.embeddings[rows].astype(np.float32), network.layers)
