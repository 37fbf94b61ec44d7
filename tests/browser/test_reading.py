"""Whoever has told the browser, or the app around the page, to write larger reads larger here, too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody
from tests.browser.house import Grounds
from tests.browser.showcase import CARDS, showing

pytestmark = pytest.mark.browser

# What is told → how much larger.
TOLD = {"nothing": 1.0, "browser": 1.5, "app": 1.5, "both": 2.0}
# Apps (微信的字体大小) write into the page's body.
OF_THE_APP = "document.body.style.setProperty('-webkit-text-size-adjust', '150%')"
WIDE = """() => {
    const log = document.querySelector("dianxiaoer-chat").shadowRoot.querySelector(".dx-log");
    const page = document.documentElement;
    return Math.max(log.scrollWidth - log.clientWidth, page.scrollWidth - page.clientWidth);
}"""


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path_factory.mktemp("reading")) as site:
        yield site


async def write_larger(page: Page) -> None:
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 24}})


async def px(chat: ChatPage, selector: str) -> float:
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    return float(await chat.page.locator(selector).first.evaluate(size))


@pytest.mark.parametrize("told", TOLD)
async def test_text_is_as_large_as_was_told(browser: Browser, house: Site, told: str) -> None:
    context = await somebody(browser, (320, 568))
    page = await context.new_page()
    if told in ("browser", "both"):
        await write_larger(page)
    await page.goto(f"{house.address}/p/boot-qiyun")
    if told in ("app", "both"):
        await page.evaluate(OF_THE_APP)
    chat = ChatPage(page, house.address)
    await page.get_by_role("button", name="联系客服").click()
    for count, name in enumerate(CARDS, 1):
        await chat.say(name)
        await expect(page.locator(".dx-card")).to_have_count(count)
    larger = TOLD[told]
    assert await px(chat, ".dx-bubble") == 15 * larger
    assert await px(chat, ".dx-card-title") == 15 * larger
    assert await px(chat, ".dx-field textarea") == 16 * larger
    assert await page.evaluate(WIDE) <= 0
    await expect(chat.field).to_be_in_viewport(ratio=1)
    log = await chat.log.bounding_box()
    assert log is not None and log["height"] > 150
    await context.close()


async def test_a_page_that_counts_in_its_own_rem_changes_nothing(
    browser: Browser, ground: Grounds
) -> None:
    context = await somebody(browser, ignore_https_errors=True)
    page = await context.new_page()
    await page.goto(ground.page("resets"))
    await page.get_by_role("button", name="联系客服").click()
    await expect(page.locator(".dx-bubble").first).to_be_visible()
    assert await px(ChatPage(page, ""), ".dx-bubble") == 15
    await context.close()
