"""Texts that need no understanding."""

from __future__ import annotations

import pytest

from bot.conversations.reflexes import reflex


@pytest.mark.parametrize("text", ["？？？", "😂😂", "...", "~", "[微笑]", "❤️"])
def test_signs_alone_are_answered_kindly(text: str) -> None:
    assert reflex(text) == "utter_only_signs"


@pytest.mark.parametrize(
    "text",
    ['[语音] 39"', "[语音]", "语音8秒", "[视频] 00:15", "[转账] ¥200.00", "[图片]", "[文件] 报价.xlsx",
     "[该消息类型暂不支持，请在手机上查看]"],
)  # fmt: skip
def test_what_stands_for_a_voice_or_a_file_asks_for_words(text: str) -> None:
    assert reflex(text) == "utter_not_readable"


@pytest.mark.parametrize(
    "text", ["对方撤回了一条消息", '"阿蓝" 撤回了一条消息', "[表情]\n你撤回了一条消息"]
)
def test_a_recall_is_passed_over(text: str) -> None:
    assert reflex(text) == "utter_recalled"


@pytest.mark.parametrize(
    "text",
    ["【转人工】", "[位置] 浙江省杭州市西湖区竹竿巷10号", "[语音] 39码有吗", "能撤回一条消息吗"],
)
def test_words_beside_a_bracket_are_for_the_engine(text: str) -> None:
    assert reflex(text) is None


@pytest.mark.parametrize("text", ["在吗", "38", "👌", "👍", "ok", "🙏"])
def test_words_and_pictures_that_mean_words_are_for_the_engine(text: str) -> None:
    assert reflex(text) is None
