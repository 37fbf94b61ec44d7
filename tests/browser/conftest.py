"""Chromium and a real server for the browser tests."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    async_playwright,
    expect,
)

from bench.servers import free_port
from bot.app import create_app
from bot.conversations.ports import Answers
from bot.engine.engine import Engine
from bot.settings import Reading, Settings
from tests.support.house import Clock, copied_database, settings_in
from tests.support.waiting import PATIENCE_S, in_time

if TYPE_CHECKING:
    from tests.browser.house import Grounds

PATIENCE_MS = PATIENCE_S * 1000
expect.set_options(timeout=PATIENCE_MS)
VIEWPORTS = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 800},
}
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Chromium:
    """One browser for all tests, and another one after it where it has died."""

    def __init__(self, playwright: Playwright, path: str) -> None:
        self._playwright, self._path = playwright, path
        self._browser: Browser | None = None

    async def browser(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            launched = self._playwright.chromium.launch(executable_path=self._path, args=_QUIET)
            self._browser = await in_time(launched, "Chromium to start")
        return self._browser

    async def close(self) -> None:
        """Bounded: Playwright would wait for a browser that hangs as long as that hangs."""
        if self._browser is not None:
            await in_time(self._browser.close(), "Chromium to end")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("Chromium is demanded here and not installed")
        pytest.skip("Chromium is not installed")
    playwright = await async_playwright().start()
    opened = Chromium(playwright, path)
    yield opened
    try:
        await opened.close()
    finally:
        await in_time(playwright.stop(), "Playwright to end")


@pytest.fixture
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    opened = await chromium.browser()
    yield opened
    for left in opened.contexts:  # of a test that failed: its pages would go on asking
        await in_time(left.close(), "a browser's context to close")


class Site:
    """A running server, its address, and a way to stop it and start it again on its data."""

    def __init__(self, settings: Settings, database_file: Path, engine: Answers) -> None:
        self._settings, self._file, self.engine = settings, database_file, engine
        self._runner: web.AppRunner | None = None
        self.clock = Clock.today("14:30", settings)
        self.address = ""
        self.app: web.Application | None = None
        self._port = free_port()  # it comes back to it after a stop

    async def start(self) -> None:
        from bot.database import Database

        self._database = Database(f"sqlite:///{self._file}")
        self.app = create_app(
            self._settings, database=self._database, engine=self.engine, clock=self.clock
        )
        self._runner = web.AppRunner(self.app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, shutdown_timeout=2)
        await site.start()
        self.address = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        assert self._runner is not None
        try:
            await in_time(self._runner.cleanup(), "the house to close")
        finally:
            await asyncio.to_thread(self._database.close)


@pytest.fixture
async def site(
    tmp_path: Path, settings: Settings, engine: Engine, seeded: Path
) -> AsyncIterator[Site]:
    own = settings_in(tmp_path, settings)
    quick = Reading(burst_wait_s=0.15, longest_wait_s=0.6)
    own = replace(own, shop=replace(own.shop, reading=quick), desk_password="a-long-password")
    copied_database(seeded, tmp_path).close()
    site = Site(own, tmp_path / "house.db", engine)
    await site.start()
    yield site
    await site.stop()


@pytest.fixture(scope="module")
async def ground(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Grounds]:
    """The house behind nginx with TLS and a path, and other shops' pages."""
    from tests.browser.house import grounds

    folder = tmp_path_factory.mktemp("grounds")
    own = settings_in(folder, settings)
    quick = Reading(burst_wait_s=0.05, longest_wait_s=0.3)
    own = replace(own, shop=replace(own.shop, reading=quick), desk_password="a-long-password")
    copied_database(seeded, folder).close()
    async with grounds(own, folder / "house.db", folder) as found:
        yield found


async def somebody(
    browser: Browser, size: str | tuple[int, int] = "desktop", **look: Any
) -> BrowserContext:
    """A browser of their own, which waits as long as a busy machine may take. Nothing moves in it: what
    is measured is where it stays."""
    width, height = VIEWPORTS[size].values() if isinstance(size, str) else size
    opening = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=size == "phone",
        locale="zh-CN",
        reduced_motion="reduce",
        **look,
    )
    context = await in_time(opening, "a browser's context")
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture(params=list(VIEWPORTS))
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    context = await somebody(browser, request.param)
    page = await in_time(context.new_page(), "a browser's page")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await in_time(context.close(), "a browser's context to close")
    assert not errors, errors
