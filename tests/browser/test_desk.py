"""An agent's day in Chromium, at phone and desktop width: drafts, deeds pressed twice, the keyboard."""

from __future__ import annotations

import os
import uuid

import pytest
from playwright.async_api import Page, expect

from bot.channels.keys import CONVERSATIONS
from bot.conversations.messages import Incoming
from tests.browser.chat import stop_time
from tests.browser.conftest import Site
from tests.browser.test_privacy import at_the_desk

pytestmark = pytest.mark.browser


async def talks(site: Site, *lines: str) -> None:
    """A visitor's talk for each of the lines, all of them admin's."""
    assert site.app is not None
    conversations = site.app[CONVERSATIONS]
    for number, line in enumerate(lines):
        opened = await conversations.open(
            buyer_id=f"visitor:000{number}", signed_in=False, channel="web"
        )
        await conversations.take(opened.conversation_id, "admin")
        incoming = Incoming(message_id=uuid.uuid4().hex, text=line)
        await conversations.receive(opened.conversation_id, incoming)


async def seen(page: Page, name: str) -> None:
    """Keeps a picture where somebody wants to look at it."""
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        await page.screenshot(path=f"{folder}/{name}-{width}.png")


async def to_list(page: Page) -> None:
    if await page.locator(".desk-back").is_visible():
        await page.locator(".desk-back").click()


async def test_what_is_typed_for_one_buyer_stays_with_that_buyer(page: Page, site: Site) -> None:
    await talks(site, "甲在吗", "乙在吗")
    await at_the_desk(page, site)
    first = await page.locator(".desk-view-title h2").inner_text()
    async with page.expect_response(lambda answer: answer.url.endswith("/draft")):  # it is kept
        await page.get_by_label("输入消息").fill("您的地址是文三路88号，对吗")
    await seen(page, "draft")
    await to_list(page)
    await page.locator(".desk-entry").nth(1).click()
    await expect(page.locator(".desk-view-title h2")).not_to_have_text(first)
    await expect(page.get_by_label("输入消息")).to_have_value("")
    await page.reload()
    await expect(page.locator(".desk-view-head")).to_be_visible()  # the open talk is kept
    await to_list(page)
    await page.get_by_role("button", name="我的").click()
    await page.locator(".desk-entry", has_text=first).click()
    await expect(page.get_by_label("输入消息")).to_have_value("您的地址是文三路88号，对吗")


async def test_a_talk_is_not_given_away_by_a_slip(page: Page, site: Site) -> None:
    await talks(site, "在吗")
    await page.clock.install()
    await at_the_desk(page, site)
    await expect(page.get_by_role("button", name="还给机器人")).to_be_visible()
    await stop_time(page)  # what was pressed once is forgotten soon
    await page.get_by_role("button", name="还给机器人").click()
    await expect(page.get_by_role("button", name="再按一次还给机器人")).to_be_visible()
    await expect(page.locator(".desk-view-title")).to_contain_text("由您接待")
    await seen(page, "armed")
    await page.get_by_role("button", name="再按一次还给机器人").click()
    await expect(page.locator(".desk-view-title")).to_contain_text("机器人正在接待")


async def test_the_clock_runs_and_nothing_scrolls_sideways(page: Page, site: Site) -> None:
    await talks(site, "在吗")
    await at_the_desk(page, site)
    await expect(page.locator(".desk-summary")).to_contain_text("还没登录的访客")
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    await to_list(page)
    await expect(page.locator(".desk-clock").first).to_be_visible()
    await seen(page, "list")
