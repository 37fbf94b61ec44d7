"""docs/security.md names a test for every finding of the two reports, and each of them is there."""

from __future__ import annotations

import re

import pytest

from bench.attacks.__main__ import TRIALS as ATTACKS
from bench.faults.__main__ import TRIALS as FAULTS
from tests.support.house import ROOT

FINDINGS = (
    *(f"H{number}" for number in range(1, 7)),
    *(f"M{number}" for number in range(1, 12)),
    *(f"L{number}" for number in range(1, 15)),
    *(f"A{number}" for number in range(1, 6)),
    *(f"A6.{number}" for number in range(1, 14)),
)
ROW = re.compile(r"^\| ([HMLA][\d.]+) \| `(tests/[\w/]+\.py)` \| ([\w ]+) \| (.+) \|$", re.M)


def rows() -> list[tuple[str, str, str, str]]:
    return ROW.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8"))


def test_every_finding_has_its_row() -> None:
    assert [finding for finding, *_ in rows()] == list(FINDINGS)


@pytest.mark.parametrize("finding", FINDINGS)
def test_its_test_and_its_run_are_there(finding: str) -> None:
    for _, file, name, repeated in (row for row in rows() if row[0] == finding):
        tests = re.findall(r"def (test_\w+)", (ROOT / file).read_text(encoding="utf-8"))
        assert any(name.replace(" ", "_") in test for test in tests), (file, name)
        for kind, trials in (("attacks", ATTACKS), ("faults", FAULTS)):
            if repeated.startswith(kind):
                named = repeated.removeprefix(kind).partition("(")[0].split(",")
                assert {one.strip() for one in named} <= set(trials)


def test_the_action_server_of_make_shell_listens_on_loopback_alone() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    (started,) = (line for line in lines if "run actions" in line and not line.startswith("#"))
    assert "SANIC_HOST=127.0.0.1 " in started


def test_there_is_a_licence_and_a_word_on_reporting_holes() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert (ROOT / "SECURITY.md").stat().st_size > 200
