"""A house whose bot repeats what it heard, behind nginx with TLS and a path, and shops' own pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.settings import Settings
from tests.browser.conftest import Site
from tests.house.scripted import ScriptedEngine
from tests.support.nginx import running, under_a_path_with_tls

HOSTS = Path(__file__).parent / "hosts"


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
    async with running(folder, content, address) as address, _pages(address.url) as hosts:
        yield Grounds(address.url, hosts, site, engine)
    await site.stop()


@asynccontextmanager
async def _pages(house: str) -> AsyncIterator[str]:
    """The pages of tests/browser/hosts, each with the house's address in it."""
    origin = house.rpartition("/")[0]
    known = {path.stem for path in HOSTS.glob("*.html")}

    async def page(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in known:
            raise web.HTTPNotFound
        text = (HOSTS / f"{name}.html").read_text(encoding="utf-8")
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
    app.router.add_get("/{name}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0).start()
    port = runner.addresses[0][1]
    try:
        yield f"http://localhost:{port}"
    finally:
        await runner.cleanup()
