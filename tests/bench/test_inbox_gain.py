"""The bench of the inbox: what is taught from the pool is measured on the other half."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench import inbox_gain
from bench.nlu_scores import Row
from bot.trainer.plain_lines import PlainLines

KNOWN = [("多久发货", "ship"), ("几时发货", "ship"), ("能开发票吗", "bill"), ("要开发票", "bill")]
NEW = ("啥时候寄走", "哪天寄走呢", "寄走了没", "今天寄走不", "明天寄走吗", "快点寄走")


def test_lines_the_judge_does_not_know_bring_points_to_the_other_half() -> None:
    rows = [Row(text, "parcel", ("parcel",)) for text in NEW]
    gained, _ = inbox_gain._gains(KNOWN, rows, PlainLines(None), random.Random(1))
    assert gained > 0


def test_without_the_file_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["inbox_gain", str(tmp_path / "none.jsonl")])
    assert inbox_gain.main() == 2
    assert "not beside us" in capsys.readouterr().out
