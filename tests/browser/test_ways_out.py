"""Where the chat leads, and the way back: to the pay page from a shop's own page, to goods on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import jwt
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.engine.turns import Reply, TurnResult
from bot.settings import Settings
from bot.shop_settings import Payment
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody
from tests.browser.desk import order
from tests.browser.showcase import CARDS, ShowingEngine, shops_page, showing

pytestmark = pytest.mark.browser

MALL = "https://m.example.com/pay?id={number}"


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await somebody(browser, "phone")
    yield context
    await context.close()


@asynccontextmanager
async def with_an_order(phone: BrowserContext, house: Site) -> AsyncIterator[tuple[ChatPage, str]]:
    """A visitor on a page of the shop's own, who has just ordered in the chat."""
    async with shops_page(house) as address:
        page = await phone.new_page()
        chat = ChatPage(page, address)
        await chat.open("")
        await expect(page.locator(".dx-quick button").first).to_be_visible()
        token = await page.evaluate("localStorage.getItem('dianxiaoer.token')")
        visitor = jwt.decode(token, options={"verify_signature": False})["sub"]
        number = await order(house, f"visitor:{visitor}")
        card = {**CARDS["看订单"], "number": number}
        assert isinstance(house.engine, ShowingEngine)
        house.engine.then(TurnResult(replies=(Reply(card=card),), understood=(), memory=""))
        await chat.say("要两根登山杖")
        await expect(chat.log.locator(".dx-order")).to_contain_text(number)
        yield chat, number


async def looked_at_again(page: Page) -> None:
    await page.bring_to_front()
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


async def test_an_order_of_a_shops_own_page_is_paid_and_its_card_knows(
    phone: BrowserContext, settings: Settings, seeded: Path, tmp_path: Path
) -> None:
    async with (
        showing(settings, seeded, tmp_path) as house,
        with_an_order(phone, house) as (chat, number),
    ):
        card = chat.log.locator(".dx-order")
        await expect(card.locator(".dx-state")).to_have_text("待付款")
        # At the house's origin this buyer is a stranger: the button comes with its ticket, or not at all.
        async with phone.expect_page() as opened:
            await card.get_by_role("link", name="去付款").tap()
        paying = await opened.value
        await paying.get_by_role("button", name="模拟付款").tap()
        await expect(paying.get_by_role("status").last).to_contain_text("付款成功")
        assert "ticket" not in paying.url and number in paying.url
        await paying.close()
        await looked_at_again(chat.page)
        await expect(card.locator(".dx-state")).not_to_have_text("待付款")
        await expect(card.get_by_role("link", name="去付款")).to_have_count(0)


@pytest.mark.parametrize("payment", [Payment(), Payment(words="加微信付款"), Payment(link=MALL)])
async def test_without_the_demo_the_way_to_pay_is_the_owners(
    phone: BrowserContext, settings: Settings, seeded: Path, tmp_path: Path, payment: Payment
) -> None:
    shop = replace(settings.shop, payment=payment)
    async with (
        showing(replace(settings, shop=shop), seeded, tmp_path, demo=False) as house,
        with_an_order(phone, house) as (chat, number),
    ):
        pay = chat.log.get_by_role("link", name="去付款")
        if payment.link:
            await expect(pay).to_have_attribute("href", MALL.replace("{number}", number))
            return
        words = payment.words or "请回商城的订单页付款"
        await expect(chat.log.locator(".dx-order")).to_contain_text(words)
        await expect(pay).to_have_count(0)


async def test_goods_in_the_chat_lead_to_their_page_and_back_leads_to_the_chat(
    phone: BrowserContext, settings: Settings, seeded: Path, tmp_path: Path
) -> None:
    async with showing(settings, seeded, tmp_path) as house:
        page = await phone.new_page()
        chat = ChatPage(page, house.address)
        await chat.open()
        await chat.say("看商品")
        await chat.log.locator(".dx-product a").tap()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page).to_have_url(f"{house.address}/p/boot-qiyun")
        await page.go_back()
        await expect(chat.log.locator(".dx-product")).to_be_visible()
        await page.go_back()
        await expect(chat.field).to_be_hidden()
        await expect(page).to_have_url(f"{house.address}/")
