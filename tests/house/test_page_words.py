"""What buyers and agents read on the pages is written with full-width punctuation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house import ROOT

_HALF = re.compile(r"[一-鿿][,;:?!]\s?(?=[一-鿿])|[一-鿿]\((?=[一-鿿])")
_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|^\s*//.*?$| // .*?$", re.DOTALL | re.MULTILINE)
PYTHON = sorted(
    path
    for part in ("channels", "desk", "conversations")
    for path in (ROOT / "bot" / part).glob("*.py")
)
PAGES = sorted(path for kind in ("vue", "ts") for path in (ROOT / "web" / "src").rglob(f"*.{kind}"))


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_texts_of_the_house(path: Path) -> None:
    assert not [text for text in _texts(path.read_text("utf-8")) if _HALF.search(text)]


def test_texts_of_the_pages() -> None:
    assert len(PAGES) > 40  # they are found at all
    found = []
    for path in PAGES:
        told = _COMMENT.sub("", path.read_text("utf-8"))
        found += [f"{path.name}: {one.group()}" for one in _HALF.finditer(told)]
    assert not found


@pytest.mark.parametrize(
    ("text", "is_half"),
    [
        ("来晚了,明天再来", True),
        ("来晚了，明天再来", False),
        ("找人工(快点)", True),
        ("在 12:30", False),
    ],
)
def test_what_counts_as_half_width(text: str, is_half: bool) -> None:
    assert bool(_HALF.search(text)) is is_half


def _texts(source: str) -> Iterator[str]:
    """Every string but docstrings and patterns."""
    tree = ast.parse(source)
    passed_over = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            passed_over |= {id(argument) for argument in node.args}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and id(node) not in passed_over
        if is_text and isinstance(node.value, str):  # type: ignore[attr-defined]
            yield node.value  # type: ignore[attr-defined]
