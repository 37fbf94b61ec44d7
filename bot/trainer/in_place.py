"""Changes one list of a trainer's YAML in place: every other sign of the file stays as it is.

A list is addressed by the keys and numbers that lead to it, ("responses", "utter_greet") or
("nlu", 2, "examples"). What a change would do to anything else is seen before it is written.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from enum import Enum
from itertools import pairwise
from typing import Any

import yaml

from bot.trainer.teaching import CannotTeach

Path = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BY_HAND = "这一处的写法太特别，页面上改不了，请到文件里改"


class Shape(Enum):
    """How a list is written."""

    LINES = "lines"  # examples: | and a line each
    WORDS = "words"  # [甲, 乙], or - 甲 and - 乙
    VARIANTS = "variants"  # - text: …, with buttons or not
    ONE = "one"  # a single word
    ABSENT = "absent"  # no such key yet in a mapping that is there


class InPlace:
    """The text of one file, of which lists are read and changed. Raises CannotTeach for bad YAML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends = "\r\n" if "\r\n" in text else "\n"
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        try:
            self._root = yaml.compose(text, Loader=_LOADER)
            self.content = yaml.load(text, Loader=_LOADER)
        except (yaml.YAMLError, RecursionError):
            raise CannotTeach("这样写会弄坏这个文件，换个写法") from None

    def shape(self, path: Path) -> Shape:
        """Raises CannotTeach where the place is none that can be changed here."""
        node, _ = self._find(path)
        if node is None:
            return Shape.ABSENT
        if isinstance(node, yaml.ScalarNode):
            return Shape.LINES if node.style == "|" else Shape.ONE
        kinds = {type(one) for one in node.value} if isinstance(node, yaml.SequenceNode) else None
        if kinds == {yaml.MappingNode}:
            return Shape.VARIANTS
        if kinds in ({yaml.ScalarNode}, set()):
            return Shape.WORDS
        raise CannotTeach(_BY_HAND)

    def items(self, path: Path) -> list[str]:
        """Raises CannotTeach."""
        shape, (node, key) = self.shape(path), self._find(path)
        if shape is Shape.ABSENT:
            return []
        if shape is Shape.LINES:
            return [self._lines[at].strip()[2:].strip() for at in self._examples(key)]
        if shape is Shape.ONE:
            return [str(node.value)]
        if shape is Shape.WORDS:
            return [str(one.value) for one in node.value]
        return [str(self._text_of(one).value) for one in node.value]

    def changed(self, path: Path, items: Sequence[str]) -> InPlace:
        """The file with these items at the place. Raises CannotTeach."""
        shape, (node, key) = self.shape(path), self._find(path)
        if list(items) == self.items(path):
            return self
        if not items and not (shape is Shape.WORDS and node.flow_style):
            raise CannotTeach("至少留一条")
        if shape is Shape.ABSENT:
            edits = [self._new_key(path, items)]
        elif shape is Shape.ONE:
            edits = [self._one(node, items)]
        elif shape is Shape.WORDS and node.flow_style:
            edits = [self._flow(node, items)]
        else:
            edits = self._line_by_line(shape, node, key, self.items(path), items)
        text = self.text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        try:
            done = InPlace(text)
        except CannotTeach:
            if shape is Shape.VARIANTS and len(items) < len(self.items(path)):
                raise CannotTeach("这一种的按钮别处也用着：字可以改，删它请到文件里") from None
            raise
        is_as_asked = done.items(path) == list(items) and done._rest(path) == self._rest(path)
        if is_as_asked and shape is Shape.VARIANTS:
            same = set(items) & set(self.items(path))
            is_as_asked = done._kept(path, same) == self._kept(path, same)
        if not is_as_asked:
            raise CannotTeach(_BY_HAND)
        return done

    def line_of(self, path: Path) -> int:
        """Of its key, from 1; 0 where it is not there yet. Raises CannotTeach."""
        key = self._find(path)[1]
        return 0 if key is None else int(key.start_mark.line) + 1

    # -- reading

    def _find(self, path: Path) -> tuple[Any, Any]:
        """(node, its key or itself); (None, None) where only the last key is missing."""
        node, key = self._root, self._root
        for at, step in enumerate(path):
            found: Any = None
            if isinstance(step, str) and isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if str(k.value) == step), None)
                if found is None and at == len(path) - 1 and not node.flow_style and node.value:
                    return None, None
            elif isinstance(step, int) and isinstance(node, yaml.SequenceNode):
                found = next(((v, v) for v in node.value[step : step + 1]), None)
            if found is None:
                raise CannotTeach("这一处已经不在文件里了，读一遍现在的再改")
            key, node = found
        return node, key

    def _text_of(self, variant: Any) -> Any:
        for name, value in variant.value:
            if name.value == "text" and isinstance(value, yaml.ScalarNode):
                return value
        raise CannotTeach(_BY_HAND)

    def _examples(self, key: Any) -> list[int]:
        """Numbers, from 0, of the lines below `examples: |`."""
        found, at = [], key.start_mark.line + 1
        while at < len(self._lines):
            line = self._lines[at]
            if line.strip() and len(line) - len(line.lstrip()) <= key.start_mark.column:
                break
            if line.strip().startswith("- "):
                found.append(at)
            at += 1
        return found

    def _line_behind(self, node: Any) -> int:
        """Of the first line, from 0, of which nothing belongs to the node."""
        mark = node.end_mark  # of a block: where the next thing begins
        if mark.line >= len(self._lines):
            return len(self._lines)
        return int(mark.line + bool(self._lines[mark.line][: mark.column].strip()))

    def _at(self, mark: Any) -> int:
        return int(self._starts[mark.line] + mark.column)

    # -- changing

    def _one(self, node: Any, items: Sequence[str]) -> tuple[int, int, str]:
        if len(items) != 1:
            new = "[" + ", ".join(_scalar(one, in_flow=True) for one in items) + "]"
        else:
            new = _scalar(items[0], in_flow=True)
        return self._at(node.start_mark), self._at(node.end_mark), new

    def _flow(self, node: Any, items: Sequence[str]) -> tuple[int, int, str]:
        """Kept items keep their signs, and what stands between two that stay neighbours."""
        old = [str(one.value) for one in node.value]
        spans = [(self._at(one.start_mark), self._at(one.end_mark)) for one in node.value]
        between = [self.text[end:start] for (_, end), (start, _) in pairwise(spans)]
        out, before, unused = "", -1, set(range(len(between)))
        for tag, i1, _, j1, j2 in SequenceMatcher(None, old, items, autojunk=False).get_opcodes():
            for step in range(j2 - j1):
                at = i1 + step if tag == "equal" else -1
                behind = before if before >= 0 else at - 1  # the kept one that it follows
                if out and at > 0 and behind in unused:
                    out += between[behind]
                    unused.discard(behind)
                elif out:
                    out += ", "
                out += (
                    self.text[slice(*spans[at])]
                    if at >= 0
                    else _scalar(items[j1 + step], in_flow=True)
                )
                before = at
        if any("#" in between[at] for at in unused):
            raise CannotTeach(_BY_HAND)
        start, end = self._at(node.start_mark), self._at(node.end_mark)
        head = self.text[start : spans[0][0]] if spans else "["
        tail = self.text[spans[-1][1] : end] if spans else "]"
        return start, end, f"{head}{out}{tail}"

    def _line_by_line(
        self, shape: Shape, node: Any, key: Any, old: Sequence[str], items: Sequence[str]
    ) -> list[tuple[int, int, str]]:
        spans = self._spans(shape, node, key)
        indent = self._lines[spans[0][0]]
        indent = indent[: len(indent) - len(indent.lstrip())]
        edits = []
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, items, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            both = min(i2 - i1, j2 - j1)
            for step in range(both):
                edits.append(self._other_words(shape, node, spans, i1 + step, items[j1 + step]))
            for at in range(i1 + both, i2):
                first, last = spans[at]
                edits.append((self._starts[first], self._starts[last + 1], ""))
            added = "".join(self._new_line(shape, indent, one) for one in items[j1 + both : j2])
            if added:
                at = i1 + both
                where = self._starts[spans[at - 1][1] + 1 if at else spans[0][0]]
                if where > len(self.text):  # the file's last line has no end
                    where, added = len(self.text), self._ends + added.rstrip("\r\n")
                edits.append((where, where, added))
        return edits

    def _spans(self, shape: Shape, node: Any, key: Any) -> list[tuple[int, int]]:
        """(first, last) line of each item, from 0."""
        if shape is Shape.LINES:
            return [(at, at) for at in self._examples(key)]
        firsts = [one.start_mark.line for one in node.value]
        found = []
        for first, following in zip(firsts, [*firsts[1:], self._line_behind(node)], strict=True):
            last = following - 1
            while last > first and (
                not self._lines[last].strip() or self._lines[last].strip().startswith("#")
            ):
                last -= 1
            found.append((first, last))
        return found

    def _other_words(
        self, shape: Shape, node: Any, spans: Sequence[tuple[int, int]], at: int, new: str
    ) -> tuple[int, int, str]:
        if shape is Shape.LINES:
            start = self._starts[spans[at][0]]
            line = self._lines[spans[at][0]]
            kept = line[: len(line) - len(line.lstrip())]
            return start, start + len(line.rstrip("\r")), f"{kept}- {new}"
        one = node.value[at]
        scalar = self._text_of(one) if shape is Shape.VARIANTS else one
        if scalar.style in ("|", ">"):
            raise CannotTeach(_BY_HAND)
        in_flow = shape is Shape.VARIANTS and bool(one.flow_style)
        start, end = self._at(scalar.start_mark), self._at(scalar.end_mark)
        return start, end, _scalar(new, in_flow=in_flow)

    def _new_line(self, shape: Shape, indent: str, one: str) -> str:
        if shape is Shape.LINES:
            return f"{indent}- {one}{self._ends}"
        words = _scalar(one, in_flow=False)
        head = "- text: " if shape is Shape.VARIANTS else "- "
        return f"{indent}{head}{words}{self._ends}"

    def _new_key(self, path: Path, items: Sequence[str]) -> tuple[int, int, str]:
        parent = self._find(path[:-1])[0]
        last = parent.value[-1][1]
        line = self._line_behind(last)
        words = ", ".join(_scalar(one, in_flow=True) for one in items)
        column = " " * parent.value[0][0].start_mark.column
        text = f"{column}{path[-1]}: [{words}]{self._ends}"
        where = self._starts[line]
        if where > len(self.text):
            where, text = len(self.text), self._ends + text.rstrip("\r\n")
        return where, where, text

    def _rest(self, path: Path) -> Any:
        """All of the content but what stands at the place."""
        content = copy.deepcopy(self.content)
        parent = content
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = None
        return content

    def _kept(self, path: Path, items: Collection[str]) -> dict[str, Any]:
        """The variants with these texts, each with its buttons."""
        node: Any = self.content
        for step in path:
            node = node[step]
        return {one["text"]: one for one in node if one.get("text") in items}


def _scalar(text: str, *, in_flow: bool) -> str:
    """As plain as YAML lets it stand."""
    try:
        told = yaml.load(f"[{text}]" if in_flow else f"- {text}", Loader=_LOADER)
    except yaml.YAMLError:
        told = None
    if told == [text] and text == text.strip() and "\n" not in text:
        return text
    return json.dumps(text, ensure_ascii=False)
