"""A browser's notice to the buyer, in Chromium: after a press and where it is allowed, never before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.channels.keys import CONVERSATIONS, DATABASE
from bot.conversations.tables import conversations
from bot.desk.follow_up_keys import KINDS, SENDER
from bot.followups import claims, store
from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody
from tests.browser.desk import seen
from tests.browser.showcase import showing

pytestmark = pytest.mark.browser

# What the page asks and shows is written down; it is the browser that allows it or not.
WATCHED = """
window.asked = 0; window.shown = [];
const Real = window.Notification;
window.Notification = class extends Real {
  constructor(title, options) {
    super(title, options);
    window.shown.push({ title, ...options, notice: this });
    document.documentElement.dataset.shown = window.shown.length;
  }
  static requestPermission() { window.asked += 1; return Real.requestPermission(); }
};
"""
HIDDEN = (
    "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); \
document.dispatchEvent(new Event('visibilitychange')); }"
)


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password="a-long-password") as site:
        yield site


@pytest.fixture
async def page(
    browser: Browser, house: Site, request: pytest.FixtureRequest
) -> AsyncIterator[Page]:
    """On a desktop; `param`: the browser's permissions."""
    context = await somebody(browser)
    await context.grant_permissions(request.param, origin=house.address)
    page = await context.new_page()
    await page.add_init_script(WATCHED)
    yield page
    await context.close()


allowed = pytest.mark.parametrize("page", [["notifications"]], indirect=True)
refused = pytest.mark.parametrize("page", [["geolocation"]], indirect=True)


async def talking(page: Page, house: Site) -> ChatPage:
    chat = ChatPage(page, house.address)
    await chat.open()
    await chat.say("在吗")
    await chat.expect_answered()
    return chat


async def follow_up(house: Site) -> None:
    """One is said in the chat that is open, as the sender says it."""
    assert house.app is not None
    database, now = house.app[DATABASE], house.clock()
    newest = conversations.select().order_by(conversations.c.opened_at.desc())
    talk: Any = await database.read(lambda c: c.execute(newest).first())
    await database.run(
        partial(
            store.plan, conversation_id=talk.conversation_id, buyer_id=talk.buyer_id,
            kind=house.app[KINDS]["birthday"], key="1", about={}, now=now,
            due_at=now + timedelta(hours=1),
        )
    )  # fmt: skip
    [(planned, _)] = await database.read(claims.all_planned_of, talk.buyer_id)
    await house.app[SENDER].send_now(planned)
    assert await house.app[CONVERSATIONS].find(talk.conversation_id)


@allowed
async def test_what_is_said_while_the_page_is_hidden_is_noticed_and_leads_back(
    page: Page, house: Site
) -> None:
    await talking(page, house)
    assert await page.evaluate("window.asked") == 0  # neither loading nor opening nor writing asks
    bell = page.get_by_role("button", name="新消息提醒")
    await expect(bell).to_have_attribute("aria-pressed", "false")
    await bell.click()
    await expect(bell).to_have_attribute("aria-pressed", "true")
    assert await page.evaluate("window.asked") == 1
    await seen(page, "bell")
    await page.get_by_role("button", name="收起聊天").click()
    await page.evaluate(HIDDEN, True)
    await follow_up(house)
    await expect(page.locator("html")).to_have_attribute("data-shown", "1")
    told = await page.evaluate(
        "(({ title, body, tag }) => ({ title, body, tag }))(window.shown[0])"
    )
    assert told["title"] == "山行户外给您回话了" and told["tag"].startswith("dianxiaoer.")
    await expect(page.locator(".dx-badge")).to_have_text("1")  # the badge tells it, too
    await page.evaluate("window.shown[0].notice.onclick()")
    await expect(page.get_by_label("输入消息")).to_be_visible()


@allowed
async def test_before_the_press_a_granted_permission_is_not_used(page: Page, house: Site) -> None:
    await talking(page, house)
    await page.evaluate(HIDDEN, True)
    await page.clock.install()
    await follow_up(house)
    await expect(page.locator(".dx-row:not(.dx-mine)")).to_have_count(3)
    await page.clock.run_for(60_000)
    assert await page.evaluate("[window.asked, window.shown.length]") == [0, 0]


@allowed
async def test_what_the_buyer_sees_is_not_noticed(page: Page, house: Site) -> None:
    await talking(page, house)
    await page.get_by_role("button", name="新消息提醒").click()
    await page.clock.install()
    await follow_up(house)
    await expect(page.locator(".dx-row:not(.dx-mine)")).to_have_count(3)
    await page.clock.run_for(60_000)
    assert await page.evaluate("window.shown.length") == 0


@allowed
async def test_it_stays_on_from_page_to_page_and_goes_by_another_press(
    page: Page, house: Site
) -> None:
    await talking(page, house)
    await page.get_by_role("button", name="新消息提醒").click()
    await page.reload()
    bell = page.get_by_role("button", name="新消息提醒")
    await expect(bell).to_have_attribute("aria-pressed", "true")
    assert await page.evaluate("window.asked") == 0
    await bell.click()
    await expect(bell).to_have_attribute("aria-pressed", "false")
    await page.reload()
    await expect(bell).to_have_attribute("aria-pressed", "false")


@refused
async def test_where_the_browser_refuses_the_buyer_is_told_how_and_nothing_breaks(
    page: Page, house: Site
) -> None:
    chat = await talking(page, house)
    assert await page.evaluate("window.asked") == 0
    bell = page.get_by_role("button", name="新消息提醒")
    await bell.click()
    await expect(page.get_by_text("浏览器没允许提醒")).to_be_visible()
    await expect(bell).to_have_attribute("aria-pressed", "false")
    await seen(page, "bell-refused")
    await page.get_by_role("button", name="知道了").click()
    await expect(page.get_by_text("浏览器没允许提醒")).to_have_count(0)
    await page.evaluate(HIDDEN, True)
    await follow_up(house)
    await expect(page.locator(".dx-row:not(.dx-mine)")).to_have_count(3)
    assert await page.evaluate("window.shown.length") == 0
    await page.evaluate(HIDDEN, False)
    await chat.say("还在")
    await chat.expect_said("听到:还在")


@allowed
async def test_who_returns_sees_a_badge_before_the_chat_is_opened(page: Page, house: Site) -> None:
    await talking(page, house)
    await page.get_by_role("button", name="收起聊天").click()
    await page.goto("about:blank")
    await follow_up(house)
    await page.goto(house.address + "/")
    await expect(page.locator(".dx-badge")).to_have_text("1")
    assert await page.evaluate("window.asked") == 0
