"""The shop's own words stand in replies, whoever says them; no reply names the demo shop's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.house_words import HouseWords
from bot.settings import Settings
from tests.support.house import ROOT

_REPLIES = sorted((ROOT / "data" / "replies").glob("*.yml"))


async def said(words: dict[str, str], text: str, **values: str) -> str:
    generator = HouseWords(TemplatedNaturalLanguageGenerator({"utter_x": [{"text": text}]}), words)
    tracker = DialogueStateTracker.from_events("x", [])
    drafted = await generator.generate("utter_x", tracker, "web", **values)
    assert drafted is not None
    return str(drafted["text"])


async def test_a_reply_is_filled_with_the_shops_words() -> None:
    words = {"assistant": "小茶", "shop_kind": "茶叶"}
    assert await said(words, "我是{assistant}，卖{shop_kind}") == "我是小茶，卖茶叶"


async def test_what_an_action_gives_counts_more() -> None:
    assert await said({"name": "小茶"}, "{name}现货", name="云袜") == "云袜现货"


async def test_without_words_the_reply_stays_unfilled() -> None:
    """The control: it is the wrapper that fills."""
    assert await said({}, "我是{assistant}") == "我是{assistant}"


@pytest.mark.parametrize("path", _REPLIES, ids=lambda path: path.name)
def test_no_reply_knows_which_shop_speaks(path: Path, settings: Settings) -> None:
    """A shop of tea takes over data/replies as they are."""
    texts = str(yaml.safe_load(path.read_text(encoding="utf-8")))
    own = {*settings.shop.words.values(), "店小二", "户外", "登山", "徒步", "露营", "上新"}
    assert not re.findall("|".join(map(re.escape, sorted(own))), texts)
