"""What is changed on a page is checked first, written in place, and never over somebody else's work."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.trainer import editing, overlay
from bot.trainer.editing import Change, Edited, Saved, save
from bot.trainer.shelves import shelf
from bot.trainer.teaching import CannotTeach
from tests.support.waiting import PATIENCE_S
from tests.trainer.small_project import NEW, REPLIES, write, write_project

FREE = ("responses", "utter_postage_free")
STORE = ("responses", "utter_faq/ask_physical_store")
ASKED = ("nlu", 0, "examples")
CUES = "data/patterns/entities/cues.yml"
EXPECTED = "data/dialogue/expected.yml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = write_project(tmp_path / "project")
    write(root, CUES, "# 怎么写\ncue:\n  # 嫌贵\n  dear: [太贵了, 贵了]\n")
    return root


def saved(root: Path, kind: str, file: str, *changes: Change, **more: Any) -> Saved:
    mark = more.pop("mark", None) or shelf(root, kind).marks[file]
    return save(root, root / "kept", kind, file, mark, changes, **more)


def change(path: tuple[str | int, ...], *items: str) -> Change:
    return Change(path=path, items=items)


def test_each_page_shows_what_its_files_say(project: Path) -> None:
    (question,) = shelf(project, "questions").entries
    assert (question.file, question.title) == (NEW, "问实体店")
    assert [part.label for part in question.parts] == ["买家怎么问", "怎么回答", "按钮上的字"]
    assert {one.name for one in shelf(project, "replies").entries} == {
        "utter_postage_fee",
        "utter_postage_free",
    }
    words = shelf(project, "words")
    assert (words.entries[0].title, words.entries[0].parts[0].items) == ("嫌贵", ("太贵了", "贵了"))
    assert words.about[CUES] == "怎么写"


def test_a_question_gets_another_way_to_ask_and_another_answer(project: Path) -> None:
    said = shelf(project, "questions").entries[0].parts
    saved(
        project,
        "questions",
        NEW,
        change(ASKED, *said[0].items, "能过去摸摸料子不"),
        change(STORE, *said[1].items, "门店还没开，网上拍方便些。"),
    )
    text = (project / NEW).read_text("utf-8")
    assert "    - 能过去摸摸料子不\n" in text
    assert "    - text: 门店还没开，网上拍方便些。\n" in text


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["运费免了", "保证不收运费"], "「保证」是绝对化用语"),
        (["运费免了"], "只有一种说法"),
        (["运费免了", "{fee_of}不收"], "fee_of"),
        (["运费免了", "加我微信退您"], "店外"),
        (["运费免了", "好" * 61], "太长"),
        (["运费免了", "打13812345678"], "电话"),
        (["运费免了", "运费免了"], "写了两遍"),
        (["运费免了", "一\n二"], "换行"),
    ],
)
def test_what_the_check_refuses_is_not_written_and_told_in_its_words(
    project: Path, texts: list[str], told: str
) -> None:
    before = (project / REPLIES).read_bytes()
    with pytest.raises(CannotTeach, match=told):
        saved(project, "replies", REPLIES, change(FREE, *texts))
    assert (project / REPLIES).read_bytes() == before


def test_what_was_wrong_before_does_not_hold_up_another_change(project: Path) -> None:
    (project / "data/replies/other.yml").write_text(
        "version: '3.1'\nresponses:\n  utter_nobody_says:\n    - text: 保证\n", "utf-8"
    )
    saved(project, "replies", REPLIES, change(FREE, "运费免了", "这单包邮"))
    assert "    - text: 这单包邮\n" in (project / REPLIES).read_text("utf-8")


def test_a_line_that_would_be_heard_as_another_wish_is_written_with_advice(project: Path) -> None:
    said = shelf(project, "questions").entries[0].parts[0].items
    told = saved(project, "questions", NEW, change(ASKED, *said, "运费多少呀"))
    assert any("运费多少" in one for one in told.advice)
    with pytest.raises(CannotTeach, match="同时写在"):
        saved(project, "questions", NEW, change(ASKED, *said, "运费多少"))


def test_a_file_edited_by_hand_meanwhile_is_not_written_over(project: Path) -> None:
    mark = shelf(project, "replies").marks[REPLIES]
    by_hand = (project / REPLIES).read_text("utf-8").replace("放心拍", "放心买")
    write(project, REPLIES, by_hand)
    wanted = change(FREE, "运费免了", "这单包邮")
    with pytest.raises(Edited, match="又被改过"):
        saved(project, "replies", REPLIES, wanted, mark=mark)
    assert (project / REPLIES).read_text("utf-8") == by_hand
    saved(project, "replies", REPLIES, wanted)  # once the file was read again
    assert "这单包邮" in (project / REPLIES).read_text("utf-8")


def test_nor_one_that_is_edited_while_the_check_looks(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = editing._looked_at

    def slowly(*given: Any) -> tuple[str, ...]:
        told = look(*given)
        write(project, REPLIES, "# by hand\n")
        return told

    monkeypatch.setattr(editing, "_looked_at", slowly)
    with pytest.raises(Edited):
        saved(project, "replies", REPLIES, change(FREE, "运费免了", "这单包邮"))
    assert (project / REPLIES).read_text("utf-8") == "# by hand\n"


def test_were_nobody_to_look_at_the_mark_the_work_by_hand_would_be_lost(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "demand_unedited", lambda *_: None)
    look = editing._looked_at

    def slowly(*given: Any) -> tuple[str, ...]:
        told = look(*given)
        write(project, REPLIES, "# by hand\n")
        return told

    monkeypatch.setattr(editing, "_looked_at", slowly)
    saved(project, "replies", REPLIES, change(FREE, "运费免了", "这单包邮"))
    assert "# by hand" not in (project / REPLIES).read_text("utf-8")


def test_a_full_disk_is_told_and_leaves_the_file_whole(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (project / REPLIES).read_bytes()
    write_bytes = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.suffix == ".half":
            write_bytes(path, content[:10])
            raise OSError(28, "No space left on device")
        return write_bytes(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CannotTeach, match="什么都没有改"):
        saved(project, "replies", REPLIES, change(FREE, "运费免了", "这单包邮"))
    assert (project / REPLIES).read_bytes() == before
    assert not list(project.rglob("*.half"))


def test_a_word_list_that_could_not_be_read_is_refused(project: Path) -> None:
    with pytest.raises(CannotTeach, match="花括号不成对"):
        saved(project, "words", CUES, change(("cue", "dear"), "太贵了", "{好|太贵"))
    saved(project, "words", CUES, change(("cue", "dear"), "太贵了", "{好|太}贵"))
    assert '  dear: [太贵了, "{好|太}贵"]\n' in (project / CUES).read_text("utf-8")


def test_the_table_of_situations_knows_its_names(project: Path) -> None:
    table = "situations:\n  told_price: # 说了价格\n    可能: [affirm]\nmatters: {}\nvalues: {}\n"
    write(project, EXPECTED, table)
    path = ("situations", "told_price")
    with pytest.raises(CannotTeach, match="是不是「ask_postage」"):
        saved(project, "situations", EXPECTED, change((*path, "可能"), "affirm", "ask_postag"))
    saved(project, "situations", EXPECTED, change((*path, "很可能"), "ask_postage"))
    assert "    可能: [affirm]\n    很可能: [ask_postage]\n" in (project / EXPECTED).read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("../../etc/passwd", FREE),
        ("domain.yml", ("intents",)),
        (REPLIES, ("version",)),
        (REPLIES, ("responses",)),
    ],
)
def test_nothing_beside_the_page_can_be_written(
    project: Path, file: str, path: tuple[str, ...]
) -> None:
    with pytest.raises(CannotTeach):
        saved(project, "replies", file, change(path, "好"), mark="x" * 64)
    with pytest.raises(CannotTeach):
        mark = shelf(project, "replies").marks[REPLIES]
        saved(project, "replies", file, change(path, "好"), mark=mark)


def test_the_change_is_a_commit_of_the_trainers(project: Path) -> None:
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *words], cwd=project, check=True, timeout=PATIENCE_S)
    saved(project, "replies", REPLIES, change(FREE, "运费免了", "这单包邮"), by="小林")
    told = subprocess.run(
        ["git", "log", "-1", "--stat", "--format=%an %s"],
        cwd=project,
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    ).stdout.decode()
    assert told.startswith(f"小林 {REPLIES}: responses › utter_postage_free")
    assert "1 file changed" in told


def test_the_copy_that_is_checked_is_gone_afterwards(project: Path) -> None:
    with overlay.overlaid(project, REPLIES, "x") as place:
        assert (place / REPLIES).read_text() == "x" and (project / REPLIES).read_text() != "x"
        assert (place / NEW).read_bytes() == (project / NEW).read_bytes()
    assert not place.exists()
