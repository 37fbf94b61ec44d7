"""The words on a button come from the titles file, or from beside a trainer's own question."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.frame.intent_titles import titles_of

OWN = """nlu:
- intent: faq/ask_gift_card
  metadata: {title: 问代写贺卡}
  examples: |
    - 能写贺卡吗
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "titles.yml"
    path.write_text("titles:\n  ask_postage: 问运费\n", encoding="utf-8")
    return path


def test_a_question_brings_its_own_title(file: Path, tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "gift.yml").write_text(OWN, encoding="utf-8")
    titles = titles_of(file, tmp_path / "questions")
    assert titles == {"ask_postage": "问运费", "faq/ask_gift_card": "问代写贺卡"}


def test_a_file_that_cannot_be_read_costs_its_own_title_only(file: Path, tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "gift.yml").write_bytes(OWN.encode("gb18030"))
    assert titles_of(file, tmp_path / "questions") == {"ask_postage": "问运费"}
