"""没帮上忙 under the last answer: small, out of the way, pressed once, and kept for the trainers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.channels import keys
from bot.conversations import wishes
from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site
from tests.browser.desk import seen
from tests.browser.showcase import showing
from tests.browser.test_accessible import faults, opened
from tests.support.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path) as site:
        yield site


async def test_a_press_under_an_answer_is_thanked_and_kept(browser: Browser, house: Site) -> None:
    page = await opened(browser, (375, 812))
    chat = ChatPage(page, house.address)
    await chat.open()
    no_help = page.get_by_role("button", name="没帮上忙")
    await expect(no_help).to_have_count(0)  # nothing was answered yet
    await chat.say("在吗")
    await chat.expect_said("听到:在吗")
    await expect(no_help).to_be_visible()
    await seen(page, "no-help")
    assert await faults(page, "no help") == []
    await no_help.click()
    await expect(page.get_by_text("记下了，谢谢您告诉我们")).to_be_visible()
    await expect(no_help).to_have_count(0)
    assert house.app is not None
    database, now = house.app[keys.DATABASE], house.app[keys.CLOCK]()
    day = timedelta(days=1)

    async def is_kept() -> bool:
        found = await database.read(wishes.unclear, now - day, now + day)
        return [one.text for one in found if one.unhelpful_at is not None] == ["在吗"]

    await until(is_kept)
    await page.reload()
    await chat.expect_said("听到:在吗")
    await expect(no_help).to_have_count(0)  # it was pressed
    await page.context.close()


async def test_nothing_is_to_be_pressed_where_nothing_was_tried(
    browser: Browser, house: Site
) -> None:
    page = await opened(browser, (375, 812))
    chat = ChatPage(page, house.address)
    await chat.open()
    no_help = page.get_by_role("button", name="没帮上忙")
    for said, heard in (("选一个", "这样对吗？"), ("谢谢", "听到:谢谢")):
        await chat.say("包邮吗")
        await expect(no_help).to_be_visible()
        await chat.say(said)
        await chat.expect_said(heard)
        await expect(no_help).to_have_count(0)  # a question of ours, and a courtesy, are no answer
    await page.reload()
    await chat.expect_said("听到:谢谢")
    await expect(no_help).to_have_count(0)
    await page.context.close()
