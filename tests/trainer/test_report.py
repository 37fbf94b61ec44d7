"""`python -m bot report nlu`: lines are judged by the others; what is confused is named with its lines."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from bot.trainer.crossed import Crossed, crossed
from bot.trainer.report_command import report
from bot.trainer.report_page import page
from tests.trainer.small_project import write_project

SHIP = [
    f"{a}{b}发货"
    for a in ("几时", "多久", "什么时候", "哪天", "几号")
    for b in ("能", "会", "可以", "才")
]
BILL = [
    f"{a}{b}发票" for a in ("能开", "可以开", "帮我开", "要") for b in ("张", "个", "一下", "专用")
]
STRAY = "几号能发货呢"  # filed under bills


def found() -> Crossed:
    texts = [*SHIP, *BILL, STRAY]
    return crossed(texts, ["ship"] * len(SHIP) + ["bill"] * (len(BILL) + 1), texts)


def test_a_line_is_judged_by_the_others_and_not_by_itself() -> None:
    told = found()
    (pair,) = told.pairs
    assert (pair.written, pair.taken_for, pair.sentences) == ("bill", "ship", (STRAY,))
    assert told.right == pytest.approx((told.lines - 1) / told.lines)
    assert told.intents[0].name == "bill" and told.intents[0].recall == pytest.approx(16 / 17)


def test_the_curve_grows_with_what_is_learned_from() -> None:
    counts = [count for count, _ in found().curve]
    assert counts == sorted(counts) and len(counts) == 6
    assert found().curve == found().curve  # the same lines are held out each time


def test_the_page_names_intents_in_chinese_and_escapes_what_buyers_wrote() -> None:
    texts = [*SHIP, *BILL, "几号能发货呢<b>"]
    labels = ["ship"] * len(SHIP) + ["bill"] * (len(BILL) + 1)
    text = page(crossed(texts, labels, texts), {"ship": "问发货", "bill": "问发票"})
    assert "<b>问发票</b> 听成 <b>问发货</b>：1 句" in text
    assert "呢&lt;b&gt;" in text and "呢<b>" not in text
    assert "<svg" in text and "问发票 听成 问发货：1 句" in text


def test_it_is_written_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIANXIAOER_VAR", str(tmp_path / "var"))
    root = write_project(tmp_path / "project")
    options = argparse.Namespace(what="nlu", out=tmp_path / "results" / "nlu.html", root=root)
    assert report(options) == 0
    assert "用浏览器打开" in capsys.readouterr().out
    assert "混淆图" in options.out.read_text("utf-8")
    options.out = tmp_path / "var"
    options.out.mkdir(exist_ok=True)
    assert report(options) == 2
