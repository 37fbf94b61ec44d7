"""What a question over several goods asks for: 哪些适合敏感肌 asks for 敏感肌, 不含糖的 for goods without 糖.

The words that are left when the wordings of asking are taken away; the lists stand in
data/patterns/sheet_topics.yml under `which`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from actions.hearing.sheet import TOPICS_FILE, in_the_shops_words
from bot.read_once import read_once
from bot.shop.rules.speaking import Denials, Speaks

_SHORTEST, _LONGEST = 2, 8


@dataclass(frozen=True, kw_only=True)
class Wanted:
    word: str
    is_without: bool = False  # 不含糖, 没有坚果


@read_once
def _lists() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(TOPICS_FILE.read_text(encoding="utf-8"))
    lists: dict[str, Any] = content["which"]
    return lists


@read_once
def denials() -> Denials:
    return Denials(words=tuple(_lists()["denies"]), harmless=tuple(_lists()["not_denials"]))


@read_once
def absences() -> Denials:
    """Of the words that deny, those that say that there is none of it."""
    return Denials(
        words=tuple(_lists()["absent"]),
        harmless=tuple(_lists()["not_denials"]),
        close=tuple(_lists()["absent_close"]),
    )


def wants_most(text: str) -> bool:
    """保质期最长的是哪个."""
    return any(one in text for one in _lists()["most"])


def wants_cheapest(text: str) -> bool:
    return any(one in text for one in _lists()["cheapest"])


def wanted(text: str, names: Sequence[str] = ()) -> tuple[Wanted, ...]:
    """What is asked for, in the shop's words where it has others; `names`: of goods and kinds in
    the line, which say among what and not for what."""
    lists = _lists()
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, "\n")
    parts = [(one, False) for one in lists["whole"] if one in text]
    for one in sorted((*lists["whole"], *lists["filling"]), key=len, reverse=True):
        text = text.replace(one, "\n")
    found: list[Wanted] = []
    for part, is_without in [*parts, *_parts(text, lists)]:
        word = in_the_shops_words(part).split()[-1]
        found.append(Wanted(word=word[:_LONGEST], is_without=is_without))
    return tuple(dict.fromkeys(found))


def meets(spoken: Speaks, asked: Wanted) -> bool:
    """Whether it is as asked; 干皮冬天会卡粉 recommends nothing to 干皮."""
    is_warning = spoken.is_drawback and not asked.is_without and len(asked.word) > 1
    return spoken.is_denied == asked.is_without and not is_warning


def _parts(text: str, lists: dict[str, Any]) -> list[tuple[str, bool]]:
    """(what is left between the filling letters, whether a denial stands before it)"""
    letters, single = set(lists["letters"]), set(lists["single"])
    denials_before = sorted(lists["without"], key=len, reverse=True)
    parts: list[tuple[str, bool]] = []
    part, is_without = "", False
    at = 0
    while at <= len(text):
        rest = text[at:]
        denial = next((one for one in denials_before if rest.startswith(one)), "")
        letter = rest[:1]
        ends = not letter or bool(denial) or letter in letters or not letter.isalnum()
        if ends and part:
            if len(part) >= _SHORTEST or part in single:
                parts.append((part, is_without))
            part, is_without = "", False
        if denial:
            is_without = True
            at += len(denial)
            continue
        if letter == "\n":
            is_without = False
        if not ends:
            part += letter
        at += 1
    return parts


WORD_LISTS = (_lists, denials, absences)
