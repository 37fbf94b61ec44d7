"""Beside the chat in Chromium: what is known of the buyer, and deeds with one question each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.channels.keys import CONVERSATIONS, SHOP
from bot.desk.who import ACCOUNTS
from bot.settings import Settings
from tests.browser.conftest import Site
from tests.browser.desk import BUYER, PASSWORD, DeskPage, order, seen, talk
from tests.browser.showcase import showing

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        yield site


async def at_an_order(page: Page, house: Site) -> tuple[DeskPage, str]:
    opened, number = await talk(house, "能便宜点吗"), await order(house)
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    return desk, number


async def total(house: Site) -> int:
    assert house.app is not None
    return (await house.app[SHOP].orders_of(BUYER))[0].total_fen


async def test_orders_goods_and_stock_stand_beside_the_chat(page: Page, house: Site) -> None:
    desk, number = await at_an_order(page, house)
    panel = await desk.beside()
    await expect(panel).to_contain_text(number)
    await expect(panel).to_contain_text("139****2222")
    await expect(panel.get_by_role("heading", name="在说的商品")).to_be_visible()
    await expect(panel).not_to_contain_text("文三路")
    await seen(page, "beside")
    await panel.get_by_role("button", name="看全").click()
    await expect(panel).to_contain_text("文三路88号")
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


async def test_a_price_is_changed_by_one_question_and_told(page: Page, house: Site) -> None:
    desk, _ = await at_an_order(page, house)
    before = await total(house)
    panel = await desk.beside()
    await panel.get_by_role("button", name="改价").click()
    await seen(page, "price")
    await desk.question.get_by_label("改成一共多少元").fill("abc")
    await desk.question.get_by_role("button", name="改价，并告诉买家").click()
    await expect(desk.question).to_contain_text("金额写数字")
    wanted = before - 1000
    await desk.question.get_by_label("改成一共多少元").fill(f"{wanted / 100:.2f}")
    await desk.question.get_by_role("button", name="改价，并告诉买家").click()
    await expect(panel).to_contain_text("价格改好了")
    assert await total(house) == wanted
    await expect(desk.log).to_contain_text("价格改好了，一共")


async def test_an_address_is_corrected_and_what_is_refused_stays_typed(
    page: Page, house: Site
) -> None:
    desk, _ = await at_an_order(page, house)
    panel = await desk.beside()
    await panel.get_by_role("button", name="改地址").click()
    await desk.question.get_by_role("button", name="看改后的金额").click()
    await expect(desk.question.get_by_role("alert")).to_contain_text("至少写一项")
    await desk.question.get_by_label("地址").fill("浙江省宁波市鄞州区中山东路1号")
    await desk.question.get_by_role("button", name="看改后的金额").click()
    await expect(desk.question).to_contain_text("金额不变")
    await seen(page, "address")
    await desk.question.get_by_role("button", name="改，并告诉买家").click()
    await expect(panel).to_contain_text("收货信息改好了")
    assert house.app is not None
    found = (await house.app[SHOP].orders_of(BUYER))[0]
    assert found.receiver.address == "浙江省宁波市鄞州区中山东路1号"


async def test_a_coupon_cards_and_a_remark(page: Page, house: Site) -> None:
    desk, _ = await at_an_order(page, house)
    panel = await desk.beside()
    await panel.get_by_role("button", name="送券").click()
    await seen(page, "coupon")
    await desk.question.get_by_role("button", name="送给买家").click()
    await expect(desk.log.locator(".dx-coupon")).to_be_visible()
    await expect(panel).to_contain_text("券送出去了")
    await seen(page, "coupon-given")
    panel = await desk.beside()
    await panel.get_by_role("button", name="发订单卡").first.click()
    await seen(page, "order-card")
    await desk.question.get_by_role("button", name="发给买家").click()
    await expect(panel).to_contain_text("订单卡发出去了")
    card = desk.log.locator(".dx-order")  # the buyer pays, no agent does
    await expect(card).to_contain_text("买家这里是「去付款」按钮")
    await expect(card.get_by_role("link", name="去付款")).to_have_count(0)
    await seen(page, "order-card-sent")
    await panel.get_by_role("button", name="备注", exact=True).click()
    await desk.question.get_by_label("备注").fill("易碎，多包一层")
    await seen(page, "remark")
    await desk.question.get_by_role("button", name="记下").click()
    await expect(panel).to_contain_text("备注：易碎，多包一层")
    await seen(page, "remark-kept")


async def test_remedies_are_offered_to_the_buyer(page: Page, house: Site) -> None:
    desk, number = await at_an_order(page, house)
    assert house.app is not None
    from bot.shop.words.dealing import Access

    await house.app[SHOP].pay_order(number, Access(buyer_id=BUYER), request_id="pay")
    await page.reload()
    panel = await desk.beside()
    await panel.get_by_role("button", name="退换、补偿").click()
    await seen(page, "remedies")
    await desk.question.get_by_role("button", name="看能怎么办").click()
    await expect(desk.question.get_by_label("办法")).to_be_visible()
    await expect(desk.question).to_contain_text("规则允许：仅退款")
    await seen(page, "remedies-which")
    await desk.question.get_by_role("button", name="就这样").click()
    await expect(desk.log).to_contain_text("可以这样处理，您看选哪种？")
    await expect(desk.log).to_contain_text("买家可以点：仅退款")
    await seen(page, "remedies-offered")
    opened = await house.app[CONVERSATIONS].running(buyer_id=BUYER, channel="web")
    assert opened is not None
    lines = await house.app[CONVERSATIONS].history(opened.conversation_id)
    assert lines[-1].buttons[0].title.startswith("仅退款")


async def test_a_talk_is_passed_to_a_department_by_its_name(page: Page, house: Site) -> None:
    assert house.app is not None
    accounts = house.app[ACCOUNTS]
    await accounts.set_password("lee", "a-password-of-lee", display_name="小林")
    await accounts.change("lee", department="售后")
    await accounts.seen("lee")
    desk, _ = await at_an_order(page, house)
    panel = await desk.beside()
    await panel.get_by_label("转给谁").select_option(label="售后（谁有空谁接）")
    note = panel.get_by_label("写给同事的话")
    await note.fill("退款已经同意，等他寄回")
    await accounts.change("lee", is_in=False)  # meanwhile
    await panel.get_by_role("button", name="转出").click()
    await expect(page.get_by_role("alert")).to_contain_text("售后现在没有别人在")
    await expect(note).to_have_value("退款已经同意，等他寄回")
    await accounts.change("lee", is_in=True)
    await panel.get_by_label("转给谁").scroll_into_view_if_needed()
    await seen(page, "pass")
    await panel.get_by_role("button", name="转出").click()
    await expect(page.locator(".desk-view-title")).to_contain_text("小林 正在接待")
    await expect(page.locator(".desk-note")).to_contain_text("admin备注：退款已经同意")
    await seen(page, "passed")


async def test_who_has_not_taken_the_talk_sees_and_does_nothing(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗", taken_by="")
    await order(house)
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    panel = await desk.beside()
    await expect(panel).to_contain_text("接入以后才能在这里办事")
    await expect(panel.get_by_role("button", name="改价")).to_be_disabled()


async def test_tags_and_putting_aside(page: Page, house: Site) -> None:
    desk, _ = await at_an_order(page, house)
    panel = await desk.beside()
    await panel.get_by_label("新标签").fill("要发票")
    await panel.get_by_role("button", name="加上").click()
    await expect(panel.get_by_role("button", name="去掉标签 要发票")).to_be_visible()
    await panel.get_by_role("button", name="2 小时后").click()
    await expect(panel.get_by_role("button", name="现在就处理")).to_be_visible()


async def test_what_could_not_be_read_says_so_and_is_tried_again(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗")
    await order(house)
    await page.route("**/beside", lambda route: route.abort())
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    opener = page.get_by_role("button", name="买家、订单")
    if await opener.is_visible():
        await opener.click()
    panel = page.get_by_role("complementary", name="买家和订单")
    await expect(panel.get_by_role("alert")).to_contain_text("网络不太稳")
    await seen(page, "beside-failed")
    await page.unroute("**/beside")
    await panel.get_by_role("button", name="再取一次").click()
    await expect(panel.locator(".beside-order").first).to_be_visible()
