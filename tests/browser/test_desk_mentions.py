"""A colleague is called by the name one reads, and finds it later, though nobody was there to hear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.desk.roles import Role
from bot.desk.who import ACCOUNTS
from bot.settings import Settings
from tests.browser.conftest import Site, somebody
from tests.browser.desk import PASSWORD, DeskPage, order, seen, talk
from tests.browser.showcase import showing

pytestmark = pytest.mark.browser
LEE_PASSWORD = "a-password-of-lee"


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        assert site.app is not None
        accounts = site.app[ACCOUNTS]
        await accounts.set_password("lee", LEE_PASSWORD, role=Role.AGENT, display_name="小林")
        await accounts.set_password("lin2", LEE_PASSWORD, role=Role.AGENT, display_name="小林子")
        await accounts.change("lin2", department="售后")
        yield site


async def noting(page: Page, house: Site, opened: str) -> tuple[DeskPage, Locator]:
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    return desk, (await desk.beside()).get_by_label("写给同事的话")


async def test_a_colleague_is_chosen_by_the_name_one_reads(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗")
    await order(house)
    desk, field = await noting(page, house, opened)
    await field.type("这单可以退 @小林")
    offered = page.get_by_role("listbox", name="同事").get_by_role("option")
    await expect(offered).to_have_count(2)
    await expect(offered.first).to_contain_text("小林")
    await expect(offered.nth(1)).to_contain_text("售后")
    await offered.first.scroll_into_view_if_needed()
    await seen(page, "calling")
    await field.press("ArrowDown")
    await field.press("Enter")  # takes the second, and sends nothing
    await expect(field).to_have_value("这单可以退 @小林子 ")
    await expect(offered).to_have_count(0)
    await field.press("Enter")
    await expect(page.locator(".desk-note")).to_contain_text("admin备注：这单可以退 @小林子")
    await expect(page.locator(".desk-note")).not_to_have_class("desk-calls")
    await desk.page.keyboard.press("Control+k")
    await page.get_by_role("combobox").last.fill("写备注")
    await page.keyboard.press("Enter")
    asked = desk.question.get_by_label("备注", exact=True)
    await asked.type("@")
    await expect(desk.question.get_by_role("option")).to_have_count(2)
    await seen(page, "calling-question")
    await asked.press("Escape")  # folds the list, and leaves the question
    await expect(desk.question.get_by_role("option")).to_have_count(0)
    await asked.type("lin2")  # the account's name is known as well
    await desk.question.get_by_role("option").first.click()
    await expect(asked).to_have_value("@小林子 ")


async def test_who_was_away_finds_it_and_it_is_over_once_it_was_seen(
    browser: Browser, page: Page, house: Site
) -> None:
    first, other = await talk(house, "在吗"), await talk(house, "在", buyer_id="visitor:0008")
    await order(house)
    desk, _ = await noting(page, house, first)
    for where, words in ((first, "@小林 可以退"), (other, "@小林 先别发")):
        await desk.open(where)
        note = page.get_by_label("写给同事的话")
        if not await note.is_visible():
            await page.get_by_role("button", name="买家、订单").click()
        await note.fill(words)
        await page.get_by_role("button", name="记下备注").click()
        await expect(page.locator(".desk-note").last).to_contain_text(words)

    context = await somebody(browser)
    hers = DeskPage(await context.new_page(), house)
    if page.viewport_size:
        await hers.page.set_viewport_size(page.viewport_size)
    await hers.sign_in("lee", LEE_PASSWORD)
    head = hers.page.locator(".desk-pressing")
    await expect(head).to_have_text("2 条备注叫您")
    await expect(hers.page).to_have_title("(2) 店小二 · 客服台")
    await hers.page.get_by_role("button", name="全部").click()
    await expect(hers.page.locator(".desk-entry-calls")).to_have_count(2)
    await seen(hers.page, "calls-list")
    await head.click()
    rows = hers.page.get_by_role("dialog").get_by_role("listitem")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("先别发")
    await expect(rows.first.locator(".desk-unread")).to_be_visible()
    await seen(hers.page, "calls-page")
    await rows.first.get_by_role("button").click()
    await expect(hers.page.locator(".desk-calls")).to_contain_text("先别发")
    await expect(hers.page.locator(".desk-calls")).to_be_in_viewport()
    await seen(hers.page, "calls-opened")
    await expect(head).to_have_text("admin在备注里叫您")

    await hers.page.reload()
    # The first press on the page is no lost one, though the hint of sound goes with it.
    await head.click()
    await expect(hers.page.locator(".desk-calls")).to_contain_text("可以退")
    await expect(head).to_have_count(0)
    listed = await hers.to_page("叫我的备注")
    await expect(listed.get_by_role("listitem")).to_have_count(2)
    await expect(listed.locator(".desk-unread")).to_have_count(0)
    await context.close()
