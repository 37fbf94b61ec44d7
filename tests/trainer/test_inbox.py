"""The trainers' inbox: alike lines are one row, the most helpful first; accepting writes in place."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.conversations.wishes import Wish
from bot.dialogue.outcome import Outcome
from bot.trainer.inbox import rows_of
from bot.trainer.likeness import Likeness
from bot.trainer.plain_lines import PlainLines
from bot.trainer.teaching import CannotTeach, teach
from tests.support.waiting import PATIENCE_S
from tests.trainer.small_project import LINES, write_project

NOON = datetime(2026, 6, 1, 4, tzinfo=timezone.utc)
TAUGHT = [(line, intent) for intent, lines in LINES.items() for line in lines]
WISHES = "data/nlu/wishes.yml"


def wish(text: str, at: int, outcome: Outcome = Outcome.NOT_UNDERSTOOD, **more: object) -> Wish:
    values = {"sureness": 0.2, **more}
    return Wish(
        conversation_id=f"c{at}", seq=1, last_seq=1, ordinal=0, text=text,
        asked_at=NOON + timedelta(minutes=at), outcome=outcome, **values,  # type: ignore[arg-type]
    )  # fmt: skip


def rows(wishes: list[Wish], done: set[str] | None = None):  # type: ignore[no-untyped-def]
    plain = PlainLines(None)
    likeness = Likeness(plain.of([text for text, _ in TAUGHT]), [intent for _, intent in TAUGHT])
    return rows_of(wishes, likeness, plain, done=done or set())


def test_many_of_the_same_are_one_row_and_come_first() -> None:
    late = [
        wish(text, at) for at, text in enumerate(["多久能发货", "多久发货啊", "到底多久发货"] * 3)
    ]
    found = rows([*late, wish("开普票", 50)])
    assert [row.count for row in found] == [9, 1]
    assert found[0].nearest[0][0] == "ask_ship_time"
    assert len(found[0].lines) == 3 and len(found[0].chats) == 4


def test_a_line_that_was_taken_back_helps_more_than_one_that_was_asked_about() -> None:
    asked = wish("要不要邮资费", 1, Outcome.ASKED_BACK)
    back = wish("开个专票", 2, Outcome.ANSWERED, corrected_seq=3)
    assert [row.line for row in rows([asked, back])] == ["开个专票", "要不要邮资费"]


def test_what_is_decided_about_is_not_listed_again() -> None:
    assert rows([wish("哈哈哈", 1)], done=set(PlainLines(None).of(["哈哈哈"]))) == []


def test_phones_stay_hidden() -> None:
    (row,) = rows([wish("打13812345678找我开票", 1)])
    assert "13812345678" not in str(row)


def test_accepting_writes_one_line_beside_its_like_and_changes_no_other(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    text = (root / WISHES).read_text(encoding="utf-8")
    (root / WISHES).write_text("# 说明\n" + text.replace("    - 几号寄", "    - 几号寄\n"), "utf-8")
    before = (root / WISHES).read_text(encoding="utf-8").split("\n")
    file, _, line = teach(root, "几号能寄出", "ask_ship_time").partition(":")
    after = (root / file).read_text(encoding="utf-8").split("\n")
    assert after[int(line) - 1] == "    - 几号能寄出"
    assert after[: int(line) - 1] + after[int(line) :] == before
    assert after[int(line) - 2].strip().removeprefix("- ") in LINES["ask_ship_time"]


@pytest.mark.parametrize(
    ("text", "intent", "words"),
    [
        ("几号寄", "ask_ship_time", "已经写在"),
        ("几号能寄", "ask_ship_tine", "ask_ship_time"),
        ("打13812345678", "ask_ship_time", "电话"),
        ("", "ask_ship_time", "没有句子"),
        ("[几号](size)寄出", "ask_ship_time", "方括号"),
    ],
)
def test_what_cannot_be_taught_changes_nothing(
    text: str, intent: str, words: str, tmp_path: Path
) -> None:
    root = write_project(tmp_path)
    before = (root / WISHES).read_bytes()
    with pytest.raises(CannotTeach, match=words):
        teach(root, text, intent)
    assert (root / WISHES).read_bytes() == before


def test_with_a_name_it_is_a_commit_of_that_trainer(tmp_path: Path) -> None:
    root = write_project(tmp_path)

    def git(*words: str) -> str:
        who = ("-c", "user.name=x", "-c", "user.email=x@localhost")
        done = subprocess.run(
            ["git", *who, *words], cwd=root, check=True, capture_output=True, timeout=PATIENCE_S
        )
        return done.stdout.decode()

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    teach(root, "几号能寄出", "ask_ship_time", by="小林")
    assert git("log", "-1", "--format=%an: %s").strip() == "小林: ask_ship_time: 几号能寄出"
    assert git("status", "--porcelain") == ""
