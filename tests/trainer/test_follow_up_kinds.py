"""Mistakes in data/followups.yml and in its words are told by file and line, with what to write."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.dialogue.table_file import TableError
from bot.followups.kinds import FILE, SUBJECTS, read_kinds
from bot.trainer.check import HOUSE_WORDS
from bot.trainer.follow_ups import look
from bot.trainer.replies import Reply

GOOD = """kinds:
  unpaid:
    about: 下单没付
    planned_by: placed
    subject: order
    asked_by: shop
    after: 40m
    from: "12:00"
    ends_when: [paid]
    expires: 2d
    joins: yes
"""


def reply(name: str, *texts: str) -> Reply:
    told = tuple((text, number) for number, text in enumerate(texts, 5))
    return Reply(name, "data/replies/followups.yml", 4, told, ())


WORDS = [
    reply("utter_follow_up_unpaid", "{goods}还没付", "{assistant}提醒您"),
    reply("utter_follow_up_unpaid_several", "{count}单"),
]


def project(folder: Path, text: str) -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "followups.yml").write_text(text, encoding="utf-8")
    return folder


def told(folder: Path, text: str, words: list[Reply] = WORDS) -> list[str]:
    found = look(project(folder, text), words, HOUSE_WORDS)
    return [f"{one.file}:{one.line}: {one.what} {one.instead}" for one in found]


def test_a_kind_is_read_as_it_stands(tmp_path: Path) -> None:
    kind = read_kinds(project(tmp_path, GOOD) / "data" / "followups.yml")["unpaid"]
    assert (kind.after, kind.expires) == (timedelta(minutes=40), timedelta(days=2))
    assert (kind.not_before, kind.joins, kind.is_on) == (time(12), True, True)
    assert told_nothing(tmp_path)


def told_nothing(root: Path) -> bool:
    return look(root, WORDS, HOUSE_WORDS) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "advice"),
    [
        ("planned_by: placed", "planned_by: plced", 4, "placed"),
        ("subject: order", "subject: ordr", 5, "order"),
        ("asked_by: shop", "asked_by: boss", 6, "buyer"),
        ("after: 40m", "after: 40", 7, "40m"),
        ("after: 40m", "after: used_up", 7, "signed"),
        ('from: "12:00"', 'from: "noon"', 8, "18:00"),
        ("[paid]", "[payed]", 9, "paid"),
        ("    expires: 2d\n", "", 2, "expires"),
        ("joins: yes", "joins: maybe", 11, "yes"),
        ("joins: yes", "join: yes", 11, "joins"),
        ("  unpaid:", "  Unpaid:", 2, "小写"),
        ("kinds:", "kind:", 1, "kinds"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, advice: str
) -> None:
    assert GOOD.count(before) == 1
    with pytest.raises(TableError, match=advice) as error:
        told(tmp_path, GOOD.replace(before, after))
    assert f"followups.yml:{line}: " in str(error.value)


def test_a_kind_without_words_is_told(tmp_path: Path) -> None:
    [finding] = told(tmp_path, GOOD, WORDS[:1])
    assert finding.startswith("data/followups.yml:2: ")
    assert "utter_follow_up_unpaid_several" in finding


def test_words_that_no_kind_says_are_told(tmp_path: Path) -> None:
    [finding] = told(tmp_path, GOOD, [*WORDS, reply("utter_follow_up_birthday", "生日快乐")])
    assert "utter_follow_up_birthday" in finding


def test_braces_that_nothing_fills_are_told(tmp_path: Path) -> None:
    odd = reply("utter_follow_up_unpaid", "{goods}", "{nickname}您好")
    [finding] = told(tmp_path, GOOD, [odd, WORDS[1]])
    assert finding.startswith("data/replies/followups.yml:6: ") and "{nickname}" in finding


def test_an_ending_that_never_comes_to_such_a_thing_is_told(tmp_path: Path) -> None:
    [finding] = told(tmp_path, GOOD.replace("[paid]", "[paid, out_of_stock]"))
    assert "out_of_stock" in finding and "product" in finding


def test_the_kinds_of_the_house_are_in_order() -> None:
    assert {"unpaid_order", "undecided", "restock"} <= set(read_kinds(FILE))
    assert {kind.subject for kind in read_kinds(FILE).values()} <= set(SUBJECTS)
