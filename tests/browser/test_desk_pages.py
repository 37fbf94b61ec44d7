"""The desk's other pages in Chromium: people and invitations, records, phrases, notices, search, places."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, Route, expect

from bot.channels.keys import CONVERSATIONS
from bot.desk.roles import Role
from bot.desk.who import ACCOUNTS
from bot.settings import Settings
from tests.browser.conftest import Site, somebody
from tests.browser.desk import PASSWORD, DeskPage, seen, talk
from tests.browser.showcase import showing
from tests.support.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        yield site


async def test_a_colleague_is_invited_by_link_and_joins(
    browser: Browser, page: Page, house: Site
) -> None:
    desk = DeskPage(page, house)
    await desk.sign_in()
    people = await desk.to_page("同事和邀请")
    await people.get_by_label("邀请一位").select_option("supervisor")
    await people.get_by_role("button", name="生成邀请链接").click()
    link = await people.get_by_label("邀请链接").input_value()
    await seen(page, "people")
    other = await (await somebody(browser)).new_page()
    await other.goto(link)
    await other.get_by_label("账号").fill("chen")
    await other.get_by_label("称呼").fill("陈陈")
    await other.get_by_label("密码").fill("a-password-of-mine")
    await seen(other, "join")
    asked = asyncio.Event()

    async def late(route: Route) -> None:
        await asked.wait()
        await route.continue_()

    await other.route("**/api/desk/login", late)
    await other.get_by_role("button", name="加入").click()
    # No empty sign-in form in between, as if nothing had come of it.
    await expect(other.get_by_role("button", name="正在加入…")).to_be_disabled()
    asked.set()
    await expect(other.locator(".desk-menu > button")).to_contain_text("陈陈")
    assert house.app is not None
    found = await house.app[ACCOUNTS].find("chen")
    assert found is not None
    assert found.role is Role.SUPERVISOR
    await other.context.close()


async def test_an_owner_changes_a_role_and_removes_by_two_presses(page: Page, house: Site) -> None:
    assert house.app is not None
    accounts = house.app[ACCOUNTS]
    await accounts.set_password("li", "a-password-of-li", role=Role.AGENT, display_name="小李")
    desk = DeskPage(page, house)
    await desk.sign_in()
    people = await desk.to_page("同事和邀请")
    await people.get_by_label("li的角色").select_option("trainer")
    await expect(people.get_by_role("status")).to_contain_text("角色改好了")
    found = await accounts.find("li")
    assert found is not None
    assert found.role is Role.TRAINER
    await people.get_by_role("button", name="删除").click()
    await people.get_by_role("button", name="再按一次删除").click()
    await expect(people).not_to_contain_text("小李")
    assert await accounts.find("li") is None


async def test_what_was_done_is_listed_and_leads_to_its_talk(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗", taken_by="")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    await page.get_by_role("button", name="接入").click()
    log = await desk.to_page("操作记录")
    await expect(log).to_contain_text("admin 接入")
    await seen(page, "audit")
    await log.get_by_role("button", name="看会话").first.click()
    await expect(page.locator(".desk-view-head")).to_be_visible()


async def test_an_agent_has_no_pages_of_who_leads(page: Page, house: Site) -> None:
    assert house.app is not None
    await house.app[ACCOUNTS].set_password("li", "a-password-of-li", role=Role.AGENT)
    desk = DeskPage(page, house)
    await desk.sign_in("li", "a-password-of-li")
    await page.locator(".desk-menu > button").click()
    menu = page.locator(".desk-menu-list")
    await expect(menu.get_by_role("button", name="快捷键")).to_be_visible()
    for name in ("操作记录", "查看记录", "店铺资料"):
        await expect(menu.get_by_role("button", name=name)).to_have_count(0)


async def test_a_phrase_is_made_found_by_its_code_and_filled_in(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗")
    desk = DeskPage(page, house)
    await desk.sign_in()
    phrases = await desk.to_page("快捷短语")
    await expect(phrases).to_contain_text("还没有短语")
    await phrases.get_by_role("button", name="加一条").click()
    await phrases.get_by_label("短码").fill("问好")
    await phrases.get_by_label("内容").fill("您好，{买家}，我是{客服}")
    await phrases.get_by_role("button", name="存好").click()
    await expect(phrases).to_contain_text("/问好")
    await seen(page, "phrases")
    await page.keyboard.press("Escape")
    await desk.open(opened)
    await desk.field.fill("/问")
    await page.locator(".desk-phrases button").click()
    await expect(desk.field).to_have_value("您好，访客 0007，我是admin")


async def test_a_phrase_brings_its_picture_along(page: Page, house: Site) -> None:
    opened, other = await talk(house, "在吗"), await talk(house, "在吗", buyer_id="visitor:0008")
    desk = DeskPage(page, house)
    await desk.sign_in()
    phrases = await desk.to_page("快捷短语")
    await phrases.get_by_role("button", name="加一条").click()
    await phrases.get_by_label("短码").fill("尺码表")
    await phrases.get_by_label("带一张图片").set_input_files(a_picture("尺码表.png"))
    await expect(phrases.locator(".desk-attached")).to_contain_text("尺码表.png")
    await phrases.get_by_role("button", name="存好").click()
    await expect(phrases.locator("li")).to_contain_text("[图片 尺码表.png]")
    await seen(page, "phrase-picture")
    await page.keyboard.press("Escape")
    await desk.open(opened)
    await desk.field.fill("/尺码")
    await page.locator(".desk-phrases button").click()
    await expect(page.locator(".desk-attached")).to_contain_text("尺码表.png")
    await seen(page, "attached")
    await desk.open(other)
    await expect(page.locator(".desk-attached")).to_have_count(0)  # it was chosen for the other one
    await desk.open(opened)
    await page.get_by_role("button", name="发这张图片").click()
    await expect(desk.log.locator(".dx-picture img")).to_be_visible()
    await expect(page.locator(".desk-attached")).to_have_count(0)


async def test_sound_and_notices_have_switches_that_are_kept(page: Page, house: Site) -> None:
    desk = DeskPage(page, house)
    await desk.sign_in()
    box = await desk.to_page("声音和通知")
    await expect(box.get_by_label("响一声")).to_be_checked()
    async with page.expect_response("**/api/desk/notices"):  # it is the account's
        await box.get_by_label("响一声").uncheck()
    await box.get_by_label("桌面通知").click()
    await expect(box.get_by_role("alert")).to_contain_text("浏览器不让这个网址发通知")
    await seen(page, "notices")
    await page.reload()
    box = await desk.to_page("声音和通知")
    await expect(box.get_by_label("响一声")).not_to_be_checked()


async def test_a_page_that_nobody_has_clicked_says_that_it_is_silent(
    page: Page, house: Site
) -> None:
    desk = DeskPage(page, house)
    await desk.sign_in()
    await page.reload()
    await expect(page.get_by_role("button", name="先点一下，声音才响")).to_be_visible()
    await page.get_by_role("button", name="先点一下，声音才响").click()
    await expect(page.get_by_role("button", name="先点一下，声音才响")).to_have_count(0)


async def test_unread_marks_come_with_a_line_and_go_with_reading(page: Page, house: Site) -> None:
    first = await talk(house, "在吗", buyer_id="visitor:0001")
    await talk(house, "你好", buyer_id="visitor:0002")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await page.get_by_role("button", name="我的").click()
    await expect(page.locator(".desk-unread")).to_have_count(2)
    await page.locator(".desk-entry", has_text="0001").click()
    await expect(page.locator(".desk-unread")).to_have_count(1)
    assert house.app is not None
    await talk(house, "还在吗", buyer_id="visitor:0002")
    await expect(page.locator(".desk-unread")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".desk-view-head")).to_be_visible()
    assert first in page.url


async def test_at_100_seconds_one_joint_warning_leads_to_the_most_urgent(
    page: Page, house: Site
) -> None:
    began = house.clock()
    await talk(house, "在吗")
    house.clock.forward(timedelta(seconds=30))
    await talk(house, "在吗", buyer_id="visitor:0008")
    await page.clock.set_fixed_time(began + timedelta(seconds=99))
    desk, warning = DeskPage(page, house), page.locator(".desk-late")
    await desk.sign_in()
    await page.get_by_role("button", name="我的").click()
    await expect(page.locator(".desk-clock").filter(has_text="1:21")).to_be_visible()
    await expect(warning).to_have_count(0)
    await page.clock.set_fixed_time(began + timedelta(seconds=101))
    await expect(warning).to_have_text("1 位买家等了快 3 分钟，先回 访客 0007")
    await page.clock.set_fixed_time(began + timedelta(seconds=131))
    await expect(warning).to_have_text("2 位买家等了快 3 分钟，先回 访客 0007")
    await page.clock.set_fixed_time(began + timedelta(seconds=190))
    await expect(warning).to_have_text("2 位买家等了超过 3 分钟，先回 访客 0007")
    await seen(page, "late")
    await warning.click()
    await expect(page.locator(".desk-view-title h2")).to_have_text("访客 0007")


async def test_search_opens_a_talk_at_its_line_however_far_up(page: Page, house: Site) -> None:
    opened = await talk(house, "我要一个帐篷", *(f"第{number}句" for number in range(230)))
    desk = DeskPage(page, house)
    await desk.sign_in()
    await page.get_by_label("搜索会话").fill("一个帐篷")
    await page.locator(".desk-entry", has_text="0007").click()
    found = page.locator(".desk-found")
    await expect(found).to_contain_text("我要一个帐篷")
    await expect(found).to_be_in_viewport()
    assert opened in page.url


async def test_back_on_a_phone_leads_to_the_list(page: Page, house: Site) -> None:
    await talk(house, "在吗")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await page.get_by_role("button", name="我的").click()
    await page.locator(".desk-entry").first.click()
    await expect(page.locator(".desk-view-head")).to_be_visible()
    await page.go_back()
    await expect(page.locator(".desk-view-head")).to_have_count(0)
    await expect(page.locator(".desk-list")).to_be_visible()


def a_picture(name: str) -> Any:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(buffer, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": buffer.getvalue()}


async def test_a_line_is_taken_back_and_a_picture_is_sent(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    await desk.field.fill("写错了")
    await desk.field.press("Enter")
    await page.get_by_role("button", name="撤回").click()
    await expect(desk.log).to_contain_text("一句话已撤回")
    await expect(desk.log).not_to_contain_text("写错了")
    await page.locator("input[type=file]").first.set_input_files(a_picture("shoe.png"))
    await expect(desk.log.locator(".dx-picture img")).to_be_visible()


async def test_a_line_is_written_for_later_and_called_off(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    await page.keyboard.press("Control+K")
    await page.keyboard.type("定时")
    await page.keyboard.press("Enter")
    await desk.question.get_by_label("内容").fill("明早给您发")
    await desk.question.get_by_label("什么时候").fill("2099-01-01T09:00")
    await desk.question.get_by_role("button", name="到时候发").click()
    await expect(desk.question.get_by_role("alert")).to_contain_text("三十天之内")
    assert house.app is not None
    tomorrow = house.clock().strftime("%Y-%m-%dT23:59")
    await desk.question.get_by_label("什么时候").fill(tomorrow)
    await desk.question.get_by_role("button", name="到时候发").click()
    planned = page.get_by_role("list", name="定时的话")
    await expect(planned).to_contain_text("明早给您发")
    await planned.get_by_role("button", name="取消").click()
    await expect(planned).to_have_count(0)


async def test_who_is_looking_and_that_the_buyer_types(
    browser: Browser, page: Page, house: Site
) -> None:
    assert house.app is not None
    opened = await talk(house, "在吗")
    await house.app[ACCOUNTS].set_password(
        "li", "a-password-of-li", role=Role.AGENT, display_name="小李"
    )
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    other = await (await somebody(browser)).new_page()
    hers = DeskPage(other, house)
    await hers.sign_in("li", "a-password-of-li")
    await hers.open(opened)
    await expect(page.locator(".desk-view-title")).to_contain_text("小李也在看")
    conversations = house.app[CONVERSATIONS]

    async def is_seen_to_write() -> bool:  # the sign goes after a few seconds
        await conversations.buyer_types(opened)
        return bool(await page.get_by_text("买家正在输入…").is_visible())

    await until(is_seen_to_write)
    await other.context.close()
    await expect(page.locator(".desk-view-title")).not_to_contain_text("也在看")


async def test_while_the_list_is_on_its_way_nobody_is_said_to_wait(page: Page, house: Site) -> None:
    await talk(house, "在吗")
    await page.route("**/api/desk/conversations?*", lambda route: route.abort())
    desk = DeskPage(page, house)
    await desk.sign_in()
    await expect(page.locator(".desk-problem")).to_contain_text("网络不太稳")
    await expect(page.locator(".desk-list")).not_to_contain_text("喝口水")
    await seen(page, "list-failed")
