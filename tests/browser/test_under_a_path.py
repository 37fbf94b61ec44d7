"""The house under a path, in Chromium through nginx, at phone and desktop width (K27)."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, Response, expect

from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody
from tests.support.nginx import running, under_a_path

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(site: Site, tmp_path: Path) -> AsyncIterator[str]:
    """…/kefu, where nginx has the running house."""
    content, address = under_a_path(int(site.address.rpartition(":")[2]))
    async with running(tmp_path, content, address) as address:
        yield address.url


@pytest.fixture
async def lost(page: Page, house: str) -> list[str]:
    """What was asked beside the path, or not found below it."""
    seen: list[str] = []

    def hear(response: Response) -> None:
        if not response.url.startswith((f"{house}/", "data:", "blob:")) or response.status >= 400:
            seen.append(f"{response.status} {response.url}")

    page.on("response", hear)
    return seen


async def test_a_buyer_looks_asks_and_sends_a_picture(
    page: Page, house: str, lost: list[str]
) -> None:
    chat = ChatPage(page, house)
    await chat.open("/")
    await page.get_by_role("button", name="收起").or_(page.get_by_label("关闭")).first.click()
    await page.locator(".shop-tile a").first.click()
    await page.wait_for_url(f"{house}/p/*")
    await chat.open(page.url.removeprefix(house))
    await chat.say("推荐一双徒步鞋")
    await expect(chat.log.locator("img").first).to_be_visible()
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, "PNG")
    await page.locator("input[type=file]").set_input_files(
        {"name": "shoe.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    )
    sent = chat.log.locator("img[src*='/uploads/']")
    await expect(sent).to_have_count(1)
    for picture in (chat.log.locator("img").first, sent):
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    link = await chat.log.locator("a[href*='/p/']").first.get_attribute("href")
    assert link is not None and link.startswith(f"{house}/p/")
    await page.get_by_role("link", name="全部商品").evaluate("link => link.click()")
    await expect(page).to_have_url(f"{house}/")
    assert not lost


async def test_an_agent_answers(page: Page, house: str, lost: list[str]) -> None:
    chat = ChatPage(page, house)
    await chat.open("/p/boot-qiyun")
    await chat.say("我要找人工客服")
    await chat.expect_said("同事")
    assert page.context.browser is not None
    desk = await (await somebody(page.context.browser)).new_page()
    await desk.goto(house + "/desk")
    await desk.get_by_label("账号").fill("admin")
    await desk.get_by_label("密码").fill("a-long-password")
    await desk.get_by_role("button", name="登录").click()
    await desk.locator(".desk-entry").first.click()
    await desk.get_by_role("button", name="接入").click()
    await desk.get_by_label("输入消息").fill("您好,我是客服小李")
    await desk.get_by_role("button", name="发送", exact=True).click()
    await chat.expect_said("我是客服小李", times=1)
    await desk.reload()  # the cookie is told again to the same path
    await expect(desk.get_by_role("button", name="在线")).to_be_visible()
    await desk.context.close()
    assert not lost


async def test_the_pay_page_says_where_to_pay(page: Page, house: str, lost: list[str]) -> None:
    """The demo's own payment is for this machine alone."""
    await page.goto(f"{house}/pay/6802000000000201")
    await expect(page.get_by_role("alert")).to_contain_text("请回商城的订单页付款")
    assert not lost
