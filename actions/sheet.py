"""Finds which lines of a product's sheet a question is about."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from bot.shop.goods import Product

TOPICS_FILE = Path(__file__).resolve().parent.parent / "data" / "patterns" / "sheet_topics.yml"
AT_MOST = 2
_GENERAL = re.compile(r"介绍|说说|讲讲|怎么样|咋样|什么样|详细|了解|有什么特点|卖点|优点|缺点")
_FILLING = re.compile(
    r"[^\w]|[的了吗呢啊呀吧嘛么哦哈是有没不会能可以这那个款双件亲请问下我你们家它么多少几什怎样咋]"
)


@cache
def _topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    raw: dict[str, list[str]] = yaml.safe_load(TOPICS_FILE.read_text(encoding="utf-8"))["topics"]
    return tuple(
        (topic, re.compile("|".join(map(re.escape, words)))) for topic, words in raw.items()
    )


def topics_of(text: str) -> list[str]:
    """Sheet topics that the words of a question name, in the file's order."""
    return [topic for topic, words in _topics() if words.search(text)]


def is_general(text: str) -> bool:
    """Asks for the product as a whole: 介绍一下, 怎么样."""
    return bool(_GENERAL.search(text)) and not topics_of(text)


def facts_asked(text: str, product: Product) -> list[str]:
    """Up to two facts: by topic, else lines of the sheet that share a word with the question."""
    by_topic = [fact for topic in topics_of(text) if (fact := product.fact(topic))]
    if by_topic:
        return by_topic[:AT_MOST]
    lines = [*(fact for _, fact in product.sheet), *product.selling_points, *product.drawbacks]
    pairs = _word_pairs(text)
    sharing = [(sum(pair in line for pair in pairs), line) for line in lines]
    best = max((count for count, _ in sharing), default=0)
    return [line for count, line in sharing if count == best][:1] if best else []


def _word_pairs(text: str) -> set[str]:
    """Neighbouring characters of the words that carry the question: 有几个口袋 → 口袋."""
    words = _FILLING.sub(" ", text).split()
    return {word[i : i + 2] for word in words for i in range(len(word) - 1)}
