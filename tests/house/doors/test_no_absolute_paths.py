"""The pages name nothing from the root of a host: the house may stand under a path (K27)."""

from __future__ import annotations

import re

from tests.support.house import ROOT

# A string or attribute that begins with a path of the house. `/src/…` is rewritten by the build.
_FROM_THE_ROOT = re.compile(
    r"""["'`(]/(?:api|assets|desk|p|pay|pictures|privacy|uploads|webhooks|widget\.js)\b|href="/["?#]"""
)
_WEB = [*(ROOT / "web").glob("*.html"), *(ROOT / "web").glob("p*/*.html")]
_MADE = ("api-types.ts",)  # from docs/desk-api.yaml: names of routes, no calls
_SCRIPTS = [one for one in (ROOT / "web/src").rglob("*.ts") if one.name not in _MADE]
_SOURCES = [*_SCRIPTS, *(ROOT / "web/src").rglob("*.vue"), *_WEB]


def found(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines()]
    is_comment = ("//", "/*", "*")
    return [
        line
        for line in lines
        if _FROM_THE_ROOT.search(line)
        and "inHouse(" not in line
        and not line.startswith(is_comment)
    ]


def test_no_page_asks_the_root_of_its_host() -> None:
    assert len(_SOURCES) > 40
    wrong = {str(path.relative_to(ROOT)): found(path.read_text("utf-8")) for path in _SOURCES}
    assert {path: lines for path, lines in wrong.items() if lines} == {}


def test_such_paths_are_seen() -> None:
    assert found('call("/api/desk/me")') and found('<a href="/">') and found("call(`/api/x`)")
    assert not found("call(`${house}/api/x`)") and not found('inHouse("/p/1", house)')
