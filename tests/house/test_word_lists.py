"""Word lists that trainers save count in the open house; one that cannot be read changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

import bot.nlu.opting_out
import bot.nlu.while_waiting
from bot.nlu.catalogue import PlainTerm, current_catalogue, is_outdated, use_catalogue
from bot.nlu.components.extractor import ShopEntityExtractor
from bot.nlu.opting_out import read_opting_out
from bot.nlu.while_waiting import read_while_waiting
from bot.read_once import read_anew, read_once
from bot.settings import ROOT
from bot.word_lists import _READERS, FOLDER, WordLists, _kept_in

NEVER, WAIT = "以后别吱声了", "我自己能搞定"


class Lists:
    """A copy of the project's word lists; two of those who read them read it here."""

    def __init__(self, root: Path) -> None:
        shutil.copytree(ROOT / FOLDER, root / FOLDER)
        self.folder = root / FOLDER
        self.words = WordLists(root)
        self.extractor = ShopEntityExtractor({"patterns": str(self.folder / "entities")})

    def add(self, file: str, before: str, word: str) -> None:
        path = self.folder / file
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, f"{before}\n  - {word}", 1), "utf-8")

    def refresh(self) -> bool:
        return self.words.refresh(self.extractor.read_words)

    def values(self, text: str) -> list[Any]:
        return [one.value for one in self.extractor._rules.find(text, date(2026, 6, 1))]


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lists]:
    for reads in (bot.nlu.opting_out, bot.nlu.while_waiting):
        monkeypatch.setattr(reads, "FILE", tmp_path / FOLDER / reads.FILE.name)
    yield Lists(tmp_path)
    monkeypatch.undo()
    read_anew([*bot.nlu.opting_out.WORD_LISTS, *bot.nlu.while_waiting.WORD_LISTS])


def opts_out(text: str) -> bool:
    return read_opting_out(text, after_follow_up=False).opts_out


def test_a_saved_word_counts_from_the_next_look_and_not_before(lists: Lists) -> None:
    assert not opts_out(NEVER)
    lists.add("opt_out.yml", "always:", NEVER)
    assert not opts_out(NEVER)  # nobody has looked yet
    assert lists.refresh()
    assert opts_out(NEVER)
    assert not lists.refresh()  # and nothing is read again


def test_a_list_that_cannot_be_read_is_told_and_the_others_count(lists: Lists) -> None:
    lists.add("opt_out.yml", "always:", NEVER)
    lists.refresh()
    (lists.folder / "opt_out.yml").write_text("always: [<谁都没有>]\n", "utf-8")
    lists.add("while_waiting.yml", "no_person:", WAIT)
    with capture_logs() as logs:
        assert lists.refresh()
    told = [one for one in logs if one["event"] == "live.file_ignored"]
    assert [one["file"] for one in told] == ["data/patterns/opt_out.yml"]
    assert opts_out(NEVER)  # as it was read last
    assert read_while_waiting(WAIT).wants_bot


def test_words_of_entities_are_heard_and_broken_ones_leave_those_from_before(lists: Lists) -> None:
    cues = lists.folder / "entities/cues.yml"
    said = "这价格顶破天花板了呀"
    assert "dear" not in lists.values(said)
    text = cues.read_text("utf-8")
    assert "\n  dear: [" in text
    cues.write_text(text.replace("\n  dear: [", "\n  dear: [顶破天花板, ", 1), "utf-8")
    assert lists.refresh()
    assert "dear" in lists.values(said)
    cues.write_text("cue: [[\n", "utf-8")
    with capture_logs() as logs:
        assert not lists.refresh()
    assert [one["event"] for one in logs] == ["live.file_ignored"]
    assert "dear" in lists.values(said)


def test_names_of_sorts_have_the_shops_words_given_anew(lists: Lists) -> None:
    before = current_catalogue()
    use_catalogue("words-1", [PlainTerm("杯子", "kind", "杯子")])
    try:
        lists.add("opt_out.yml", "always:", NEVER)
        lists.refresh()
        assert not is_outdated()
        with (lists.folder / "sorts.yml").open("a", encoding="utf-8") as file:
            file.write("\n# looked at\n")
        lists.refresh()
        assert is_outdated()
        use_catalogue("words-1", [PlainTerm("杯子", "kind", "杯子")])  # the same version, anew
        assert not is_outdated()
    finally:
        use_catalogue(before.version or "before", before.terms)


def test_every_list_of_the_project_has_somebody_who_reads_it_anew() -> None:
    folder = ROOT / FOLDER
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert {_kept_in(file) for file in files} == set(_READERS)


def test_of_readers_that_belong_together_all_read_anew_or_none() -> None:
    content = {"words": 1}

    @read_once
    def first() -> int:
        return content["words"]

    @read_once
    def second() -> int:
        return 10 // first()

    assert (first(), second()) == (1, 10)
    content["words"] = 0
    with pytest.raises(ZeroDivisionError):
        read_anew([first, second])
    assert (first(), second()) == (1, 10)
    content["words"] = 5
    read_anew([first, second])
    assert (first(), second()) == (5, 2)
