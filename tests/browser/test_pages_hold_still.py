"""The shop's own pages do not move under the eyes while they load: layout shift, as browsers count it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from bot.settings import Settings
from tests.browser.conftest import VIEWPORTS, Site, somebody
from tests.browser.showcase import showing

pytestmark = pytest.mark.browser

GOOD = 0.02  # 0.1 is what is commonly called good
WATCH = """
    window.moved = 0;
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
# Those out of sight are fetched later, if ever.
PICTURED = """Promise.all([...document.images].filter(image => image.loading !== "lazy")
    .map(image => image.decode().catch(() => 0)))"""
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
NOTHING_RESERVED = ".shop-waiting, .shop-ghost { display: none !important } .shop-page { min-height: 0 !important }"
PAGES = {
    "/": ("**/api/chat/products", ".shop-tile a"),
    "/p/boot-qiyun": ("**/api/chat/products/*", "h1"),
}


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path_factory.mktemp("still")) as site:
        yield site


async def moved(page: Page, house: Site, path: str, *, style: str = "") -> float:
    """By how much the page moves when its goods come after everything else."""
    asked, shown = PAGES[path]
    come = asyncio.Event()

    async def hold(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await page.route(asked, hold)
    await page.add_init_script(WATCH)
    await page.goto(house.address + path, wait_until="commit")
    await expect(page.get_by_role("link", name="山行户外").first).to_be_visible()
    await page.add_style_tag(content=style or ":root {}")
    await page.evaluate(PAINTED)
    before = float(await page.evaluate("window.moved"))
    come.set()
    await expect(page.locator(shown).first).to_be_visible()
    await page.evaluate(PICTURED)
    await page.evaluate(PAINTED)
    after = float(await page.evaluate("window.moved"))
    return after if not style else after - before


@pytest.mark.parametrize("size", VIEWPORTS)
@pytest.mark.parametrize("path", PAGES)
async def test_nothing_moves_when_goods_come(
    browser: Browser, house: Site, path: str, size: str
) -> None:
    page = await (await somebody(browser, size)).new_page()
    assert await moved(page, house, path) <= GOOD
    await page.context.close()


async def test_it_would_move_if_nothing_was_kept_free(browser: Browser, house: Site) -> None:
    page = await (await somebody(browser, "phone")).new_page()
    assert await moved(page, house, "/p/boot-qiyun", style=NOTHING_RESERVED) > GOOD
    await page.context.close()
