"""A question finds its line of the product sheet, or none."""

from __future__ import annotations

import pytest
import yaml

from actions.sheet import TOPICS_FILE, is_general, topics_of
from bot.shop.goods import SHEET_TOPICS


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("下雨天能穿吗", "waterproof"),
        ("能防多大的雨", "waterproof"),
        ("零下十度冷不冷", "warmth"),
        ("会不会捂脚", "breathable"),
        ("什么料子的", "material"),
        ("重不重", "weight"),
        ("能机洗吗", "care"),
        ("哪里产的", "origin"),
        ("和栖云有啥区别", "difference"),
        ("保修多久", "warranty"),
    ],
)
def test_a_question_names_its_topic(question: str, topic: str) -> None:
    assert topics_of(question)[0] == topic


def test_an_unknown_thing_names_no_topic() -> None:
    assert topics_of("带蓝牙吗") == []


def test_a_general_question_is_about_the_whole_product() -> None:
    assert is_general("介绍一下这款")
    assert not is_general("介绍一下面料")


def test_every_topic_of_the_words_file_is_one_that_sheets_have() -> None:
    topics = yaml.safe_load(TOPICS_FILE.read_text(encoding="utf-8"))["topics"]
    assert set(topics) <= set(SHEET_TOPICS)
