"""A reply whose buttons carry the order is said with it: else the button would be no button."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
NEEDED = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")  # {order_number}, not {{…}}


def _needs() -> dict[str, set[str]]:
    """Response → the values that its buttons' payloads are filled with."""
    needs: dict[str, set[str]] = {}
    for path in sorted((ROOT / "data" / "replies").glob("*.yml")):
        responses: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))["responses"]
        for name, variants in responses.items():
            for variant in variants:
                for button in variant.get("buttons", ()):
                    if found := set(NEEDED.findall(button.get("payload", ""))):
                        needs.setdefault(name, set()).update(found)
    return needs


NEEDS = _needs()


def _calls() -> Iterator[Any]:
    for path in sorted((ROOT / "actions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for argument in node.args:
                for name in _names(argument):
                    if name in NEEDS:
                        yield pytest.param(node, name, id=f"{path.stem}:{name}")


def _names(argument: ast.expr) -> list[str]:
    """The response itself, or both of an `a if … else b`."""
    if isinstance(argument, ast.IfExp):
        return [*_names(argument.body), *_names(argument.orelse)]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    return []


@pytest.mark.parametrize(("call", "name"), _calls())
def test_it_is_said_with_its_order(call: ast.Call, name: str) -> None:
    given = {keyword.arg for keyword in call.keywords}
    assert None in given or NEEDS[name] <= given  # **values are looked into by the conversations


def test_no_rule_says_it_without_one() -> None:
    said = set()
    for path in (ROOT / "data" / "stories").glob("*.yml"):
        said |= set(re.findall(r"action: (utter_\w+)", path.read_text("utf-8")))
    assert not said & set(NEEDS)


def test_there_are_such_replies() -> None:
    assert {"utter_search_parcel", "utter_ask_cancel"} <= set(NEEDS)
