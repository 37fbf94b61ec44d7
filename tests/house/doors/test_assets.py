"""What pages of any shop load of ours: packed, kept by caches, and found after an upgrade."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.house.server import Server


@pytest.fixture
async def built(tmp_path: Path, open_server: Callable[..., Any]) -> Server:
    """A server with a web part built into a folder of its own."""
    web = tmp_path / "dist"
    (web / "assets").mkdir(parents=True)
    script = b"/* a script */" * 100
    for name in ("widget.js", "assets/panel-Ab3dEf7_.js", "assets/licences.md"):
        (web / name).write_bytes(script)
        (web / f"{name}.gz").write_bytes(gzip.compress(script))
    opened: Server = await open_server(web=web)
    return opened


async def test_a_file_named_by_its_content_is_kept_for_good_and_read_by_any_page(
    built: Server,
) -> None:
    answer = await built.client.get(
        "/assets/panel-Ab3dEf7_.js", headers={"Accept-Encoding": "gzip"}
    )
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"].startswith(("text/javascript", "application/javascript"))


async def test_other_names_are_asked_for_again_and_packed_ones_are_no_files(built: Server) -> None:
    assert (await built.client.get("/assets/licences.md")).headers["Cache-Control"] == "no-cache"
    assert (await built.client.get("/assets/panel-Ab3dEf7_.js.gz")).status == 404
    for name in ("..%2Fwidget.js", "%2e%2e%2fwidget.js", "nothing.js"):
        assert (await built.client.get(f"/assets/{name}")).status == 404


async def test_the_script_is_kept_a_while(built: Server) -> None:
    headers = (await built.client.get("/widget.js")).headers
    assert "max-age=600" in headers["Cache-Control"]
    assert headers["Access-Control-Allow-Origin"] == "*"


async def test_a_page_from_before_an_upgrade_finds_the_newest_panel(built: Server) -> None:
    answer = await built.client.get("/panel.js")
    assert answer.status == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-cache"
