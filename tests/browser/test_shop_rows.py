"""An owner runs the shop at the desk, in Chromium: goods, prices, stock, orders; on a phone and on a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from bot.channels.keys import CLOCK, DATABASE, SHOP
from bot.settings import Settings
from bot.shop.editing import changing
from bot.shop.editing.changing import By, Wanted
from bot.shop.editing.rows import row_of
from tests.browser.conftest import Site
from tests.browser.desk import PASSWORD, DeskPage, order, seen
from tests.browser.showcase import showing
from tests.browser.test_accessible import faults, opened

pytestmark = pytest.mark.browser
PHONE, DESKTOP = (375, 812), (1280, 800)
POLE, NAME = "pole-biluan", "碧峦"


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        yield site


async def sound(page: Page, state: str) -> None:
    """Nothing serious of axe's, and nothing wider than the page."""
    found = [one for one in await faults(page, state) if ": moderate" not in one]
    assert not found, "\n".join(found)
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def change_by_hand(site: Site, **typed: str) -> None:
    """A colleague, on another page."""
    assert site.app is not None
    database, now = site.app[DATABASE], site.app[CLOCK]()
    held = await database.read(row_of, "products", POLE)
    assert held is not None
    wanted = Wanted(section="products", key=POLE, mark=held.mark, typed=typed)
    await database.run(
        changing.save, wanted, By(agent="老板娘", now=now, zone=ZoneInfo("Asia/Shanghai"))
    )


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_price_is_changed_tried_and_taken_back(
    browser: Browser, house: Site, size: tuple[int, int]
) -> None:
    page = await opened(browser, size)
    desk = DeskPage(page, house)
    await desk.sign_in()
    box = await desk.to_page("管店")
    await expect(box.locator(".shop-list li").first).to_be_visible()
    await sound(page, "list")
    await seen(page, "shop-list")
    await box.get_by_label("找一找").fill(NAME)
    entry = box.locator(".shop-list button").filter(has_text=NAME).first
    await entry.click()
    price = box.get_by_label("价格")
    before = await price.input_value()
    save = box.get_by_role("button", name="检查并存好")
    await expect(save).to_be_disabled()  # nothing is other than it was

    await price.fill("面议")
    await save.click()
    await expect(box.locator(".teach-worse")).to_contain_text("不是金额")
    await expect(price).to_have_attribute("aria-invalid", "true")
    await sound(page, "refused")

    await price.fill("3290")
    await save.click()
    await expect(box.get_by_role("alert")).to_contain_text("差得很多")
    await expect(box.get_by_role("button", name="没错，就这样存")).to_be_visible()

    await change_by_hand(house, drawbacks="重一些")
    await price.fill("339")
    await box.get_by_role("button", name="没错，就这样存").click()
    await expect(box.get_by_role("alert")).to_contain_text("刚被改过")
    await expect(price).to_have_value("339")  # nothing typed is lost
    await seen(page, "shop-edited-meanwhile")
    await box.get_by_role("button", name="读一遍现在的").click()
    await expect(price).to_have_value("339")
    await expect(box.get_by_label("缺点")).to_have_value("重一些")
    await save.click()
    await expect(box.get_by_role("status").first).to_contain_text("马上就能问到")
    assert house.app is not None
    product = await house.app[SHOP].product(POLE)
    assert product is not None and product.price_fen == 33900

    await box.get_by_label("买家说").fill("多少钱")
    await box.get_by_role("button", name="试一试").click()
    await expect(box.locator(".teach-tried")).to_contain_text("听到:多少钱")
    await sound(page, "tried")
    await seen(page, "shop-form")

    await box.get_by_role("button", name="撤销这次改动").click()
    await expect(price).to_have_value(before)
    await box.get_by_role("button", name="改动记录").click()
    await expect(box.locator(".shop-changes li").first).to_contain_text("撤销")
    await sound(page, "changes")
    await seen(page, "shop-changes")
    await page.context.close()


async def test_new_goods_get_skus_and_are_deleted(browser: Browser, house: Site) -> None:
    page = await opened(browser, DESKTOP)
    desk = DeskPage(page, house)
    await desk.sign_in()
    box = await desk.to_page("管店")
    await box.get_by_role("button", name="加一个商品").click()
    for label, text in (
        ("名称", "云朵坐垫"), ("价格", "39"), ("类目", "坐垫"), ("重量", "200"), ("规格项", "花色"),
    ):  # fmt: skip
        await box.get_by_label(label).first.fill(text)
    await box.get_by_text("自己的资料").click()
    await box.get_by_label("再加一项，叫什么").fill("填充物")
    await box.get_by_role("button", name="加上").click()
    await box.get_by_label("填充物").fill("慢回弹海绵")
    await box.get_by_role("button", name="检查并存好").click()
    await expect(box.get_by_role("status").first).to_contain_text("存好了")
    await box.get_by_role("button", name="它的规格和库存").click()
    await box.get_by_role("button", name="加一个规格").click()
    await box.get_by_label("花色").fill("云白")
    await box.get_by_label("库存").fill("12 件")
    await box.get_by_role("button", name="检查并存好").click()
    await expect(box.get_by_role("heading", name="云朵坐垫 云白")).to_be_visible()
    assert house.app is not None
    [product] = [one for one in await house.app[SHOP].products() if one.name == "云朵坐垫"]  # type: ignore[attr-defined]
    assert [(one.colour, one.stock) for one in product.skus] == [("云白", 12)]
    assert ("填充物", "慢回弹海绵") in product.sheet

    await box.get_by_role("button", name="商品", exact=True).click()
    await box.get_by_label("找一找").fill("云朵")
    await box.locator(".shop-list button").first.click()
    await box.get_by_role("button", name="删掉").click()
    await box.locator(".desk-danger").click()
    await expect(box.get_by_role("status").first).to_contain_text("删掉了")
    await page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_an_order_is_paid_sent_and_partly_refunded(
    browser: Browser, house: Site, size: tuple[int, int]
) -> None:
    number = await order(house)
    page = await opened(browser, size)
    desk = DeskPage(page, house)
    await desk.sign_in()
    box = await desk.to_page("订单")
    await box.get_by_label("状态").select_option("")
    await box.get_by_label("找一找").fill(number)
    await expect(box.locator(".shop-list li")).to_have_count(1)
    await sound(page, "orders")
    await seen(page, "orders")
    await box.locator(".shop-list button").click()
    await box.get_by_role("button", name="收到钱了").click()
    await box.locator("form").get_by_role("button", name="收到钱了").click()
    await expect(box.get_by_role("status")).to_contain_text("可以发货了")
    await box.get_by_role("button", name="发货").click()
    await box.get_by_label("快递单号").fill("ZT7588001")
    await sound(page, "shipping")
    await box.locator("form").get_by_role("button", name="发货").click()
    await expect(box.get_by_role("status")).to_contain_text("发货记好了")
    await box.get_by_role("button", name="退钱").click()
    await box.get_by_label("退多少").fill("99999")
    await box.get_by_label("为什么").fill("少发一支")
    await box.locator("form").get_by_role("button", name="退钱").click()
    await expect(box.get_by_role("alert")).to_contain_text("最多还能退")
    await box.get_by_label("退多少").fill("12.50")
    await box.locator("form").get_by_role("button", name="退钱").click()
    await expect(box.get_by_role("status")).to_contain_text("原路退给买家")
    await expect(box).to_contain_text("已退款")
    await sound(page, "order")
    await seen(page, "order")
    await page.context.close()
