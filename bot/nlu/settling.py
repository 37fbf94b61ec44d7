"""A choice that is made, by the grammar around it: 就酒红M吧, 那还是37吧, 就刻字款得了."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found

_END = r"(?=$|[\s,，。.!！~])"
_SETTLES = re.compile(
    rf"(?:就|还是|那|拿|要)[^,，。.!！?？\s]{{1,12}}?(?:吧|好了|得了|行了|就行|了吧){_END}"
    rf"|(?<![\w])那就[^,，。.!！?？\s]{{1,8}}{_END}"
)
_OPEN = re.compile(r"[吗么嘛呢不没]|怎|哪|多少|几[个天点]|什么")


def settled(text: str) -> Iterator[Found]:
    """A cue `settles` for each clause of a normalised text that decides on something.

    It says nothing of what is chosen: 就这样吧 settles as well.
    """
    for match in _SETTLES.finditer(text):
        if not _OPEN.search(match.group()):
            yield Found("cue", "settles", *match.span())
