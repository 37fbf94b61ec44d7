"""The same tests have the same names, whenever and wherever they are collected.

Two workers that collect different names refuse to run, by chance. A name must not hold what
depends on the clock, on chance or on the order of a set: give such a parameter an id.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from tests.support.house import ROOT


def _collected(hash_seed: int) -> list[str]:
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [line for line in found.stdout.splitlines() if "::" in line]


@pytest.mark.timeout(900)
def test_names_depend_on_no_clock_chance_or_order() -> None:
    first = _collected(hash_seed=1)
    time.sleep(1)  # a name with the second in it differs now
    second = _collected(hash_seed=2)
    assert len(first) > 1000
    assert first == second
