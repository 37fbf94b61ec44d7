"""Words from a jieba of our own."""

from __future__ import annotations

from pathlib import Path

import jieba

from bot.nlu.words import Words


def test_a_lexicon_word_is_kept_together() -> None:
    assert ("轻羽冲锋衣", 0) in Words(["轻羽冲锋衣 1000 n"]).cut("轻羽冲锋衣有货吗")


def test_the_lexicon_stays_out_of_the_process_wide_jieba() -> None:
    Words(["岩羚徒步鞋 100000 n"])
    assert "岩羚徒步鞋" not in jieba.lcut("岩羚徒步鞋有货吗")


def test_blank_stretches_are_no_words() -> None:
    assert all(word.strip() for word, _ in Words().cut("有货吗  38码 \n 黑色"))


def test_offsets_point_into_the_text() -> None:
    text = "38码 黑色有货吗"
    assert all(text[start : start + len(word)] == word for word, start in Words().cut(text))


def test_the_same_word_lists_share_one_dictionary(tmp_path: Path) -> None:
    (tmp_path / "goods.txt").write_text("# goods\n岩羚徒步鞋 1000 n\n\n", encoding="utf-8")
    files = [tmp_path / "goods.txt"]
    assert Words.of_files(files) is Words.of_files(files)
