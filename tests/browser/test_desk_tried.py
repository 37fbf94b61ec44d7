"""What somebody met who sat down at the desk for a first morning, with the guide and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.desk.roles import Role
from bot.desk.who import ACCOUNTS
from bot.settings import Settings
from tests.browser.conftest import Site, somebody
from tests.browser.desk import PASSWORD, DeskPage, order, seen, talk
from tests.browser.showcase import showing

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        yield site


async def test_a_line_against_the_rules_for_words_is_taken_up_again(
    page: Page, house: Site
) -> None:
    opened = await talk(house, "在吗")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    await desk.field.fill("加我微信，给您便宜")
    await desk.field.press("Enter")
    await expect(page.get_by_role("button", name="知道了，仍然发")).to_be_visible()
    await desk.field.fill("在这里说吧")
    await page.get_by_role("button", name="改一改").click()
    await expect(desk.field).to_have_value("加我微信，给您便宜\n在这里说吧")
    await expect(page.get_by_role("button", name="知道了，仍然发")).to_have_count(0)


async def test_what_was_put_aside_says_so_and_where_it_is(page: Page, house: Site) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})  # the list beside the talk
    await page.clock.set_fixed_time(house.clock())
    opened = await talk(house, "在吗")
    await order(house)
    desk = DeskPage(page, house)
    await desk.sign_in()
    await page.get_by_role("button", name="我的").click()
    await desk.open(opened)
    await (await desk.beside()).get_by_role("button", name="30 分钟后").click()
    await expect(page.locator(".desk-view-title")).to_contain_text("稍后处理")
    await expect(page.locator(".desk-list")).to_contain_text("在「全部」里能找到")
    await seen(page, "put-aside")
    await page.get_by_role("button", name="全部").click()
    await expect(page.locator(".desk-entry")).to_have_count(1)
    await expect(page.locator(".desk-sign")).to_contain_text("稍后处理")


async def test_whoever_has_it_is_not_told_to_look_on_as_well(
    browser: Browser, page: Page, house: Site
) -> None:
    opened = await talk(house, "在吗")
    assert house.app is not None
    await house.app[ACCOUNTS].set_password("li", "a-password-of-li", role=Role.SUPERVISOR)
    holder, other = (
        DeskPage(page, house),
        DeskPage(await (await somebody(browser)).new_page(), house),
    )
    await holder.sign_in()
    await holder.open(opened)
    await other.sign_in("li", "a-password-of-li")
    await other.open(opened)
    await expect(page.locator(".desk-view-title")).to_contain_text("li也在看")
    await expect(other.page.locator(".desk-view-title")).to_contain_text("admin 正在接待")
    await expect(other.page.locator(".desk-view-title")).not_to_contain_text("也在看")
    await other.page.context.close()
