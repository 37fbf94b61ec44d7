"""A training is told how to multiply by what the processor can, whatever its name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.training.processor import told

WIDE = "fpu avx fma avx2 avx512f avx512dq avx512cd avx512bw avx512vl"
KERNELS = """
import numpy
from threadpoolctl import threadpool_info

print(*(one["architecture"] for one in threadpool_info() if "numpy" in one["filepath"]))
"""


@pytest.mark.parametrize("vendor", ["AuthenticAMD", "GenuineIntel"])
@pytest.mark.parametrize(
    ("flags", "core"),
    [
        (WIDE, "SkylakeX"),
        (WIDE.removesuffix(" avx512vl"), "Haswell"),
        ("fpu avx fma avx2", "Haswell"),
        ("fpu avx avx2", None),
        ("fpu", None),
    ],
)
def test_what_the_processor_can_decides_and_not_its_name(
    vendor: str, flags: str, core: str | None, tmp_path: Path
) -> None:
    cpus = tmp_path / "cpuinfo"
    cpus.write_text(f"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: {flags}\n\n" * 2)
    assert told(cpus).get("OPENBLAS_CORETYPE") == core


def test_where_nothing_is_known_nothing_is_told(tmp_path: Path) -> None:
    assert told(tmp_path / "none") == {}


def test_numpy_does_as_it_is_told() -> None:
    """A name that this OpenBLAS has not would leave it with the slowest of its ways."""
    wanted = told()
    if not wanted:
        pytest.skip("this machine's processor is told nothing")
    done = subprocess.run(
        [sys.executable, "-c", KERNELS],
        env={**os.environ, **wanted},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == [wanted["OPENBLAS_CORETYPE"]], done.stderr
