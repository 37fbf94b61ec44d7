"""Chromium and a real server for the browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.app import create_app
from bot.conversations.ports import Answers
from bot.engine.engine import Engine
from bot.settings import Reading, Settings
from tests.support.house import Clock, copied_database, settings_in

expect.set_options(timeout=15_000)
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


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("Chromium is demanded here and not installed")
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield browser
        await browser.close()


class Site:
    """A running server, its address, and a way to stop it and start it again on its data."""

    def __init__(self, settings: Settings, database_file: Path, engine: Answers) -> None:
        self._settings, self._file, self._engine = settings, database_file, engine
        self._runner: web.AppRunner | None = None
        self.clock = Clock.today("14:30", settings)
        self.address = ""
        self.app: web.Application | None = None
        self._port = 0

    async def start(self) -> None:
        from bot.database import Database

        self._database = Database(f"sqlite:///{self._file}")
        self.app = create_app(
            self._settings, database=self._database, engine=self._engine, clock=self.clock
        )
        self._runner = web.AppRunner(self.app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, shutdown_timeout=2)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()
        self._database.close()


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


@pytest.fixture(params=list(VIEWPORTS))
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    context: BrowserContext = await browser.new_context(
        viewport=VIEWPORTS[request.param],  # type: ignore[arg-type]
        has_touch=request.param == "phone",
        locale="zh-CN",
    )
    page = await context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert not errors, errors
