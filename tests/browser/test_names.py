"""Markup in a name, an agent's or a buyer's, is shown as it was written, wherever a name stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.channels.keys import CLOCK, CONVERSATIONS, DATABASE, TOKENS
from bot.desk.roles import Role
from bot.desk.who import ACCOUNTS
from bot.settings import Settings
from bot.shop.embedded import tables as shop
from tests.browser.chat import ChatPage
from tests.browser.conftest import VIEWPORTS, Site
from tests.browser.desk import PASSWORD, DeskPage
from tests.browser.showcase import showing

pytestmark = pytest.mark.browser

AGENT = "<img src=x onerror=alert(1)>小李"
COLLEAGUE = "</p><script>alert(2)</script>小王"
BUYER = "<svg onload=alert(3)>露露"
LULU = "buyer-lulu"
READABLE = 60  # pixels: four or five characters of a name


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(
        settings, seeded, tmp_path, desk_password=PASSWORD, secret_key="k" * 48
    ) as site:
        assert site.app is not None
        accounts = site.app[ACCOUNTS]
        await accounts.set_password("li", PASSWORD, role=Role.OWNER, display_name=AGENT)
        await accounts.set_password("wang", PASSWORD, role=Role.AGENT, display_name=COLLEAGUE)
        named = sa.update(shop.buyers).where(shop.buyers.c.buyer_id == LULU).values(nickname=BUYER)
        await site.app[DATABASE].run(lambda connection: connection.execute(named))
        yield site


class Watched:
    """A browser's page that keeps whatever a script of ours could have opened."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page, self.opened = context, page, list[str]()
        page.on("dialog", self._heard)

    async def _heard(self, dialog: object) -> None:
        self.opened.append(str(dialog))
        await dialog.dismiss()  # type: ignore[attr-defined]

    async def is_text(self, *names: str) -> None:
        """Each of the names can be read, and none of them has become an element."""
        for name in names:
            await expect(self.page.get_by_text(name).first).to_be_visible()
        assert await self.page.locator("img[src='x'], svg[onload], p > script").count() == 0
        assert self.opened == []


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[object]:
    pages: list[Watched] = []

    async def one() -> Watched:
        context = await browser.new_context(viewport=VIEWPORTS["desktop"], locale="zh-CN")  # type: ignore[arg-type]
        pages.append(Watched(context, await context.new_page()))
        return pages[-1]

    yield one
    for page in pages:
        await page.context.close()


def token_of(site: Site) -> str:
    assert site.app is not None
    return site.app[TOKENS].for_buyer(LULU, site.app[CLOCK]())


async def test_at_the_desk_and_on_the_buyers_page(house: Site, open_page: object) -> None:
    assert house.app is not None
    opened = await house.app[CONVERSATIONS].open(buyer_id=LULU, signed_in=True, channel="web")
    one = opened.conversation_id
    mine: Watched = await open_page()  # type: ignore[operator]
    hers: Watched = await open_page()  # type: ignore[operator]
    buyers: Watched = await open_page()  # type: ignore[operator]

    desk, other = DeskPage(mine.page, house), DeskPage(hers.page, house)
    await desk.sign_in("li")
    await other.sign_in("wang")

    # The buyer's page: greeted by the own name, answered by the agent's.
    await buyers.page.add_init_script(
        f"localStorage.setItem('dianxiaoer.token', '{token_of(house)}')"
    )
    chat = ChatPage(buyers.page, house.address)
    await chat.open()
    await chat.say("在吗")
    await chat.expect_said("听到:在吗")
    await house.app[CONVERSATIONS].take(one, "li", AGENT)
    await house.app[CONVERSATIONS].say_as_agent(one, "li", "a1", "您好", shown_name=AGENT)
    await chat.expect_said("您好")
    await buyers.is_text(AGENT)

    # The list, the head of the talk, its card, and who else looks.
    await other.open(one)
    await desk.open(one)
    await mine.page.get_by_role("button", name="我的").click()
    await expect(mine.page.locator(".desk-entry").first).to_contain_text(BUYER)
    # However long the agent's name and the time beside it, the buyer's name stays readable.
    entry = await mine.page.locator(".desk-entry-top strong").first.bounding_box()
    assert entry is not None and entry["width"] >= READABLE, entry
    await expect(mine.page.locator(".desk-view-title h2")).to_have_text(BUYER)
    await expect(mine.page.locator(".desk-view-title p")).to_contain_text(f"{COLLEAGUE}也在看")
    await expect(mine.page.locator(".desk-menu > button")).to_contain_text(AGENT)
    await mine.is_text(BUYER, COLLEAGUE)
    await expect(hers.page.locator(".desk-view-title p")).to_contain_text(f"{AGENT} 正在接待")
    await hers.is_text(BUYER, AGENT)

    # Pages that list people; the command bar; a talk passed on.
    people = await desk.to_page("同事和邀请")
    await expect(people).to_contain_text(COLLEAGUE)
    await mine.is_text(COLLEAGUE)
    await mine.page.keyboard.press("Escape")
    await mine.page.keyboard.press("Control+k")
    await mine.page.keyboard.type("转给")
    await mine.page.get_by_role("option", name=f"转给 {COLLEAGUE}").click()
    await mine.is_text(COLLEAGUE)
    await mine.page.get_by_role("dialog").get_by_role("button", name="转出").click()
    await expect(mine.page.locator(".desk-view-title p")).to_contain_text(f"{COLLEAGUE} 正在接待")
    await chat.expect_said(f"接下来由客服{COLLEAGUE}接着为您服务")
    await buyers.is_text(AGENT, COLLEAGUE)
    await mine.is_text(COLLEAGUE)
