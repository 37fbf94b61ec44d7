"""The agents' page as an agent's hands and eyes know it, and talks to be answered there."""

from __future__ import annotations

import asyncio
import os
import uuid

from playwright.async_api import Locator, Page, Request, expect

from bot.channels.keys import CONVERSATIONS, SHOP
from bot.conversations.messages import Incoming
from bot.desk.who import ACCOUNTS
from bot.shop.words.dealing import Receiver, WantedLine
from tests.browser.conftest import Site
from tests.support.waiting import until

PASSWORD = "a-long-password"
BUYER = "visitor:0007"
_SETTLED_LOOKS = 20
HOME = Receiver(name="王小明", phone="13900002222", address="浙江省杭州市西湖区文三路88号")


class Asked:
    """What a page has asked the house for and not heard yet."""

    def __init__(self, page: Page) -> None:
        self._open = set[Request]()
        # Playwright marks its listeners, which a method of a set does not allow.
        page.on("request", lambda one: self._open.add(one))
        page.on("requestfinished", lambda one: self._open.discard(one))
        page.on("requestfailed", lambda one: self._open.discard(one))

    async def answered(self) -> None:
        await until(lambda: not self._open)

    async def settled(self) -> None:
        """Two seconds in which nothing was open: what follows upon an answer has been asked too."""
        quiet = 0
        while quiet < _SETTLED_LOOKS:
            await asyncio.sleep(0.1)
            quiet = 0 if self._open else quiet + 1


class DeskPage:
    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site

    async def sign_in(
        self, name: str = "admin", password: str = PASSWORD, *, address: str = ""
    ) -> None:
        """`address`: of a way to the house that is not its own."""
        await self.page.goto((address or self.site.address) + "/desk")
        await self.page.get_by_label("账号").fill(name)
        await self.page.get_by_label("密码").fill(password)
        await self.page.get_by_role("button", name="登录").click()
        await expect(self.page.locator(".desk-tabs")).to_be_visible()

    async def open(self, conversation_id: str) -> None:
        """By its address, as a colleague would send it."""
        await self.page.evaluate(f"location.hash = '#talk={conversation_id}'")
        await expect(self.page.locator(".desk-view-head")).to_be_visible()

    async def beside(self) -> Locator:
        """What stands beside the chat, unfolded where it is a drawer."""
        await expect(self.page.locator(".desk-view-head")).to_be_visible()
        opener = self.page.get_by_role("button", name="买家、订单")
        if await opener.is_visible() and await opener.get_attribute("aria-expanded") != "true":
            await opener.click()
        panel = self.page.get_by_role("complementary", name="买家和订单")
        await expect(panel.locator(".beside-order").first).to_be_visible()
        return panel

    async def to_page(self, name: str) -> Locator:
        await self.page.locator(".desk-menu > button").click()
        await self.page.locator(".desk-menu-list").get_by_role("button", name=name).click()
        dialog = self.page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        return dialog

    @property
    def log(self) -> Locator:
        return self.page.locator(".dx-log")

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("输入消息")

    @property
    def question(self) -> Locator:
        return self.page.get_by_role("dialog")


async def talk(site: Site, *lines: str, buyer_id: str = BUYER, taken_by: str = "admin") -> str:
    """A visitor's talk of these lines; "" as `taken_by` leaves it to the bot."""
    assert site.app is not None
    conversations = site.app[CONVERSATIONS]
    opened = await conversations.open(buyer_id=buyer_id, signed_in=False, channel="web")
    if taken_by:
        await site.app[ACCOUNTS].seen(taken_by)  # the page opens in a moment, or in many
        await conversations.take(opened.conversation_id, taken_by)
    for line in lines:
        incoming = Incoming(message_id=uuid.uuid4().hex, text=line)
        await conversations.receive(opened.conversation_id, incoming)
    return opened.conversation_id


async def order(site: Site, buyer_id: str = BUYER) -> str:
    """Of two poles, not paid."""
    assert site.app is not None
    placed = await site.app[SHOP].place_order(
        [WantedLine(product_id="pole-biluan", colour="蓝色", size="", quantity=2)],
        buyer_id=buyer_id,
        receiver=HOME,
        note="",
        request_id=uuid.uuid4().hex,
    )
    return placed.number


async def seen(page: Page, name: str) -> None:
    """Keeps a picture where somebody wants to look at it."""
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        await page.screenshot(path=f"{folder}/{name}-{width}.png")
