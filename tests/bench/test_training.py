"""Trainings are measured side by side: by turns, each on its own data, with all their processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import training
from bench.training import ADDED, Cost, compare_trainings


@pytest.fixture
def checkouts(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "this-checkout", tmp_path / "other-checkout"]
    for checkout in found:
        (checkout / "data" / "nlu").mkdir(parents=True)
        for file in ("domain.yml", "config.yml", "data/nlu/talking.yml"):
            (checkout / file).write_text(checkout.name, encoding="utf-8")
    return found


def test_both_train_their_own_data_and_a_line_is_added_only_at_the_end(
    checkouts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str, str, bool]] = []

    def trained(kind: str, checkout: Path, project: Path, models: Path) -> Cost:
        models.mkdir(exist_ok=True)
        (models / f"{kind}.tar.gz").write_bytes(b"")
        added = project / "data/nlu/added.yml"
        own = (project / "data/nlu/talking.yml").read_text(encoding="utf-8")
        seen.append((kind, checkout.name, own, added.exists() and added.read_text() == ADDED))
        return Cost(seconds=2.0, cpu_s=3.0, peak_mb=4.0)

    monkeypatch.setattr(training, "ROOT", checkouts[0])
    monkeypatch.setattr(training, "_trained", trained)
    monkeypatch.setattr(training, "REAL", tmp_path / "none")
    told = compare_trainings(tmp_path / "bench", checkouts[1], kept=tmp_path / "kept")
    assert [(kind, name) for kind, name, _, _ in seen] == [
        (kind, f"{side}-checkout") for kind in training.KINDS for side in ("this", "other")
    ]
    assert all(name == own for _, name, own, _ in seen)
    assert [added for kind, _, _, added in seen] == [False] * 4 + [True] * 2
    assert len(told.splitlines()) == 2 + 6 and "| full | other | 2 | 3 | 4 |" in told
    assert (tmp_path / "kept" / "other-full.tar.gz").exists()


def test_memory_is_that_of_all_processes() -> None:
    child = "import sys; held = bytearray(60_000_000); print('held', flush=True); sys.stdin.read()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stdout.readline() == b"held\n"
        assert training._resident_mb(process.pid) > 60
        process.stdin.close()  # type: ignore[union-attr]
    assert training._resident_mb(process.pid) == 0.0
