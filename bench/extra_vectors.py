"""Vectors that were tried beside n-grams.

`pinyin` needs the package pypinyin, `words` the data file of synonyms; neither is a dependency:

    uv pip install pypinyin==0.55.0 && uv pip install --no-deps synonyms==3.10.2
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from bench.servers import ROOT
from bot.nlu.arrays import Array
from bot.nlu.ngrams import plain
from bot.nlu.normalise import normalise
from bot.nlu.sentence_network import (
    SentenceNetwork,
    known_pieces,
    piece_numbers,
    pretrained,
    sentence_vector,
)
from bot.nlu.training_lines import TRAINING_DATA, training_files, training_lines
from bot.nlu.words import LEXICON, Words, lexicon_files

PINYIN_WIDTH = 2048


@lru_cache(maxsize=3)
def vectors(kind: str) -> Callable[[str], Array]:
    """The function from a message to its vector (float32, of length 1) for pinyin, words, sentence."""
    return {"pinyin": _pinyin, "words": _word_vectors, "sentence": _sentence}[kind]()


def _pinyin() -> Callable[[str], Array]:
    from pypinyin import lazy_pinyin

    hashing = HashingVectorizer(
        analyzer="word", token_pattern=r"\S+", ngram_range=(1, 3), n_features=PINYIN_WIDTH
    )

    def vector(text: str) -> Array:
        syllables = " ".join(lazy_pinyin(plain(normalise(text))))
        return np.asarray(hashing.transform([syllables]).todense(), dtype=np.float32)[0]

    return vector


def _word_vectors() -> Callable[[str], Array]:
    """The mean of the vectors of a message's words."""
    known = read_word_vectors(_data_of("synonyms") / "words.vector")
    words = Words.of_files(lexicon_files(ROOT / LEXICON))
    nothing = np.zeros(len(next(iter(known.values()))), dtype=np.float32)

    def vector(text: str) -> Array:
        found = [known[word] for word, _ in words.cut(normalise(text)) if word in known]
        return _of_length_one(np.mean(found, axis=0)) if found else nothing

    return vector


def read_word_vectors(path: Path) -> dict[str, Array]:
    """Reads word2vec's binary format: a line `count width`, then word, blank, float32 numbers."""
    content = path.read_bytes()
    end = content.index(b"\n")
    count, width = (int(number) for number in content[:end].split())
    at, found = end + 1, {}
    for _ in range(count):
        blank = content.index(b" ", at)
        word = content[at:blank].strip().decode("utf-8", errors="replace")
        found[word] = np.frombuffer(content, dtype=np.float32, count=width, offset=blank + 1)
        at = blank + 1 + 4 * width
    return found


def _sentence() -> Callable[[str], Array]:
    """The universal sentence encoder as it comes, with every piece that our buyers use."""
    lines = training_lines(training_files(ROOT / TRAINING_DATA))
    pieces = known_pieces(one for line in lines for one in piece_numbers(normalise(line.text)))
    network = SentenceNetwork(pieces, *pretrained(pieces))

    def vector(text: str) -> Array:
        rows = network.rows(piece_numbers(normalise(text)))
        return sentence_vector(network.embeddings[rows], network.layers)

    return vector


def _of_length_one(vector: Array) -> Array:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)


def _data_of(package: str) -> Path:
    """Its data folder, without running its code."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {package} is not installed; {__file__} says how")
    return Path(found.origin).parent / "data"
