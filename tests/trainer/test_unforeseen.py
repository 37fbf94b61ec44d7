"""A trainer never meets a traceback, whatever goes wrong; who mends it finds it in a file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.trainer.unforeseen import FOLDER, told


def boom() -> int:
    raise KeyError("nobody thought of this")


def test_it_is_a_sentence_and_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(boom, "publish", tmp_path) == 2
    said = capsys.readouterr().err
    [file] = (tmp_path / FOLDER).iterdir()
    assert "没料到" in said and str(file) in said and "Traceback" not in said
    assert "in boom" in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_goes_well_is_left_alone(tmp_path: Path) -> None:
    assert told(lambda: 1, "check", tmp_path) == 1
    assert not (tmp_path / FOLDER).exists()


def test_where_nothing_can_be_written_it_is_told_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FOLDER).write_text("no folder", encoding="utf-8")
    assert told(boom, "check", tmp_path) == 2
    assert "in boom" in capsys.readouterr().err
