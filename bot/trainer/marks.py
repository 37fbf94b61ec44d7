"""Entity marks in a line, [38码](size): whole, known, and on the borders of words."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from bot.trainer.naming import perhaps
from bot.trainer.yaml_reading import Reading

_MARK = re.compile(r"\[([^\[\]]*)\](?:\(([^)]*)\)|(\{[^}]*\}))")
_ENTITY = re.compile(r"[\"']?entity[\"']?\s*:\s*[\"']([^\"']+)[\"']")


def without_marks(line: str) -> str:
    """The buyer's words alone."""
    return _MARK.sub(r"\1", line) if "[" in line else line


def demand_marks(reading: Reading, number: int, line: str, entities: Collection[str]) -> None:
    """Tells marks that are cut off, name no entity, or cut a word in two.

    Brackets that mark nothing ([图片], [语音]) are the buyers' own and stay.
    """
    plain = without_marks(line)
    place, read = 0, 0
    for mark in _MARK.finditer(line):
        place += mark.start() - read
        read = mark.end()
        inside = mark[1]
        name = mark[2] or (found[1] if (found := _ENTITY.search(mark[3] or "")) else "")
        _demand_one(reading, number, inside, name, entities)
        if inside.strip() == inside and (whole := _whole_word(plain, place, place + len(inside))):
            reading.tell(
                "mark",
                number,
                f"标记「{inside}」把词切开了",
                f"标到整个词: [{whole}]({name or 'size'})",
            )
        place += len(inside)
    rest = _MARK.sub("", line)
    if re.search(r"\]\s*[（({]|\[[^\]]*$", rest) or rest.count("](") > 0:
        reading.tell("mark", number, "实体标记的括号不成对，或用了中文括号", "写成: [38码](size)")


def _demand_one(
    reading: Reading, number: int, inside: str, name: str, entities: Collection[str]
) -> None:
    if not inside.strip():
        reading.tell("mark", number, "实体标记里没有字", "写成: [38码](size)")
    elif inside != inside.strip():
        reading.tell(
            "mark", number, f"标记「{inside}」两头有空格", f"写成: [{inside.strip()}]({name})"
        )
    if not name or name not in entities:
        reading.tell(
            "mark",
            number,
            f"没有叫「{name}」的实体",
            perhaps(name, entities, f"可以写: {'、'.join(sorted(entities)[:12])} …"),
        )


def _whole_word(text: str, start: int, end: int) -> str:
    """The words that a mark lies in where it begins or ends inside one; "" where it fits."""
    begins, ends = start, end
    for word, at in _cut(text):
        if at < start < at + len(word):
            begins = at
        if at < end < at + len(word):
            ends = at + len(word)
    return text[begins:ends] if (begins, ends) != (start, end) else ""


@lru_cache(maxsize=256)
def _cut(text: str) -> tuple[tuple[str, int], ...]:
    from bot.nlu.words import LEXICON, Words, lexicon_files  # a second, needed by marks alone

    return tuple(Words.of_files(lexicon_files(LEXICON)).cut(text))
