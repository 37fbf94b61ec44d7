"""One list of a file is changed; comments, order, quotes and all other lines stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.trainer.in_place import InPlace
from bot.trainer.teaching import CannotTeach

ROOT = Path(__file__).resolve().parents[2]
TEXT = """version: "3.1"

# 开头的话
nlu:
- intent: faq/ask_card
  metadata: {title: 问贺卡}   # 按钮
  examples: |
    - 能写贺卡吗
    - 有 贺卡没

responses:
  utter_faq/ask_card:  # 说法
    - text: 可以的，写什么发给我
      buttons: &yes
        - {title: 好的, payload: /affirm}
    # 第二种
    - text: "能写: 发我就行"
      buttons: *yes
  utter_other:
    - text: 别的
words:
  短: [甲, "乙",
    丙]  # 三个
  块:
    # 头一个
    - 一
    - 二 # 第二个
  空: []
last: 完
"""


def changed(path: tuple[str | int, ...], *items: str, text: str = TEXT) -> str:
    return InPlace(text).changed(path, items).text


def other_lines(text: str) -> list[str]:
    """What is other than in TEXT, as a diff tells it."""
    before, after = TEXT.splitlines(), text.splitlines()
    return [f"-{one}" for one in before if one not in after] + [
        f"+{one}" for one in after if one not in before
    ]


ANSWERS = ("responses", "utter_faq/ask_card")


@pytest.mark.parametrize(
    ("path", "items", "told"),
    [
        (("nlu", 0, "examples"), ("能写贺卡吗", "新的", "有 贺卡没"), ["+    - 新的"]),
        (("nlu", 0, "examples"), ("有 贺卡没",), ["-    - 能写贺卡吗"]),
        (
            ("nlu", 0, "metadata", "title"),
            ("问: 卡",),
            [
                "-  metadata: {title: 问贺卡}   # 按钮",
                '+  metadata: {title: "问: 卡"}   # 按钮',
            ],
        ),
        (
            ANSWERS,
            ("可以的，写什么发给我", "能写: 发我就行", "no"),
            ['+    - text: "no"'],
        ),
        (
            ANSWERS,
            ("可以，{name}", "能写: 发我就行"),
            ["-    - text: 可以的，写什么发给我", "+    - text: 可以，{name}"],
        ),
        (
            ANSWERS,
            ("可以的，写什么发给我",),
            ['-    - text: "能写: 发我就行"', "-      buttons: *yes"],
        ),
        (("words", "短"), ("甲", "乙", "丙", "丁"), ["-    丙]  # 三个", "+    丙, 丁]  # 三个"]),
        (
            ("words", "短"),
            ("甲", "丙"),
            ['-  短: [甲, "乙",', "-    丙]  # 三个", "+  短: [甲, 丙]  # 三个"],
        ),
        (("words", "块"), ("零", "一", "二"), ["+    - 零"]),
        (("words", "块"), ("一",), ["-    - 二 # 第二个"]),
        (("words", "空"), ("甲", "# 井"), ["-  空: []", '+  空: [甲, "# 井"]']),
        (("words", "新"), ("甲",), ["+  新: [甲]"]),
        (("last",), ("尾",), ["-last: 完", "+last: 尾"]),
    ],
)
def test_only_what_was_asked_for_is_other(
    path: tuple[str | int, ...], items: tuple[str, ...], told: list[str]
) -> None:
    done = changed(path, *items)
    assert other_lines(done) == told
    assert InPlace(done).items(path) == list(items)


def test_windows_line_ends_stay_what_they_are() -> None:
    done = changed(("nlu", 0, "examples"), "能写贺卡吗", "新的", text=TEXT.replace("\n", "\r\n"))
    assert "\n" not in done.replace("\r\n", "")
    assert "    - 新的\r\n" in done and "有 贺卡没" not in done


def test_a_file_without_an_end_of_line_gets_its_last_item() -> None:
    assert changed(("a",), "一", "二", text="a:\n- 一") == "a:\n- 一\n- 二"
    assert changed(("a", "c"), "二", text="a:\n  b: [一]") == "a:\n  b: [一]\n  c: [二]"


@pytest.mark.parametrize(
    ("path", "items"),
    [
        (ANSWERS, ()),  # nothing would be said
        (ANSWERS, ("能写: 发我就行",)),  # its buttons are another's too
        (("nlu", 7, "examples"), ("好",)),
        (("nowhere", "x"), ("好",)),
    ],
)
def test_what_would_break_something_else_is_refused(
    path: tuple[str | int, ...], items: tuple[str, ...]
) -> None:
    with pytest.raises(CannotTeach):
        changed(path, *items)


def test_a_comment_between_two_words_is_not_lost() -> None:
    text = "a: [甲, # 为什么\n  乙, 丙]\n"
    with pytest.raises(CannotTeach):
        changed(("a",), "乙", "丙", text=text)
    assert "# 为什么" in changed(("a",), "甲", "丙", text=text)


def test_every_reply_of_the_house_can_get_another_variant() -> None:
    for path in sorted((ROOT / "data/replies").glob("*.yml")):
        content = InPlace(path.read_text("utf-8"))
        for name in list(content.content["responses"])[::9]:
            place = ("responses", name)
            items = content.items(place)
            done = content.changed(place, [*items, "再加一种: 好"])
            assert done.text.count("\n") == content.text.count("\n") + 1
