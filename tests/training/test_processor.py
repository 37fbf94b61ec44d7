"""A training is told of what the libraries do not know of the processor, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.training.processor import told

WIDE = "fpu avx avx2 avx512f avx512dq avx512cd avx512bw avx512vl"


@pytest.mark.parametrize(
    ("vendor", "flags", "is_told"),
    [
        ("AuthenticAMD", WIDE, True),
        ("AuthenticAMD", "fpu avx avx2", False),
        ("AuthenticAMD", WIDE.removesuffix(" avx512vl"), False),
        ("GenuineIntel", WIDE, False),
    ],
)
def test_only_of_wide_registers_that_they_do_not_look_for(
    vendor: str, flags: str, is_told: bool, tmp_path: Path
) -> None:
    cpus = tmp_path / "cpuinfo"
    cpus.write_text(f"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: {flags}\n\n" * 2)
    assert bool(told(cpus)) is is_told


def test_where_nothing_is_known_nothing_is_told(tmp_path: Path) -> None:
    assert told(tmp_path / "none") == {}
