"""Vectors that the classifiers' table adds to n-grams."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.extra_vectors import read_word_vectors, vectors


def test_word_vectors_are_read_in_their_binary_format(tmp_path: Path) -> None:
    numbers = np.arange(6, dtype=np.float32)
    file = tmp_path / "words.vector"
    lines = [
        "包邮 ".encode() + numbers[:3].tobytes(),
        "有货 ".encode() + numbers[3:].tobytes(),
    ]
    file.write_bytes(b"2 3\n" + b"\n".join(lines) + b"\n")
    found = read_word_vectors(file)
    assert list(found) == ["包邮", "有货"]
    assert found["有货"].tolist() == [3.0, 4.0, 5.0]


def test_the_encoder_as_it_comes_knows_what_is_alike() -> None:
    vector = vectors("sentence")
    alike = vector("什么时候发货") @ vector("多久能发出")
    apart = vector("什么时候发货") @ vector("这件衣服掉色")
    assert vector("什么时候发货").shape == (512,)
    assert alike > apart


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        vectors("glove")
