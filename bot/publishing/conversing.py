"""Plays the conversation tests on a model, in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_FILE = "tests/conversations/test_conversations.py"
_PLAYED_WITHIN_S = 1800


class CannotPlay(Exception):
    """The tests did not come to an end; the text says why."""


@dataclass(frozen=True)
class Played:
    of: int
    failed: tuple[str, ...]  # topic/name


def can_play(root: Path) -> bool:
    """Whether the tests and what runs them are installed."""
    return (root / _FILE).exists() and importlib.util.find_spec("pytest") is not None


def play(root: Path, model: Path, only: Sequence[str] = ()) -> Played:
    """`only`: these conversations. Raises CannotPlay."""
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-play-") as folder:
        report = Path(folder) / "played.xml"
        wanted = [f"{_FILE}::test_conversation_goes_as_written[{name}]" for name in only]
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *(f"--junitxml={report}", *(wanted or [_FILE])),
        ]
        try:
            done = subprocess.run(
                command,
                cwd=root,
                env={**os.environ, "MODELS": str(model), "PYTHONPATH": str(root)},
                capture_output=True,
                timeout=_PLAYED_WITHIN_S,
                check=False,
            )
            suite = ElementTree.parse(report).getroot()
        except (OSError, subprocess.TimeoutExpired, ElementTree.ParseError) as error:
            raise CannotPlay(f"对话考题没有跑完（{type(error).__name__}）") from None
        if done.returncode not in (0, 1):
            raise CannotPlay(f"对话考题没有跑完（退出码 {done.returncode}）")
        return _played(suite)


def _played(suite: ElementTree.Element) -> Played:
    cases = list(suite.iter("testcase"))
    failed = [
        case.get("name", "").partition("[")[2].removesuffix("]")
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]
    return Played(len(cases), tuple(sorted(failed)))
