"""The linear voice: one linear support vector machine per label, fitted here or beside.

A fit takes one core and half a minute on all our lines. Beside, in a process of its own, it costs
no time: whoever began it goes on meanwhile. `python -m bot.nlu.linear_fit FOLDER` is that process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz

from bot.nlu.arrays import Array

STRENGTH = 0.5  # inverse regularisation; chosen in docs/understanding.md
PRECISION = 0.05  # of its solution; finer ones take many times as long and score the same
SEED = 20
UNHEARD = -2.0  # margin of a label without messages
MANY = 20_000  # rows; fewer are fitted before a process has begun
_ROOT = Path(__file__).resolve().parents[2]
_MATRIX, _FACTS, _FITTED = "matrix.npz", "facts.npz", "fitted-{}.npz"

Fitted = tuple[Array, Array]  # weights float32 (terms, labels), offsets float32 (labels,)


def fit_linear(matrix: csr_matrix, targets: Array, count: int) -> Fitted:
    """Of `count` labels, of which `targets` (rows,) holds the numbers.

    A label without messages (a rare one, in a fold) keeps weight 0 and is never a first choice.
    """
    from sklearn.svm import LinearSVC  # heavy: whoever lets it be done beside needs none of it

    machine = LinearSVC(C=STRENGTH, tol=PRECISION, random_state=SEED).fit(matrix, targets)
    weights = np.zeros((matrix.shape[1], count), dtype=np.float32)
    offsets = np.full(count, UNHEARD, dtype=np.float32)
    if len(machine.classes_) == 2:  # sklearn gives one machine for two labels
        coefficients = np.vstack([-machine.coef_, machine.coef_])
        intercepts = np.concatenate([-machine.intercept_, machine.intercept_])
    else:
        coefficients, intercepts = machine.coef_, machine.intercept_
    weights[:, machine.classes_] = coefficients.T
    offsets[machine.classes_] = intercepts
    return weights, offsets


@contextmanager
def linear_fits(
    matrix: csr_matrix, targets: Array, count: int, parts: Sequence[Array], *, at_once: bool
) -> Iterator[Callable[[], list[Fitted]]]:
    """Fits on `parts` (bool (rows,) each) of the rows; what is given back waits for them.

    Of many rows they are fitted beside, while the caller goes on; `at_once`: in a process each, as
    there is nothing to go on with. Raises RuntimeError where such a process failed.
    """
    if len(targets) < MANY:
        rows = [(matrix[part], targets[part]) for part in parts]
        yield lambda: [fit_linear(*one, count) for one in rows]
        return
    with tempfile.TemporaryDirectory(prefix="linear-fit-") as name:
        folder = Path(name)
        save_npz(folder / _MATRIX, matrix, compressed=False)
        np.savez(folder / _FACTS, targets=targets, count=count, parts=np.stack(parts))
        del matrix  # a hundred megabytes; whoever called may need it no more, either
        numbers = [str(at) for at in range(len(parts))]
        processes = [
            _begun(folder, own) for own in ([[one] for one in numbers] if at_once else [numbers])
        ]
        try:
            yield lambda: _fitted(processes, [folder / _FITTED.format(at) for at in numbers])
        finally:
            for process in processes:
                process.terminate()  # nothing, where it has ended
                process.wait()


def _begun(folder: Path, numbers: Sequence[str]) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", __name__, str(folder), *numbers],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )


def _fitted(processes: Sequence[subprocess.Popen[bytes]], files: Sequence[Path]) -> list[Fitted]:
    for process in processes:
        if code := process.wait():
            raise RuntimeError(f"a linear fit ended with {code}")
    return [_read(file) for file in files]


def _read(file: Path) -> Fitted:
    with np.load(file, allow_pickle=False) as arrays:
        return arrays["weights"], arrays["offsets"]


def main() -> None:
    folder = Path(sys.argv[1])
    matrix = load_npz(folder / _MATRIX)
    with np.load(folder / _FACTS, allow_pickle=False) as facts:
        targets, count, parts = facts["targets"], int(facts["count"]), facts["parts"]
    for at in map(int, sys.argv[2:]):
        weights, offsets = fit_linear(matrix[parts[at]], targets[parts[at]], count)
        np.savez(folder / _FITTED.format(at), weights=weights, offsets=offsets)


if __name__ == "__main__":
    main()
