"""One cell of the classifiers' table, on a handful of lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.classifier_cell import reader, train

LINES = {
    "stock_check": ["还有货吗", "38码有没有货", "什么时候补货", "黑色还有吗"],
    "ask_postage": ["包邮吗", "邮费多少", "运费谁出", "满多少包邮"],
}


@pytest.mark.parametrize("extra", ["none", "sentence"])
def test_what_was_trained_is_read_back_and_answers(tmp_path: Path, extra: str) -> None:
    data = tmp_path / "lines.jsonl"
    rows = [{"text": text, "intent": name} for name, texts in LINES.items() for text in texts]
    data.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    train("svm", extra, tmp_path, data)
    read = reader("svm", extra, tmp_path)
    assert [read("还有货没有"), read("邮费要多少")] == ["stock_check", "ask_postage"]
