"""What is said later, in Chromium: promises by one key and in the ledger, plans stopped and said now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.channels.keys import DATABASE
from bot.desk.follow_up_keys import KINDS
from bot.followups import claims, promises, store
from bot.followups.promise import Matter, PromiseStatus
from bot.settings import Settings
from bot.working import keeper_of
from tests.browser.conftest import Site
from tests.browser.desk import BUYER, PASSWORD, DeskPage, order, seen, talk
from tests.browser.showcase import showing
from tests.shop.test_amends import limit

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        yield site


async def at_a_talk(page: Page, house: Site) -> DeskPage:
    opened = await talk(house, "什么时候补发给我")
    await order(house)
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    return desk


async def test_one_key_makes_a_promise_and_the_ledger_leads_to_its_line(
    page: Page, house: Site
) -> None:
    desk = await at_a_talk(page, house)
    await desk.field.fill("我问下仓库，明天上午给您答复")
    await desk.field.press("Enter")
    asked = page.locator(".desk-found-promise")
    await expect(asked).to_contain_text("给您回复")
    await seen(page, "promise-found")
    await page.keyboard.press("Alt+KeyP")
    await expect(asked).to_have_count(0)
    panel = await desk.beside()
    await expect(panel).to_contain_text("答应过他")
    await seen(page, "promise-beside")
    if await panel.get_by_role("button", name="收起").is_visible():
        await panel.get_by_role("button", name="收起").click()
    ledger = await desk.to_page("承诺")
    await expect(ledger).to_contain_text("明天上午给您答复")
    await seen(page, "promises")
    await ledger.get_by_role("button", name="看会话").click()
    await expect(page.locator(".desk-found")).to_contain_text("明天上午给您答复")
    ledger = await desk.to_page("承诺")
    await ledger.get_by_role("button", name="办好了").click()
    await expect(ledger).to_contain_text("眼下没有要兑现的")
    assert house.app is not None
    standing = await house.app[DATABASE].read(promises.standing, (PromiseStatus.KEPT,))
    assert [one.text for one in standing] == ["我问下仓库，明天上午给您答复"]


async def test_what_is_planned_is_held_back_by_the_person_and_stopped(
    page: Page, house: Site
) -> None:
    assert house.app is not None
    database, now = house.app[DATABASE], datetime.now(timezone.utc)
    await database.run(
        store.plan, conversation_id="", buyer_id=BUYER, kind=house.app[KINDS]["care"], key="later",
        about={}, now=now, due_at=now + timedelta(days=3),
    )  # fmt: skip
    desk = await at_a_talk(page, house)
    panel = await desk.beside()
    planned = panel.get_by_role("region", name="跟进和承诺")
    await expect(planned).to_contain_text("怎么用、怎么保养")
    await seen(page, "planned")
    await planned.get_by_role("button", name="现在发").click()
    await expect(planned.get_by_role("alert")).to_be_visible()  # a person is in the chat
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    await planned.get_by_role("button", name="不发了").click()
    await expect(planned).to_have_count(0)
    assert await database.read(claims.all_planned_of, BUYER) == []


async def promised(house: Site, opened: str, *, by: timedelta) -> None:
    assert house.app is not None
    now = house.clock()
    made = await house.app[DATABASE].run(
        partial(
            promises.make, conversation_id=opened, buyer_id=BUYER, seq=1, matter=Matter.RESEND,
            text="四点前给您补发", made_at=now, due_at=now + by, made_by="admin",
        )
    )  # fmt: skip
    assert made is not None


async def test_what_is_about_to_break_stands_in_the_head_and_leads_to_the_ledger(
    page: Page, house: Site
) -> None:
    """While the page is open and untouched; it goes when the promise is kept."""
    assert house.app is not None
    opened = await talk(house, "什么时候补发给我")
    await promised(house, opened, by=timedelta(hours=6))
    keeper = keeper_of(house.app)
    desk = DeskPage(page, house)
    await desk.sign_in()
    warning = page.locator(".desk-pressing")
    await keeper.sweep()
    ledger = await desk.to_page("承诺")
    await expect(ledger).to_contain_text("四点前给您补发")
    await expect(ledger).not_to_contain_text("快到点")
    await page.keyboard.press("Escape")
    await expect(warning).to_have_count(0)
    house.clock.forward(timedelta(hours=4, minutes=31))  # a quarter of six hours is left
    await keeper.sweep()
    await expect(warning).to_have_text("1 件承诺快到点")
    await seen(page, "promise-pressing")
    await warning.click()
    ledger = page.get_by_role("dialog")
    await expect(ledger).to_contain_text("快到点了")
    await ledger.get_by_role("button", name="办好了").click()
    await page.keyboard.press("Escape")
    await expect(warning).to_have_count(0)


async def test_the_owner_reads_what_late_parcels_cost_this_month(page: Page, house: Site) -> None:
    assert house.app is not None
    await limit(house.app[DATABASE], late_coupons_a_month=30)
    desk = DeskPage(page, house)
    await desk.sign_in()
    ledger = await desk.to_page("承诺")
    await expect(ledger).to_contain_text("全店每月最多 30 张")
    await seen(page, "amends")
