"""Whether people have read it, what stays at hand in a talk, and a house that does not answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Error, Page, expect

from bot.channels import keys
from bot.conversations.conversation import Status
from bot.settings import Settings
from bot.shop_settings import Unreachable
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody
from tests.browser.showcase import shops_page, showing
from tests.browser.test_desk import seen
from tests.browser.test_privacy import at_the_desk

pytestmark = pytest.mark.browser

PHONE, WORDS = "0571-88880000", "也可以在商城的订单页给我们留言。"


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    told = replace(settings.shop, unreachable=Unreachable(phone=PHONE, words=WORDS))
    shop = replace(settings, shop=told)
    async with showing(shop, seeded, tmp_path, desk_password="a-long-password") as site:
        yield site


@pytest.fixture
async def elsewhere(house: Site) -> AsyncIterator[str]:
    async with shops_page(house) as address:
        yield address


async def test_the_buyer_sees_that_the_agents_page_has_shown_it(
    page: Page, browser: Browser, house: Site
) -> None:
    chat = ChatPage(page, house.address)
    await chat.open()
    await chat.say("在吗")
    await chat.expect_answered()
    assert house.app is not None
    talks = house.app[keys.CONVERSATIONS]
    (talk,), _ = await talks.in_status([Status.WITH_BOT])
    await talks.take(talk.conversation_id, "admin", "小李")
    await chat.expect_said("客服小李来了")
    await chat.say("鞋子开胶了")
    mark = chat.log.locator(".dx-read")
    await expect(mark).to_have_text("已送达")
    await seen(page, "delivered")
    desk = await (await somebody(browser)).new_page()
    await at_the_desk(desk, house)
    await expect(mark).to_have_text("客服已读")
    await seen(page, "read")
    await chat.say("能退吗")  # into the page that is open
    line = desk.locator(".dx-log").get_by_text("能退吗", exact=True)  # not what the bot suggests
    await expect(line).to_be_visible()
    await expect(chat.log.locator(".dx-mine", has_text="能退吗")).to_contain_text("客服已读")
    await expect(mark).to_have_count(1)
    await page.reload()
    await expect(mark).to_have_text("客服已读")
    await talks.say_as_agent(talk.conversation_id, "admin", "a1", "能的", shown_name="小李")
    await chat.expect_said("能的")
    await expect(mark).to_have_count(0)  # the answer says it
    await desk.context.close()


async def test_what_is_often_wanted_stays_at_hand_in_the_talk(page: Page, house: Site) -> None:
    chat = ChatPage(page, house.address)
    await chat.open("/p/boot-qiyun")
    row = page.get_by_role("group", name="快捷问题")
    await expect(page.locator(".dx-quick button").first).to_be_visible()
    await expect(row).to_have_count(0)  # the likely questions are there
    await chat.say("长一点")
    await chat.expect_answered()
    sizes = row.get_by_role("button", name="看尺码")
    await expect(sizes).to_be_in_viewport()
    for button in await row.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44
    await seen(page, "shortcuts")
    await page.locator(".dx-log").evaluate("log => log.scrollTop = 0")
    await sizes.click()
    await chat.expect_said("听到:我穿多大的合适", times=1)
    await expect(sizes).to_be_in_viewport()
    person = row.get_by_role("button", name="找人工")
    await expect(person).to_have_count(1)
    assert house.app is not None
    talks = house.app[keys.CONVERSATIONS]
    (talk,), _ = await talks.in_status([Status.WITH_BOT])
    await talks.take(talk.conversation_id, "admin", "小李")
    await expect(person).to_have_count(0)  # one is there
    await expect(sizes).to_be_in_viewport()
    await page.set_viewport_size({"width": 640, "height": 300})  # a keyboard is up
    await expect(row).to_have_count(0)


async def test_a_house_that_does_not_answer_is_spoken_for(
    page: Page, house: Site, elsewhere: str
) -> None:
    chat = ChatPage(page, elsewhere)
    await chat.open("")
    await expect(page.locator(".dx-quick button").first).to_be_visible()
    note = page.locator(".dx-unreached")
    await expect(note).to_have_count(0)
    await page.get_by_role("button", name="收起聊天").click()
    await house.stop()
    await page.reload()
    await page.get_by_role("button", name="联系客服").click()
    await expect(note).to_contain_text(WORDS)
    await expect(note.get_by_role("link")).to_have_attribute("href", "tel:057188880000")
    await expect(note.get_by_role("link")).to_have_text(f"打电话 {PHONE}")
    await expect(page.locator("#dx-title")).to_have_text("山行户外")
    await chat.expect_said("您好呀，欢迎来到山行户外", times=1)
    await seen(page, "unreached")
    await chat.say("在吗")
    retry = page.get_by_role("button", name="立即重试")
    await expect(retry).to_be_visible()
    await house.start()
    with suppress(Error):  # the page may have found the house by itself, and then it is gone
        await retry.click(timeout=2_000)
    await chat.expect_said("听到:在吗", times=1)
    await expect(chat.log.locator(".dx-mine")).to_have_count(1)
    await expect(note).to_have_count(0)


async def test_the_button_names_the_telephone_where_the_panel_does_not_come(
    page: Page, house: Site
) -> None:
    await ChatPage(page, house.address).open()
    await page.get_by_role("button", name="收起聊天").click()
    for part in ("**/assets/panel-*.js", "**/panel.js"):
        await page.route(part, lambda route: route.abort())
    await page.reload()
    await page.get_by_role("button", name="联系客服").click()
    await expect(page.get_by_role("alert")).to_contain_text(f"急事请打 {PHONE}")
    await seen(page, "panel-away")
