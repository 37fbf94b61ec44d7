"""Which replies the code calls for and with what values, read from its sources, never imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

NAME = re.compile(r"utter_[a-z_]*[a-z]")
SAYING = frozenset(
    ("reply", "ask")
)  # of actions/frame/chat.py: what stands beside the name fills it
NOT_REPLIES = frozenset(("utter_faq", "utter_action", "utter_ask"))  # an action, a key, a prefix


@dataclass
class Calls:
    """What the sources say of replies."""

    places: dict[str, tuple[str, int]] = field(default_factory=dict)  # plain names
    patterns: set[str] = field(default_factory=set)  # of names that are put together
    # Names of values that stand beside a reply's name in one call; None where it passes `**values`.
    values: dict[str, set[str] | None] = field(default_factory=dict)
    everywhere: set[str] = field(default_factory=set)  # every name of a value in any call

    def merge(self, other: Calls) -> None:
        for name, place in other.places.items():
            self.places.setdefault(name, place)
        self.patterns |= other.patterns
        self.everywhere |= other.everywhere
        for name, values in other.values.items():
            mine = self.values.get(name, set())
            self.values[name] = None if mine is None or values is None else mine | values


def calls_in(source: str, file: str) -> Calls:
    """Of one Python file. Raises SyntaxError."""
    found = Calls()
    tree = ast.parse(source)
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            _read_call(node, found, inside)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if NAME.fullmatch(node.value) and node.value not in NOT_REPLIES:
                found.places.setdefault(node.value, (file, node.lineno))
                if id(node) not in inside:  # said by a variable: with which values is not told
                    found.values[node.value] = None
            if re.fullmatch(r"[a-z_]+", node.value):
                found.everywhere.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            found.patterns.update(_pattern_of(node))
    return found


def _read_call(node: ast.Call, found: Calls, inside: set[int]) -> None:
    keywords = {keyword.arg for keyword in node.keywords if keyword.arg}
    found.everywhere |= keywords
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    # Others pass what they are given on to a reply under names of their own.
    is_open = called not in SAYING or any(keyword.arg is None for keyword in node.keywords)
    for argument in _constants(node.args):
        if NAME.fullmatch(str(argument.value)):
            inside.add(id(argument))
            mine = found.values.get(str(argument.value), set())
            found.values[str(argument.value)] = None if is_open or mine is None else mine | keywords


def _constants(arguments: Iterable[ast.expr]) -> Iterator[ast.Constant]:
    """Texts handed over as they are, or one of two (`a if … else b`)."""
    for one in arguments:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one
        elif isinstance(one, ast.IfExp):
            yield from _constants((one.body, one.orelse))


def _pattern_of(node: ast.JoinedStr) -> list[str]:
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]*"
        for part in node.values
    ]
    pattern = "".join(parts)
    return [pattern] if pattern.startswith("utter_") else []


def sources(root: Path) -> list[Path]:
    """The Python files that may call for replies."""
    house = (path for path in root.glob("bot/**/*.py") if "trainer" not in path.parts)
    return [*sorted(root.glob("actions/**/*.py")), *sorted(house)]
