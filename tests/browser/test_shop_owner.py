"""An owner puts a picture, a size chart and the shop's greeting in at the desk, in Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.channels.keys import FACE, SHOP
from tests.browser.conftest import Site
from tests.browser.desk import DeskPage, seen
from tests.browser.test_accessible import opened
from tests.browser.test_shop_rows import DESKTOP, NAME, PHONE, POLE, house, sound
from tests.house.desk.test_agents_lines import png

__all__ = ["house"]  # the fixture
pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
FROM_EXCEL = "尺码\t身高cm\t体重kg\r\nS\t150-164\t45-58\r\nL\t165-180\t58-80\r\n"


async def signed_in(page: Page, house: Site) -> Locator:
    desk = DeskPage(page, house)
    await desk.sign_in()
    return await desk.to_page("管店")


@SIZES
async def test_a_picture_is_chosen_seen_and_taken_back(
    browser: Browser, house: Site, size: tuple[int, int]
) -> None:
    page = await opened(browser, size)
    box = await signed_in(page, house)
    await box.get_by_label("找一找").fill(NAME)
    await box.locator(".shop-list button").filter(has_text=NAME).first.click()
    choose = box.locator(".shop-picture input[type=file]")
    await choose.set_input_files(
        files=[{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}]
    )
    await expect(box.get_by_role("alert")).to_contain_text("这个文件发不了")
    await choose.set_input_files(
        files=[{"name": "新.png", "mimeType": "image/png", "buffer": png()}]
    )
    address = box.get_by_placeholder("或者写图片网址")
    await expect(address).to_have_value(re.compile("^/uploads/"))
    await box.get_by_role("button", name="检查并存好").click()
    await expect(box.get_by_role("status").first).to_contain_text("存好了")
    assert house.app is not None
    product = await house.app[SHOP].product(POLE)
    assert product is not None and product.picture.startswith("/uploads/")
    loaded = await box.locator(".shop-picture img").evaluate("one => one.naturalWidth > 0")
    assert loaded
    await sound(page, "picture")
    await seen(page, "shop-picture")
    await box.get_by_role("button", name="撤销这次改动").click()
    await expect(address).to_have_value(f"/pictures/{POLE}.svg")
    await page.context.close()


@SIZES
async def test_a_size_chart_is_pasted_from_excel_mended_and_saved(
    browser: Browser, house: Site, size: tuple[int, int]
) -> None:
    page = await opened(browser, size)
    box = await signed_in(page, house)
    await box.get_by_label("找一找").fill(NAME)
    await box.locator(".shop-list button").filter(has_text=NAME).first.click()
    await box.get_by_role("button", name="它的尺码表").click()
    await box.get_by_role("button", name="写一张").click()
    first = box.get_by_label("第 1 列叫什么")
    await first.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        FROM_EXCEL,
    )
    height = box.get_by_label("S 身高cm")
    await expect(height).to_have_value("150-164")
    await height.fill("一米五")
    await box.get_by_role("button", name="检查并存好").click()
    await expect(box.locator(".teach-worse")).to_contain_text("尺码 S 身高")
    await sound(page, "chart refused")
    await height.fill("150-164")
    await box.get_by_role("button", name="检查并存好").click()
    await expect(box.get_by_role("status").first).to_contain_text("存好了")
    await expect(box.locator(".teach-advice")).to_contain_text("规格里没有这些尺码")
    assert house.app is not None
    product = await house.app[SHOP].product(POLE)
    assert product is not None and product.size_chart is not None
    assert [one.size for one in product.size_chart.rows] == ["S", "L"]
    await sound(page, "chart")
    await seen(page, "shop-chart")
    await page.context.close()


@SIZES
async def test_a_greeting_written_here_is_what_the_next_buyer_reads(
    browser: Browser, house: Site, size: tuple[int, int]
) -> None:
    page = await opened(browser, size)
    box = await signed_in(page, house)
    await box.get_by_role("button", name="招呼和上班时间").click()
    await box.get_by_label("第一次来的买家").fill("您好，这里是小满果铺")
    await box.get_by_label("周日").fill("九点开")
    await box.get_by_role("button", name="检查并存好").click()
    await expect(box.locator(".teach-worse")).to_contain_text("写成 09:00-22:00")
    await box.get_by_label("周日").fill("休息")
    await box.get_by_role("button", name="检查并存好").click()
    await expect(box.get_by_role("status").first).to_contain_text("下一个来的买家就看到")
    await sound(page, "face")
    await seen(page, "shop-face")
    assert house.app is not None and house.app[FACE].now.hours.by_weekday[6] is None
    buyer = await opened(browser, size)
    await buyer.goto(house.address)
    await buyer.get_by_role("button", name="联系客服").click()
    await expect(buyer.locator("dianxiaoer-chat")).to_contain_text("您好，这里是小满果铺")
    await buyer.context.close()
    await page.context.close()
