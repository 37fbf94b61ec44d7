"""A linear fit beside is the same as one here, and one that fails is told."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.nlu import linear_fit
from bot.nlu.linear_fit import fit_linear, linear_fits

DICE = np.random.default_rng(5)
MATRIX = csr_matrix((DICE.random((60, 12)) < 0.2).astype(np.float32))
TARGETS = DICE.integers(0, 3, 60)
PARTS = [np.ones(60, dtype=bool), np.arange(60) % 4 != 0]


@pytest.mark.parametrize(("many", "at_once"), [(0, True), (0, False), (1000, False)])
def test_a_fit_beside_is_the_same_as_one_here(
    many: int, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear_fit, "MANY", many)
    with linear_fits(MATRIX, TARGETS, 4, PARTS, at_once=at_once) as fitted:
        found = fitted()
    for part, (weights, offsets) in zip(PARTS, found, strict=True):
        ours = fit_linear(MATRIX[part], TARGETS[part], 4)
        assert weights.tolist() == ours[0].tolist() and offsets.tolist() == ours[1].tolist()


def test_a_fit_that_fails_beside_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_fit, "MANY", 0)
    alike = np.zeros(60, dtype=np.int64)  # one label: there is nothing to tell apart
    with (
        pytest.raises(RuntimeError, match="ended with 1"),
        linear_fits(MATRIX, alike, 1, PARTS[:1], at_once=False) as fitted,
    ):
        fitted()


def test_nobody_waits_for_fits_that_nobody_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_fit, "MANY", 0)
    begun = []
    begin = linear_fit._begun

    def noted(*given: object) -> object:
        begun.append(begin(*given))  # type: ignore[arg-type]
        return begun[-1]

    monkeypatch.setattr(linear_fit, "_begun", noted)
    with (
        pytest.raises(KeyboardInterrupt),
        linear_fits(MATRIX, TARGETS, 4, PARTS, at_once=True),
    ):
        raise KeyboardInterrupt
    assert len(begun) == 2 and all(process.returncode is not None for process in begun)
