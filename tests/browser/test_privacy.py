"""What buyers and agents see of privacy, in Chromium at phone and desktop width."""

from __future__ import annotations

import uuid

import pytest
from playwright.async_api import Page, expect

from bot.channels.keys import CONVERSATIONS
from bot.conversations.messages import Incoming
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site
from tests.browser.desk import DeskPage

pytestmark = pytest.mark.browser

PHONE = "13800138000"


async def waiting_with_a_phone(site: Site) -> None:
    """A talk that an agent has to answer."""
    assert site.app is not None
    conversations = site.app[CONVERSATIONS]
    opened = await conversations.open(buyer_id="visitor:a1", signed_in=False, channel="web")
    await conversations.take(opened.conversation_id, "小王")
    incoming = Incoming(message_id=uuid.uuid4().hex, text=f"打我电话{PHONE}")
    await conversations.receive(opened.conversation_id, incoming)


async def at_the_desk(page: Page, site: Site) -> None:
    await page.goto(site.address + "/desk")
    await page.get_by_label("账号").fill("admin")
    await page.get_by_label("密码").fill("a-long-password")
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("button", name="全部").click()
    await page.locator(".desk-entry").first.click()


async def test_the_line_on_privacy_fits_and_leads_to_the_page(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    line = page.locator(".dx-privacy")
    await expect(line).to_contain_text("聊天内容保存180天")
    box = await line.bounding_box()
    assert box is not None and box["height"] < 48  # one line
    async with page.context.expect_page() as opened:
        await line.get_by_role("link", name="隐私说明").click()
    told = await opened.value
    await expect(told.get_by_role("heading", name="怎么导出、删除")).to_be_visible()
    wide = await told.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


async def test_an_agent_sees_a_phone_whole_by_a_press_only(page: Page, site: Site) -> None:
    await waiting_with_a_phone(site)
    await at_the_desk(page, site)
    log = page.locator(".dx-log")
    await expect(log).to_contain_text("138****8000")
    assert PHONE not in await page.content()
    await page.get_by_role("button", name="查看完整信息").click()
    await expect(log).to_contain_text(PHONE)
    await DeskPage(page, site).to_page("查看记录")
    await expect(page.get_by_role("dialog")).to_contain_text("admin 看了一条消息")


async def test_an_owner_erases_a_buyer_by_the_word(page: Page, site: Site) -> None:
    await waiting_with_a_phone(site)
    await at_the_desk(page, site)
    opener = page.get_by_role("button", name="买家、订单")
    if await opener.is_visible():
        await opener.click()
    await page.locator(".desk-buyer summary", has_text="买家资料").click()
    erase = page.get_by_role("button", name="删除，找不回来")
    await expect(erase).to_be_disabled()
    await page.get_by_placeholder("输入「删除」").fill("删除")
    await erase.click()
    await expect(page.locator(".desk-entry")).to_have_count(0)
