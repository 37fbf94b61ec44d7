"""What is written holds phones, addresses and keys: it is its owner's alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.house import ROOT
from tests.support.waiting import PATIENCE_S


def run(folder: Path, *arguments: str, told: str = "") -> None:
    subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, "DIANXIAOER_VAR": str(folder), "DATABASE_URL": "", "DEMO": ""},
        input=told,
        text=True,
        check=True,
        timeout=PATIENCE_S,
        capture_output=True,
        start_new_session=True,  # no terminal: passwords come from the input
        umask=0o022,  # as most systems have it
    )


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """Not made yet: the house makes it."""
    return tmp_path / "var"


def test_what_the_house_writes_nobody_else_reads(var: Path) -> None:
    run(var, "bot", "buyer", "export", "nobody")
    written = [var, *var.rglob("*")]
    assert {"dianxiaoer.db", "secret_key"} <= {path.name for path in written}
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []


def test_a_filled_shop_nobody_else_reads(var: Path) -> None:
    run(var, "bot.shop", "demo")
    assert [path.name for path in var.rglob("*.db*") if path.stat().st_mode & 0o077] == []


def test_a_changed_password_takes_the_first_ones_file_away(var: Path) -> None:
    var.mkdir()
    first = var / "desk_password.txt"
    first.write_text("the first password")
    run(var, "bot", "agent", "admin", told="a new password\na new password\n")
    assert not first.exists()
