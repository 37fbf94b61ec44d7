"""Whose chat it is when somebody signs in or out in another tab, or a token has run out (K30)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.channels.keys import CLOCK, CONVERSATIONS, SETTINGS, TOKENS
from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody
from tests.browser.showcase import showing

pytestmark = pytest.mark.browser

LULU = "buyer-lulu"


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("whose")
    async with showing(settings, seeded, folder, secret_key="k" * 48) as site:
        yield site


@pytest.fixture
async def computer(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await somebody(browser)
    yield context
    await context.close()


async def tab(computer: BrowserContext, site: Site) -> tuple[Page, ChatPage]:
    page = await computer.new_page()
    chat = ChatPage(page, site.address)
    await chat.open()
    return page, chat


def token_of(site: Site, buyer_id: str = LULU) -> str:
    assert site.app is not None
    return site.app[TOKENS].for_buyer(buyer_id, site.app[CLOCK]())


async def sign_in(page: Page, token: str | None) -> None:
    await page.evaluate("token => Dianxiaoer.signIn(token)", token)


async def lines_of(site: Site, buyer_id: str) -> list[str]:
    assert site.app is not None
    conversations = site.app[CONVERSATIONS]
    talk = await conversations.running(buyer_id=buyer_id, channel="web")
    return [one.text for one in await conversations.history(talk.conversation_id)] if talk else []


async def test_the_other_tab_follows_and_says_so(computer: BrowserContext, house: Site) -> None:
    first, chat = await tab(computer, house)
    await chat.say("访客说的")
    await chat.expect_said("听到:访客说的", times=1)
    second, other = await tab(computer, house)
    await other.expect_said("听到:访客说的", times=1)
    await sign_in(second, token_of(house))
    await expect(first.get_by_role("alert")).to_contain_text("您在另一个页面换了账号")
    await expect(chat.log.get_by_text("听到:访客说的")).to_have_count(0)  # it is lulu's chat now
    await chat.say("第一个页面写的")
    await other.expect_said("听到:第一个页面写的", times=1)
    assert "第一个页面写的" in await lines_of(house, LULU)


async def test_a_line_of_a_tab_that_was_away_goes_into_no_other_chat(
    computer: BrowserContext, house: Site
) -> None:
    """Without its `storage` event, as a sleeping tab has it: the token is the tab's own."""
    first, chat = await tab(computer, house)
    await chat.say("睡前说的")
    await chat.expect_said("听到:睡前说的", times=1)
    await first.evaluate(
        "window.addEventListener('storage', event => event.stopImmediatePropagation(), true)"
    )
    visitor = await first.evaluate("localStorage.getItem('dianxiaoer.token')")
    await first.evaluate(
        "token => localStorage.setItem('dianxiaoer.token', token)", token_of(house)
    )
    await computer.set_offline(True)
    await computer.set_offline(False)
    await chat.say("醒来说的")
    await chat.expect_said("听到:醒来说的", times=1)
    assert "醒来说的" not in await lines_of(house, LULU)
    claims = jwt.decode(visitor, options={"verify_signature": False})
    assert "醒来说的" in await lines_of(house, f"visitor:{claims['sub']}")


async def test_a_sign_out_leaves_nothing(computer: BrowserContext, house: Site) -> None:
    page, chat = await tab(computer, house)
    buyers = token_of(house, "buyer-daxiong")
    await sign_in(page, buyers)
    await chat.say("我的地址是文三路100号")
    await chat.expect_said("听到:我的地址是文三路100号", times=1)
    await chat.field.fill("没发出去的半句")
    await sign_in(page, None)
    await expect(chat.log).not_to_contain_text("文三路")
    await expect(chat.field).to_have_value("")
    kept = await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    for secret in (buyers, "文三路", "没发出去"):
        assert secret not in kept
    # The next person: another visitor, with a chat of their own.
    await chat.say("我是后来的人")
    await chat.expect_said("听到:我是后来的人", times=1)
    assert "我是后来的人" not in await lines_of(house, "buyer-daxiong")
    values = json.loads(kept)[0]
    claims = jwt.decode(values["dianxiaoer.token"], options={"verify_signature": False})
    assert claims["kind"] == "visitor"


async def test_a_token_that_ran_out_asks_the_page_for_another(
    computer: BrowserContext, house: Site
) -> None:
    page, chat = await tab(computer, house)
    assert house.app is not None
    stale = jwt.encode(
        {"sub": LULU, "kind": "buyer", "exp": 1_700_000_000},
        house.app[SETTINGS].secret_key,
        algorithm="HS256",
    )
    await page.evaluate(
        "window.addEventListener('dianxiaoer:signin-expired', () => { window.asked = true; })"
    )
    await sign_in(page, stale)
    await expect(page.get_by_role("alert")).to_contain_text("登录过期了")
    assert await page.evaluate("window.asked")
    await sign_in(page, token_of(house))  # as the page then does
    await expect(page.get_by_role("alert")).to_be_hidden()
    await chat.say("又登录了")
    await chat.expect_said("听到:又登录了", times=1)
    assert "又登录了" in await lines_of(house, LULU)


async def test_it_works_where_storage_is_forbidden(computer: BrowserContext, house: Site) -> None:
    await computer.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new Error('forbidden'); } });"
    )
    page, chat = await tab(computer, house)
    await chat.say("无痕窗口")
    await chat.expect_said("听到:无痕窗口", times=1)
    await sign_in(page, token_of(house, "buyer-ahe"))
    await chat.say("登录了")
    await chat.expect_said("听到:登录了", times=1)
    assert "登录了" in await lines_of(house, "buyer-ahe")


async def test_an_order_begun_as_a_visitor_goes_along(computer: BrowserContext, site: Site) -> None:
    """With the real bot: the summary belongs to the buyer, and a mere 对 goes on with the order."""
    page = await computer.new_page()
    chat = ChatPage(page, site.address)
    await chat.open("/p/boot-qiyun")
    await chat.say("我要两双 39码 黑色")
    await chat.expect_answered()
    await chat.say("张小敏 13812345678 浙江省杭州市西湖区文三路100号2单元301")
    await expect(chat.log.get_by_role("button", name="对").first).to_be_visible()
    await sign_in(page, token_of(site))
    await chat.expect_said("登录前")
    await expect(chat.log).to_contain_text("39，2 件")
    await chat.say("对")
    await expect(chat.log).to_contain_text("文三路100号")
    await chat.say("对")
    await expect(chat.log.get_by_text("待付款").first).to_be_visible()
    await expect(chat.log.locator(".dx-order").last).to_contain_text("×2")
