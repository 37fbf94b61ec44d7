"""Reads a trainer's YAML file; whatever is wrong with it is told in a sentence, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.trainer.finding import Finding
from bot.trainer.yaml_mistakes import explain

_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOM = "\ufeff"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
# What the files of this project say before a colon, to know a full-width one from a sentence.
_KEY = r"(?:version|nlu|intent|examples|metadata|title|responses|text|buttons|payload|rules|rule|stories|story|steps|action|condition|slot_was_set|active_loop|sentences|say|utter_[\w/.]+)"
_WIDE_COLON = re.compile(rf"^(\s*(?:-\s+)?{_KEY})\s*：\s*")
_T = TypeVar("_T")
_TAB = re.compile(r"^ *\t")


@dataclass
class Reading:
    """One file: its nodes (None where it cannot be read), its lines, and what is wrong with it."""

    file: str
    root: yaml.Node | None = None
    lines: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _made: dict[str, tuple[Any, Any, list[Finding]]] = field(default_factory=dict, repr=False)

    def made_once(self, name: str, given: Any, make: Callable[[], _T]) -> _T:
        """What `make` makes of this file, made and told of again only where `given` is other."""
        kept = self._made.get(name)
        if kept is not None and kept[0] == given:
            self.findings += kept[2]
            made: _T = kept[1]
            return made
        before = len(self.findings)
        made = make()
        self._made[name] = (given, made, self.findings[before:])
        return made

    def tell(self, kind: str, node: yaml.Node | int | None, what: str, instead: str = "") -> None:
        """`node`: where it stands, as a node, a line from 1, or None for the whole file."""
        line = node if isinstance(node, int) else node.start_mark.line + 1 if node else 0
        self.findings.append(Finding(self.file, line, kind, what, instead))

    def pairs(self, node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """(key, value) of a mapping; nothing of anything else."""
        if isinstance(node, yaml.MappingNode):
            yield from node.value

    def get(self, node: yaml.Node | None, name: str) -> yaml.Node | None:
        return next((value for key, value in self.pairs(node) if key.value == name), None)

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def read(path: Path, file: str) -> Reading:
    """Never raises for what stands in the file or for one that cannot be opened."""
    reading = Reading(file)
    try:
        raw = path.read_bytes()
    except OSError as error:
        reading.tell("file", None, f"打不开这个文件（{error.strerror}）", "请检查文件名和权限")
        return reading
    text = _decoded(raw, reading)
    if text is None:
        return reading
    reading.lines = text.splitlines()
    if not text.strip():
        reading.tell("file", None, "这是个空文件", "写上内容，或者删掉它")
        return reading
    if not _wide_colons_and_tabs(reading):
        return reading
    try:
        reading.root = yaml.compose(text, Loader=_FAST)
    except yaml.YAMLError:
        explain(text, reading)
        return reading
    except RecursionError:
        reading.tell("yaml", None, "一层套一层太深了", "照指南里的样子写，最多四五层")
        return reading
    if reading.root is None:
        reading.tell("file", None, "里面只有注释，没有内容", "写上内容，或者删掉它")
        return reading
    _doubled_keys(reading, reading.root)
    return reading


def _decoded(raw: bytes, reading: Reading) -> str | None:
    if raw[:2] in _WIDE_BOMS:
        reading.tell("file", None, "这个文件是 UTF-16 编码", "另存为 UTF-8（不带 BOM）")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        try:
            raw.decode("gb18030")
            what = "这个文件是 GBK 编码，中文会变成乱码"
        except UnicodeDecodeError:
            what = "这里有不是 UTF-8 的字节，读不出来"
        reading.tell("file", line, what, "用编辑器另存为 UTF-8（不带 BOM）")
        return None
    if text.startswith(_BOM):
        text = text.removeprefix(_BOM)
        reading.tell(
            "file-odd", 1, "文件开头有 BOM（记事本存的），读得了", "最好另存为 UTF-8（不带 BOM）"
        )
    if "\r" in text:
        reading.tell(
            "file-odd",
            1,
            "用的是 Windows 换行（CRLF），读得了",
            "最好让编辑器存成 LF，改动才看得清",
        )
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _wide_colons_and_tabs(reading: Reading) -> bool:
    """Whether it is worth reading on; both are told line by line, where YAML tells the next one."""
    before = len(reading.findings)
    for number, line in enumerate(reading.lines, 1):
        if _TAB.match(line):
            reading.tell("yaml", number, "缩进里有制表符（Tab）", "换成空格，一层两格")
        elif found := _WIDE_COLON.match(line):
            rest = line[found.end() :].strip()
            fixed = f"{found[1].strip()}: {rest}".strip()
            reading.tell("yaml", number, "用了中文冒号「：」", f"换成英文冒号加空格: {fixed}")
    return len(reading.findings) == before


def _doubled_keys(reading: Reading, root: yaml.Node) -> None:
    waiting, known = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in known:  # an alias leads to the same node
            continue
        known.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            first: dict[str, int] = {}
            for key, value in node.value:
                name = str(key.value)
                line = key.start_mark.line + 1
                if name in first and name != "<<":
                    reading.tell(
                        "yaml",
                        line,
                        f"「{name}」写了两次（第 {first[name]} 行已经有了），前一个会被丢掉",
                        "合成一处",
                    )
                first.setdefault(name, line)
                waiting.append(value)
