"""What is learned: messages, wrapped copies of them, and half sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from bot.nlu.arrays import Array
from bot.nlu.courtesies import wrapped
from bot.nlu.halves import Halves, halves_taught
from bot.nlu.ngrams import NgramSpace
from bot.nlu.sentence_network import SentenceNetwork
from bot.nlu.tuning import FineTune

NO_MESSAGE = -1
FEW = 1000  # fresh messages; of more the encoder goes through everything again
GONE_THROUGH = 12_000  # messages that it reads again for the sake of a few, so as not to forget
TIMES = 4  # that it reads a fresh one
SEED = 20


@dataclass(frozen=True)
class Beside:
    """Lines learned beside the messages: wrapped copies, never without theirs, and half sentences."""

    texts: Sequence[str]
    matrix: csr_matrix
    targets: Array  # int (texts,), numbers of the labels
    origins: Array  # int (texts,), index of each copy's message, or NO_MESSAGE

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        labels: Sequence[str],
        space: NgramSpace,
        halves: Sequence[Halves] = (),
    ) -> Beside:
        copies = [(text, intents[at], at) for text, at in wrapped(texts, intents)]
        taught = halves_taught(halves, texts, intents)
        rows = [*copies, *((text, intent, NO_MESSAGE) for text, intent in taught)]
        number = {label: at for at, label in enumerate(labels)}
        return cls(
            texts=[text for text, _, _ in rows],
            matrix=space.matrix(text for text, _, _ in rows),
            targets=np.array([number[intent] for _, intent, _ in rows], dtype=np.int64),
            origins=np.array([at for _, _, at in rows], dtype=np.int64),
        )

    def added_to(self, matrix: csr_matrix, targets: Array) -> tuple[csr_matrix, Array]:
        """All messages, with what is learned beside them below."""
        return vstack([matrix, self.matrix]).tocsr(), np.concatenate([targets, self.targets])

    def with_messages(self, inside: Array) -> Array:
        """bool, of `added_to`'s rows: the messages inside (bool), and what may stand beside them."""
        return np.concatenate([inside, (self.origins == NO_MESSAGE) | inside[self.origins]])


@dataclass(frozen=True)
class Lessons:
    """What the sentence encoder reads."""

    texts: Sequence[str]
    targets: Array  # int (texts,), numbers of the labels
    copies: Mapping[int, str]  # of some texts, by their index
    messages: Array  # int (texts,), which message each is, or NO_MESSAGE

    @classmethod
    def of(cls, texts: Sequence[str], targets: Array, beside: Beside, learned: Array) -> Lessons:
        """The messages that teach (bool), and all half sentences."""
        messages = np.flatnonzero(learned)
        places = {int(at): place for place, at in enumerate(messages)}
        alone = np.flatnonzero(beside.origins == NO_MESSAGE)
        return cls(
            texts=[*(texts[at] for at in places), *(beside.texts[at] for at in alone)],
            targets=np.concatenate([targets[learned], beside.targets[alone]]),
            copies={
                places[at]: copy
                for at, copy in zip(beside.origins.tolist(), beside.texts, strict=True)
                if at in places
            },
            messages=np.concatenate([messages, np.full(len(alone), NO_MESSAGE)]),
        )

    def about(self, fresh: Collection[int], among: int = GONE_THROUGH) -> Lessons:
        """A few fresh messages, several times each, among some of all others; else everything."""
        if len(fresh) > FEW:
            return self
        is_fresh = np.isin(self.messages, list(fresh))
        others = np.flatnonzero(~is_fresh)
        kept = np.random.default_rng(SEED).permutation(others)[:among]
        chosen = [*np.repeat(np.flatnonzero(is_fresh), TIMES).tolist(), *kept.tolist()]
        return Lessons(
            texts=[self.texts[at] for at in chosen],
            targets=self.targets[chosen],
            copies={place: self.copies[at] for place, at in enumerate(chosen) if at in self.copies},
            messages=self.messages[chosen],
        )

    def taught(
        self,
        fine_tune: FineTune,
        count: int,
        epochs: int,
        begin_with: SentenceNetwork | None = None,
    ) -> SentenceNetwork:
        """The encoder, tuned to tell `count` labels apart."""
        return fine_tune(
            self.texts,
            self.targets,
            count,
            copies=self.copies,
            epochs=epochs,
            begin_with=begin_with,
        )
