"""Little room, and other colours: zoom, a phone on its side or with its keyboard up, forced colours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site
from tests.browser.showcase import showing
from tests.browser.test_accessible import SIZES, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path_factory.mktemp("room")) as site:
        yield site


ROOM = {
    "200 %": (640, 400, 130),
    "400 %": (320, 200, 90),
    "landscape": (844, 390, 150),
    "landscape, keyboard up": (844, 180, 80),
    "small phone, keyboard up": (320, 280, 110),
}


@pytest.mark.parametrize("name", ROOM)
async def test_there_is_room_for_the_lines(browser: Browser, house: Site, name: str) -> None:
    width, height, least = ROOM[name]
    page = await opened(browser, (width, height))
    chat = ChatPage(page, house.address)
    await chat.open("/p/boot-qiyun")
    await chat.say("看尺码")
    await expect(page.locator(".dx-chart")).to_be_visible()  # two lines at once are one turn
    await chat.say("看订单")
    await expect(page.locator(".dx-order")).to_be_visible()
    await chat.field.fill("第一行\n第二行\n第三行")
    log = await chat.log.bounding_box()
    field = await chat.field.bounding_box()
    assert log is not None and field is not None
    await chat.field.fill("")
    roomy = await chat.log.bounding_box()
    assert roomy is not None and roomy["height"] >= least
    assert field["y"] >= 0 and field["y"] + field["height"] <= height
    for selector in (
        "document.documentElement",
        "document.querySelector('dianxiaoer-chat').shadowRoot.querySelector('.dx-log')",
    ):
        wide = await page.evaluate(f"{selector}.scrollWidth - {selector}.clientWidth")
        assert wide <= 0, selector
    await page.context.close()


async def test_forced_colours_keep_edges(browser: Browser, house: Site) -> None:
    page = await opened(browser, SIZES["desktop"], forced_colors="active")
    chat = ChatPage(page, house.address)
    await page.goto(house.address)
    launcher = page.get_by_role("button", name="联系客服")
    assert await _edge(launcher) > 0
    await launcher.click()
    await chat.say("看商品")
    await expect(page.locator(".dx-product")).to_be_visible()
    for selector in (".dx-panel", ".dx-bubble", ".dx-card", ".dx-field textarea"):
        assert await _edge(page.locator(selector).first) > 0, selector
    await page.context.close()


async def _edge(found: Any) -> float:
    """Pixels of a border that is drawn."""
    width: float = await found.evaluate(
        """element => {
            const { borderTopWidth, borderTopStyle, borderTopColor } = getComputedStyle(element);
            const isSeen = borderTopStyle !== "none" && borderTopColor !== "rgba(0, 0, 0, 0)";
            return isSeen ? parseFloat(borderTopWidth) : 0;
        }"""
    )
    return width
