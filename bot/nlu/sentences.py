"""Closed sets of sentences that trainers write as templates, for what must hold without a model.

A template is words with three signs: `<名>` stands for any word of the list of that name, `[…]` may
be left out, `(甲|乙)` is one of several. Templates are matched against the normalised text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.normalise import normalise

_PIECE = re.compile(r"<([^<>]+)>|([\[\]()|])|([^<>\[\]()|]+)")
_SIGNS = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|"}


class SentenceError(ValueError):
    """A template that cannot be read; the text says where and what to write instead."""


class Sentences:
    """The kinds of one file: {kind: templates}, beside `words`, the lists that templates name."""

    def __init__(self, file: Path) -> None:
        """Raises SentenceError."""
        self._file = file
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise SentenceError(f"{file}:{line}: 读不懂,以 [ 开头的句子请整句加引号") from None
        if not isinstance(content, dict):
            raise SentenceError(f"{file}: 要有 words: 和各类句子")
        self._words: Mapping[str, Iterable[Any]] = content.pop("words", {})
        self._sources = {
            kind: "|".join(self._source(kind, str(one)) for one in templates)
            for kind, templates in content.items()
        }

    def whole(self, kind: str, *, before: str = "", after: str = "") -> re.Pattern[str]:
        """Matches (`fullmatch`) one sentence of the kind, between a few of the other kinds'."""
        # A few, not any number: what can be read in two ways must not multiply without end.
        front = f"(?:{self._of(before)}){{0,4}}" if before else ""
        back = f"(?:{self._of(after)}){{0,4}}" if after else ""
        return re.compile(f"{front}(?:{self._of(kind)}){back}")

    def within(self, kind: str) -> re.Pattern[str]:
        """Finds (`search`) a sentence of the kind anywhere."""
        return re.compile(self._of(kind))

    def _of(self, kind: str) -> str:
        try:
            return self._sources[kind]
        except KeyError:
            raise SentenceError(f"{self._file}: 缺少「{kind}:」这一类") from None

    def _source(self, kind: str, template: str) -> str:
        parts, read = [], 0
        for piece in _PIECE.finditer(template):
            if piece.start() != read:
                break
            read = piece.end()
            name, sign, text = piece.groups()
            if name is not None:
                parts.append(self._list(kind, template, name))
            else:
                parts.append(_SIGNS[sign] if sign else re.escape(normalise(text)))
        source = "".join(parts)
        try:
            re.compile(source)
        except re.error:
            read = -1
        if read != len(template):
            raise SentenceError(f"{self._file}: {kind}: 「{template}」的括号不成对")
        if found := re.search(r"[?*+.^$\\]", template):
            raise SentenceError(
                f"{self._file}: {kind}: 「{template}」里的 {found.group()} 没有用处,可有可无请写 […]"
            )
        return source

    def _list(self, kind: str, template: str, name: str) -> str:
        words = self._words.get(name)
        if not words:
            raise SentenceError(
                f"{self._file}: {kind}: 「{template}」用了 <{name}>,请在 words: 下写上它的词"
            )
        longest_first = sorted((normalise(str(word)) for word in words), key=len, reverse=True)
        return "(?:" + "|".join(re.escape(word) for word in longest_first) + ")"
