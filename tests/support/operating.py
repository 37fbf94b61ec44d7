"""What docs/operating.md prints, to be tried as it stands there."""

from __future__ import annotations

import re

from tests.support.house import ROOT

PAGE = ROOT / "docs" / "operating.md"
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in their order."""
    found = _FENCED.findall(PAGE.read_text(encoding="utf-8"))
    return [content for marked, content in found if marked == language]


def block(language: str, first_line: str) -> str:
    """The one fenced block that begins so."""
    (found,) = (one for one in blocks(language) if one.startswith(first_line))
    return found
