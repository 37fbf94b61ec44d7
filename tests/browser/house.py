"""A house whose bot repeats what it heard, behind nginx with TLS and a path, and shops' own pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.settings import Settings
from tests.browser.conftest import Site
from tests.house.scripted import ScriptedEngine
from tests.support.house import ROOT
from tests.support.nginx import running, under_a_path_with_tls

HOSTS = Path(__file__).parent / "hosts"
NOT_SHOWN = ("cart", "pay/1")  # pages that the letter's tag keeps us off


@dataclass(frozen=True)
class Grounds:
    """Where things stand: the house, and the pages of other shops (another origin)."""

    house: str  # https://…/kefu
    hosts: str
    site: Site
    engine: ScriptedEngine

    def page(self, name: str) -> str:
        return f"{self.hosts}/{name}"


@asynccontextmanager
async def grounds(settings: Settings, database_file: Path, folder: Path) -> AsyncIterator[Grounds]:
    engine = ScriptedEngine()
    site = Site(settings, database_file, engine)
    await site.start()
    content, address = under_a_path_with_tls(folder, int(site.address.rpartition(":")[2]))
    async with running(folder, content, address) as address, pages(address.url) as hosts:
        yield Grounds(address.url, hosts, site, engine)
    await site.stop()


@asynccontextmanager
async def pages(house: str) -> AsyncIterator[str]:
    """The pages of tests/browser/hosts and the letter's, the house's address in each."""
    origin = house.rpartition("/")[0]
    written = {path.stem: path.read_text(encoding="utf-8") for path in HOSTS.glob("*.html")}
    written |= dict.fromkeys(("letter", *NOT_SHOWN), letter())

    async def page(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in written:
            raise web.HTTPNotFound
        text = written[name]
        words = {
            "house": house,
            "origin": origin,
            "sockets": origin.replace("https", "wss"),
            "hosts": f"http://localhost:{port}",
        }
        for word, value in words.items():
            text = text.replace(f"{{{word}}}", value)
        encoding = "gbk" if name == "gbk" else "utf-8"
        body = text.encode(encoding)
        return web.Response(body=body, headers={"Content-Type": f"text/html; charset={encoding}"})

    app = web.Application()
    app.router.add_get("/{name:.+}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0).start()
    port = runner.addresses[0][1]
    try:
        yield f"http://localhost:{port}"
    finally:
        await runner.cleanup()


def letter() -> str:
    """The page of an owner who does what docs/pages.md says: its tag with all it may have but a button
    of their own, and its lines of policy alone, word for word."""
    told = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    (tag,) = re.findall(r"```html\n(.+?)\n```", told)
    (policy,) = re.findall(r"```\n(script-src .+?)\n```", told, re.DOTALL)
    rows = re.findall(r"^\| ((?:`data-[^`]+` ?)+)\|", told, re.MULTILINE)
    options = [one for row in rows for one in re.findall(r"`(data-[^`]+)`", row)]
    assert len(options) == 8, options
    tag = tag.replace(
        " async", f" {' '.join(one for one in options if 'launcher' not in one)} async"
    )
    tag = tag.replace("https://kefu.example.com", "{house}")
    lines = "; ".join(" ".join(line.split()) for line in policy.splitlines())
    lines = lines.replace("https://kefu.example.com", "{origin}")
    lines = lines.replace("wss://kefu.example.com", "{sockets}")
    meta = f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; {lines}" />'
    return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8" />{meta}<title>信</title><h1>小店</h1>{tag}'
