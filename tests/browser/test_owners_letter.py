"""What else the letter to owners says (docs/pages.md), done in Chromium through nginx with TLS and a path, from
another origin: pages we keep off, what a page's script may call, pictures under its policy, a proxy without the
two lines, and buyers who sign in (K30)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.engine.turns import Button, Reply, TurnResult
from tests.browser.chat import ChatPage
from tests.browser.conftest import somebody
from tests.browser.house import NOT_SHOWN, Grounds, pages
from tests.browser.showcase import BUTTONS, CARDS
from tests.browser.test_accessible import picture
from tests.browser.test_host_pages import opened
from tests.browser.test_reading import WIDE
from tests.browser.test_whose_chat import LULU, lines_of, sign_in, token_of
from tests.support.nginx import own_host, running, under_a_path_with_tls
from tests.support.waiting import until

pytestmark = pytest.mark.browser

UPGRADE = (
    "proxy_set_header Upgrade $http_upgrade;",
    "proxy_set_header Connection $connection_upgrade;",
)
GOODS = TurnResult(
    replies=(
        Reply(card=CARDS["看商品"]),
        Reply(
            text="这样对吗？", buttons=tuple(Button(title=title, payload=None) for title in BUTTONS)
        ),
    ),
    understood=(),
    memory="",
)


@pytest.fixture
async def without_upgrade(ground: Grounds, tmp_path: Path) -> AsyncIterator[Grounds]:
    """The same house behind another nginx, whose owner left the two lines out."""
    content, address = under_a_path_with_tls(tmp_path, int(ground.site.address.rpartition(":")[2]))
    for line in UPGRADE:
        assert line in content
        content = content.replace(line, "")
    async with running(tmp_path, content, address) as address, pages(address.url) as hosts:
        yield replace(ground, house=address.url, hosts=hosts)


@pytest.mark.parametrize("name", NOT_SHOWN)
async def test_where_the_tag_says_so_nothing_shows(
    browser: Browser, ground: Grounds, name: str
) -> None:
    page = await opened(browser)
    await page.goto(ground.page(name))
    button = page.locator("button.dx-launcher")
    await expect(button).to_be_attached()
    await expect(button).to_be_hidden()
    await page.evaluate("Dianxiaoer.show()")  # a page that changes without loading
    await expect(button).to_be_visible()
    await page.context.close()


async def test_a_script_of_the_page_may_call_what_is_named(
    browser: Browser, ground: Grounds
) -> None:
    page = await opened(browser)
    await page.goto(ground.page("letter"))
    chat, button = ChatPage(page, ""), page.locator("button.dx-launcher")
    await expect(button).to_be_visible()
    await page.evaluate("Dianxiaoer.view('boot-qiyun')")
    await page.evaluate("Dianxiaoer.open()")
    await expect(chat.field).to_be_visible()
    await expect(page.locator(".dx-strip")).to_contain_text("栖云")
    await page.evaluate("Dianxiaoer.close()")
    await expect(chat.field).to_be_hidden()
    await page.evaluate("Dianxiaoer.hide()")
    await expect(button).to_be_hidden()
    await page.evaluate("Dianxiaoer.show()")
    await expect(button).to_be_visible()
    await page.context.close()


@pytest.mark.parametrize("name", ["letter", "trusted_types", "resets", "rtl"])
async def test_pictures_cards_and_buttons_need_no_other_line_and_fit(
    browser: Browser, ground: Grounds, name: str
) -> None:
    page = await opened(browser, "phone")
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text))
    await page.goto(ground.page(name))
    await page.locator("button.dx-launcher").click()
    chat = ChatPage(page, "")
    ground.engine.then(GOODS)
    await chat.say("看看鞋")
    await expect(chat.log.get_by_role("button", name=BUTTONS[0])).to_be_visible()
    await picture(page)
    width = "image => (image.loading = 'eager', image.decode()).then(() => image.naturalWidth)"
    for shown in (chat.log.locator(".dx-product img"), page.locator(".dx-picture img")):
        assert await shown.last.evaluate(width) > 0
    assert await page.evaluate(WIDE) <= 0
    assert not [one for one in told if "店小二" in one or "Content Security Policy" in one], told
    await page.context.close()


async def test_without_the_two_lines_of_nginx_it_works_and_the_owner_is_told(
    browser: Browser, without_upgrade: Grounds
) -> None:
    page = await opened(browser)
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text))
    await page.goto(without_upgrade.page("plain"))
    await page.get_by_role("button", name="联系客服").click()
    chat = ChatPage(page, "")
    await chat.say("没写那两行")
    await chat.expect_said("听到:没写那两行", times=1)
    await until(lambda: any("店小二" in one and "Upgrade" in one for one in told))
    await page.context.close()


async def test_on_a_host_of_its_own_all_goes_by_tls(
    browser: Browser, ground: Grounds, tmp_path: Path
) -> None:
    """K28: pages of https, of the house and of a shop, and nothing mixed."""
    content, address = own_host(tmp_path, int(ground.site.address.rpartition(":")[2]))
    async with running(tmp_path, content, address) as address:
        page = await opened(browser)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda line: asked.append(line.url))
        await page.goto(f"{address.url}/p/boot-qiyun")
        await page.locator("button.dx-launcher").click()
        chat = ChatPage(page, "")
        await chat.say("都是加密的")
        await chat.expect_said("听到:都是加密的", times=1)
        await picture(page)
        assert any(url.startswith("wss://") for url in asked)
        assert not [url for url in asked if url.startswith(("http://", "ws://"))]
        await page.context.close()


async def test_who_signs_in_on_a_shops_own_page_is_followed_and_leaves_nothing(
    browser: Browser, ground: Grounds
) -> None:
    computer = await somebody(browser, ignore_https_errors=True)
    tabs = [await computer.new_page() for _ in range(2)]
    for page in tabs:
        await page.goto(ground.page("plain"))
        await page.get_by_role("button", name="联系客服").click()
        await expect(ChatPage(page, "").field).to_be_visible()
    first, second = tabs
    chat, other = ChatPage(first, ""), ChatPage(second, "")
    await chat.say("店里的访客")
    await other.expect_said("听到:店里的访客", times=1)
    token = token_of(ground.site)
    await sign_in(second, token)
    await expect(first.get_by_role("alert")).to_contain_text("您在另一个页面换了账号")
    await expect(chat.log.get_by_text("听到:店里的访客")).to_have_count(0)
    await chat.say("登录以后")
    await other.expect_said("听到:登录以后", times=1)
    said = await lines_of(ground.site, LULU)
    assert "登录以后" in said and "店里的访客" not in said
    await sign_in(second, None)
    for page in tabs:
        await expect(page.locator(".dx-log")).not_to_contain_text("登录以后")
        kept = await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
        assert token not in kept and "登录以后" not in kept
    await computer.close()
