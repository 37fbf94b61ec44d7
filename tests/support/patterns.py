"""Every pattern of a package, and texts that are hard for it."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

_COMPILING = frozenset(
    ("compile", "match", "fullmatch", "search", "findall", "finditer", "sub", "split")
)
_USES_PATTERNS = re.compile(r"^(?:import|from) re\b", re.MULTILINE)
_TRAINERS = frozenset([Path("bot/nlu/training_lines.py")])
"""What reads the trainers' files and never a buyer's text."""
_HARD_FOR_MANY = ("1", "一", "十一", "a", "好", " ", "\n", "1 ", " 1", "1.", "1-", "a1", "好1", "-", ".", "了", "的")  # fmt: skip


def patterns_of(*packages: str) -> dict[str, re.Pattern[str]]:
    """All patterns in the packages' modules by place: compiled ones, and those in calls of re."""
    found: dict[str, re.Pattern[str]] = {}
    for module in _modules(packages):
        for name, value in vars(module).items():
            if "Sentences" in vars(module) and hasattr(value, "cache_info"):
                value = vars(value())
            for number, pattern in enumerate(_held_by(value)):
                found[f"{module.__name__}:{name}{number or ''}"] = pattern
        known = {(one.pattern, one.flags) for one in found.values()}
        for number, pattern in enumerate(_in_calls(module)):
            if (pattern.pattern, pattern.flags) not in known:
                found[f"{module.__name__}:call-{number}"] = pattern
    return found


def hard_texts(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """(head, piece) of texts `head + piece * n` that keep the pattern trying."""
    texts = {("", piece) for piece in _HARD_FOR_MANY}
    for before, body in _repeats(_parser.parse(pattern.pattern, pattern.flags)):
        if body:
            texts |= {(before, body), ("", body), ("", before + body), (before, f"{body} ")}
    yield from sorted(texts)


def _modules(packages: tuple[str, ...]) -> Iterator[ModuleType]:
    """Those that use patterns; importing the others (TensorFlow) would take long for nothing."""
    for package in packages:
        folder = Path(*package.split("."))
        for source in sorted(folder.rglob("*.py")):
            if source not in _TRAINERS and _USES_PATTERNS.search(source.read_text("utf-8")):
                yield importlib.import_module(".".join(source.with_suffix("").parts))


def _held_by(value: object) -> Iterator[re.Pattern[str]]:
    """The pattern itself, or those of a list, a tuple or a mapping."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _held_by(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _held_by(one)


def _in_calls(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """Patterns written where they are used; one that is put together at run time is refused."""
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    for node in (inner for function in functions for inner in ast.walk(function)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
            continue
        if node.func.attr not in _COMPILING:
            continue
        try:
            written = eval(compile(ast.Expression(node.args[0]), "<pattern>", "eval"), vars(module))
        except NameError:
            if node.func.attr == "compile" and module.__name__ in _MADE_OF_WORDS:
                continue
            raise AssertionError(
                f"{module.__name__}:{node.lineno}: write this pattern as a constant of the module"
            ) from None
        yield written if isinstance(written, re.Pattern) else re.compile(written)


_MADE_OF_WORDS = frozenset(
    ("actions.hearing.sheet", "bot.nlu.goods_names", "bot.nlu.own_shapes", "bot.nlu.sentences")
)
"""Modules that join words of YAML files or of the shop, each with bounded repeats around it; what the
last makes is found where it is kept."""


def _repeats(nodes: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(shortest text before, shortest body) of each repeat without a small bound."""
    for op, value in nodes:
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            yield before, _shortest(value[2])
            yield from _repeats(value[2], before)
        elif op is ops.SUBPATTERN:
            yield from _repeats(value[3], before)
        elif op is ops.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
        before += _shortest([(op, value)])


def _shortest(nodes: Any) -> str:
    text = ""
    for op, value in nodes:
        if op is ops.LITERAL:
            text += chr(value)
        elif op is ops.NOT_LITERAL or op is ops.ANY:
            text += "好"
        elif op is ops.IN:
            text += _member(value)
        elif op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            text += _shortest(value[2]) * value[0]
        elif op is ops.SUBPATTERN:
            text += _shortest(value[3])
        elif op is ops.BRANCH:
            text += min(map(_shortest, value[1]), key=len)
    return text


def _member(choices: Any) -> str:
    op, value = choices[0]
    if op is ops.NEGATE:
        return "好"
    if op is ops.LITERAL:
        return chr(value)
    if op is ops.RANGE:
        return chr(value[0])
    return {
        ops.CATEGORY_DIGIT: "1",
        ops.CATEGORY_SPACE: " ",
        ops.CATEGORY_NOT_WORD: ",",
        ops.CATEGORY_NOT_SPACE: "好",
        ops.CATEGORY_NOT_DIGIT: "好",
    }.get(value, "a")
