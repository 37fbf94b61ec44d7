"""What is said later, in Chromium: promises by one key and in the ledger, plans stopped and said now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.channels.keys import DATABASE
from bot.desk.follow_up_keys import KINDS
from bot.followups import claims, promises, store
from bot.followups.promise import PromiseStatus
from bot.settings import Settings
from tests.browser.conftest import Site
from tests.browser.desk import BUYER, PASSWORD, DeskPage, order, seen, talk
from tests.browser.showcase import showing

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
