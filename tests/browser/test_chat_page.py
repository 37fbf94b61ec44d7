"""The chat page in Chromium over real sockets, at phone and desktop width."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody

pytestmark = pytest.mark.browser


async def test_a_buyer_is_greeted_and_answered(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    await chat.expect_said("山行户外")
    await chat.say("在吗")
    await expect(chat.log.locator(".dx-mine")).to_have_count(1)
    await chat.expect_answered()


async def test_a_product_is_recommended_with_its_picture(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    await chat.say("推荐一双徒步鞋")
    picture = chat.log.locator("img").first
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


async def test_history_stays_after_a_reload(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    await chat.say("你们几点发货")
    await expect(chat.log.locator(".dx-mine")).to_have_count(1)
    await page.reload()
    await expect(chat.field).to_be_visible()  # it comes back open, on a phone too
    await chat.expect_said("你们几点发货", times=1)


async def test_a_line_written_while_the_server_is_away_arrives_once(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    await chat.say("在吗")
    await chat.expect_answered()
    await site.stop()
    await chat.say("有什么活动吗")
    await expect(chat.log).to_contain_text("等网络恢复后自动发出")
    await site.start()
    await chat.expect_answered()
    await expect(chat.log.get_by_text("减").first).to_be_visible()
    await expect(chat.log.locator(".dx-mine").filter(has_text="有什么活动吗")).to_have_count(1)


async def test_markup_is_shown_as_typed(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    await chat.say("<img src=x onerror=document.title='x'><b>有货吗</b>")
    await chat.expect_said("<b>有货吗</b>", times=1)
    assert await page.title() != "x"


async def test_a_text_file_named_jpg_is_refused_kindly(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    files = page.locator("input[type=file]")
    await files.set_input_files(
        {"name": "shoe.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture at all"}
    )
    await expect(page.get_by_text("jpg", exact=False).first).to_be_visible()


async def test_a_picture_is_sent_and_shown(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, "PNG")
    files = page.locator("input[type=file]")
    await files.set_input_files(
        {"name": "shoe.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    )
    await expect(chat.log.locator("img[src*='/uploads/']")).to_have_count(1)


async def test_the_chat_works_by_keyboard_alone(page: Page, site: Site) -> None:
    await page.goto(site.address + "/")
    launcher = page.get_by_role("button", name="联系客服")
    await launcher.focus()
    await page.keyboard.press("Enter")
    chat = ChatPage(page, site.address)
    # On a phone the field is not focused by itself: the keyboard would hide half the chat.
    for _ in range(40):
        if await chat.field.evaluate("field => field.matches(':focus')"):
            break
        await page.keyboard.press("Tab")
    await expect(chat.field).to_be_focused()
    await page.keyboard.type("在吗")
    await page.keyboard.press("Enter")
    await expect(chat.log.locator(".dx-mine")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(launcher).to_be_visible()


async def test_an_agent_takes_answers_and_gives_back(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open()
    await chat.say("我要找人工客服")
    await chat.expect_said("同事")
    assert page.context.browser is not None
    desk = await (await somebody(page.context.browser)).new_page()
    await desk.goto(site.address + "/desk")
    await desk.get_by_label("账号").fill("admin")
    await desk.get_by_label("密码").fill("a-long-password")
    await desk.get_by_role("button", name="登录").click()
    await desk.locator(".desk-entry").first.click()
    await desk.get_by_role("button", name="接入").click()
    await desk.get_by_label("输入消息").fill("您好,我是客服小李")
    await desk.get_by_role("button", name="发送", exact=True).click()
    await chat.expect_said("我是客服小李", times=1)
    await desk.context.close()


async def test_a_purchase_from_hello_to_paid(page: Page, site: Site) -> None:
    chat = ChatPage(page, site.address)
    await chat.open("/p/boot-qiyun")
    await chat.say("39码黑色的有吗")
    await chat.expect_said("39")
    await chat.say("我要一双 39码 黑色")
    await chat.expect_answered()
    await chat.say("张小敏 13812345678 浙江省杭州市西湖区文三路100号2单元301")
    await expect(chat.log.get_by_role("button", name="对").first).to_be_visible()
    await chat.say("对")
    await expect(chat.log.get_by_text("待付款").first).to_be_visible()
