"""Texts that need no understanding, and 退订 told from 别发了."""

from __future__ import annotations

import pytest

from bot.conversations.reflexes import is_opt_out, reflex


@pytest.mark.parametrize("text", ["？？？", "😂😂", "...", "~", "[微笑]", "❤️"])
def test_signs_alone_are_answered_kindly(text: str) -> None:
    assert reflex(text) == "utter_only_signs"


@pytest.mark.parametrize("text", ["在吗", "38", "👌", "👍", "ok", "🙏"])
def test_words_and_pictures_that_mean_words_are_for_the_engine(text: str) -> None:
    assert reflex(text) is None


@pytest.mark.parametrize(
    "text",
    ["退订", "TD", "t", "别给我发消息了", "不要再发广告了", "请不要再打扰了", "别烦我", "退订!"],
)
def test_plain_opt_outs_are_seen_at_any_time(text: str) -> None:
    assert is_opt_out(text, after_follow_up=False)


@pytest.mark.parametrize("text", ["别发了", "请别发了", "不要再发了", "你们别再发了"])
def test_no_more_sending_means_messages_only_after_one_of_ours(text: str) -> None:
    assert is_opt_out(text, after_follow_up=True)
    assert not is_opt_out(text, after_follow_up=False)


@pytest.mark.parametrize(
    "text", ["先别发货", "别发顺丰", "退货", "不要了", "怎么退订单", "发我看看"]
)
def test_other_wishes_are_no_opt_outs(text: str) -> None:
    assert not is_opt_out(text, after_follow_up=True)
