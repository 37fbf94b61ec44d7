"""The chat in other shops' pages, which do what they like (K27, K28, K32): Chromium over real sockets,
through nginx with TLS and a path, from another origin. The pages are in tests/browser/hosts."""

from __future__ import annotations

import uuid

import pytest
from playwright.async_api import Browser, Frame, Page, expect

from tests.browser.chat import ChatPage
from tests.browser.conftest import somebody
from tests.browser.house import HOSTS, Grounds
from tests.support.waiting import until

pytestmark = pytest.mark.browser

# Pages on which the chat works as if it were at home.
FINE = [
    "plain",
    "resets",
    "rtl",
    "transform",
    "z_index",
    "csp_with_our_lines",
    "csp_without_sockets",
    "trusted_types",
    "replaced_body",
    "gbk",
    "bottom_bar",
]
INHERITED = (
    "letterSpacing textIndent textTransform userSelect wordBreak cursor lineHeight fontStyle "
    "fontSize color direction unicodeBidi opacity filter pointerEvents visibility"
).split()


async def opened(browser: Browser, size: str = "desktop") -> Page:
    return await (await somebody(browser, size, ignore_https_errors=True)).new_page()


@pytest.mark.parametrize("name", FINE)
async def test_the_chat_is_itself_on(name: str, browser: Browser, ground: Grounds) -> None:
    page = await opened(browser)
    await page.goto(ground.page(name))
    launcher = page.get_by_role("button", name="联系客服")
    assert await _is_on_top(page, "button.dx-launcher")
    await launcher.click()
    chat = ChatPage(page, "")
    await expect(chat.field).to_be_visible()
    await chat.say(f"在吗{name}")
    await chat.expect_said(f"听到:在吗{name}", times=1)
    assert await _is_on_top(page, ".dx-head")
    box = await page.locator(".dx-panel").bounding_box()
    assert box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 800
    if name != "plain":
        assert await _looks(page) == await _at_home(browser, ground)
    await page.context.close()


async def test_who_does_what_the_letter_says_has_the_chat(
    browser: Browser, ground: Grounds
) -> None:
    page = await opened(browser)
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text))
    await page.goto(ground.page("letter"))
    button = page.locator("button.dx-launcher")
    await expect(button).to_have_text("咨询")
    box = await button.bounding_box()
    assert box is not None
    assert (box["x"], 800 - box["y"] - box["height"]) == (20, 76)
    colour = "document.querySelector('dianxiaoer-chat').style.getPropertyValue('--pine')"
    assert await page.evaluate(colour) == "#1e6a4d"
    await button.click()
    chat = ChatPage(page, "")
    await chat.say("在吗信")
    await chat.expect_said("听到:在吗信", times=1)
    assert not [one for one in told if "店小二" in one or "Content Security Policy" in one], told
    await page.context.close()


async def test_it_works_inside_a_frame_without_storage(browser: Browser, ground: Grounds) -> None:
    page = await opened(browser)
    await page.goto(ground.page("framed"))
    inside = page.frame_locator("iframe")
    await inside.get_by_role("button", name="联系客服").click()
    await inside.get_by_label("输入消息").fill("在吗框里")
    await inside.get_by_label("输入消息").press("Enter")
    await expect(inside.get_by_text("听到:在吗框里")).to_be_visible()
    await page.context.close()


async def test_a_policy_that_refuses_us_is_told_to_the_owner(
    browser: Browser, ground: Grounds
) -> None:
    page = await opened(browser)
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text))
    await page.add_init_script(
        "window.problems = [];"
        "addEventListener('dianxiaoer:problem', event => problems.push(event.detail.message))"
    )
    await page.goto(ground.page("csp_without_our_lines"))
    await page.get_by_role("button", name="联系客服").click()
    await expect(page.get_by_role("alert")).to_contain_text("稍后再试")
    origin = ground.house.rpartition("/")[0]
    await until(
        lambda: any("店小二" in one and "connect-src" in one and origin in one for one in told)
    )
    problems: list[str] = await page.evaluate("problems")  # what its own script is told
    assert any("connect-src" in one and origin in one for one in problems), problems
    await page.context.close()


async def test_a_policy_without_sockets_is_told_and_the_chat_goes_by_requests(
    browser: Browser, ground: Grounds
) -> None:
    page = await opened(browser)
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text))
    await page.goto(ground.page("csp_without_sockets"))
    await page.get_by_role("button", name="联系客服").click()
    chat = ChatPage(page, "")
    await chat.say("没有长连接")
    await chat.expect_said("听到:没有长连接", times=1)
    await until(lambda: any("店小二" in line and "wss://" in line for line in told))
    await page.context.close()


async def test_a_bar_at_the_bottom_stays_free(browser: Browser, ground: Grounds) -> None:
    page = await opened(browser, "phone")
    await page.goto(ground.page("bottom_bar"))
    launcher = await page.get_by_role("button", name="联系客服").bounding_box()
    bar = await page.locator(".bar").bounding_box()
    assert launcher is not None and bar is not None
    assert launcher["y"] + launcher["height"] <= bar["y"] and launcher["x"] < 20
    await page.get_by_text("问问客服").click()
    await expect(ChatPage(page, "").field).to_be_visible()
    await page.context.close()


async def test_the_back_key_closes_the_chat_and_keeps_the_page(
    browser: Browser, ground: Grounds
) -> None:
    page = await opened(browser, "phone")
    await page.goto(ground.page("own_button"))
    assert await page.locator("button.dx-launcher").is_hidden()
    await page.get_by_role("button", name="联系客服").click()
    chat = ChatPage(page, "")
    await chat.say("返回键")
    await chat.expect_said("听到:返回键", times=1)
    await chat.field.fill("没写完的")
    await page.go_back()
    await expect(chat.field).to_be_hidden()
    await expect(page.locator("#page")).to_have_text("商品页")
    await page.get_by_role("button", name="联系客服").click()
    await chat.expect_said("听到:返回键", times=1)
    await expect(chat.field).to_have_value("没写完的")
    await page.reload()  # in mid-chat: it comes back open, with what was typed
    await expect(chat.field).to_have_value("没写完的")
    await page.get_by_role("button", name="收起聊天").click()
    await expect(chat.field).to_be_hidden()
    assert await page.evaluate("history.state.page") == "商品页"
    await page.context.close()


async def test_an_agent_signs_in_and_answers_through_tls(browser: Browser, ground: Grounds) -> None:
    """K28: the house itself speaks plain HTTP, and neither cookie nor origin is refused."""
    page = await opened(browser, "phone")
    await page.goto(ground.page("plain"))
    await page.get_by_role("button", name="联系客服").click()
    chat = ChatPage(page, "")
    await chat.say("找人")
    await chat.expect_said("听到:找人", times=1)
    desk = await opened(browser)
    mixed: list[str] = []
    desk.on("request", lambda request: mixed.append(request.url))
    await desk.goto(f"{ground.house}/desk")
    await desk.get_by_label("账号").fill("admin")
    await desk.get_by_label("密码").fill("a-long-password")
    await desk.get_by_role("button", name="登录").click()
    await desk.get_by_role("button", name="全部").click()
    await desk.locator(".desk-entry", has_text="找人").first.click()
    await desk.get_by_role("button", name="接入").click()
    await desk.get_by_label("输入消息").fill("我在")
    await desk.get_by_role("button", name="发送", exact=True).click()
    await chat.expect_said("我在", times=1)
    assert not [url for url in mixed if not url.startswith((ground.house, "data:", "blob:"))]
    for one in (page, desk):
        await one.context.close()


async def test_an_image_of_the_page_is_all_that_a_buyer_loads_before_asking(
    browser: Browser, ground: Grounds
) -> None:
    """At most 5 KB, packed, and nothing else until the button is near."""
    page = await opened(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    async with page.expect_response("**/widget.js") as caught:
        await page.goto(ground.page("plain"))
    response = await caught.value
    assert response.headers["content-encoding"] in ("gzip", "br")
    assert int(response.headers["content-length"]) <= 5 * 1024
    await expect(page.get_by_role("button", name="联系客服")).to_be_visible()
    assert [url for url in asked if ground.house in url] == [f"{ground.house}/widget.js"]
    async with page.expect_response("**/assets/panel-*.js") as fetched:
        await page.get_by_role("button", name="联系客服").hover()
    panel = await fetched.value
    assert int(panel.headers["content-length"]) <= 60 * 1024
    assert "immutable" in panel.headers["cache-control"]
    await page.context.close()


async def test_who_was_here_before_asks_once_and_opens_no_line(
    browser: Browser, ground: Grounds
) -> None:
    page = await opened(browser)
    await page.goto(ground.page("plain"))
    await page.get_by_role("button", name="联系客服").click()
    chat = ChatPage(page, "")
    await chat.say("明天再来")
    await chat.expect_said("听到:明天再来", times=1)
    await page.get_by_role("button", name="收起聊天").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda line: asked.append(line.url))
    async with page.expect_response("**/api/chat/messages*") as caught:
        await page.reload()
    await (await caught.value).finished()
    await page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    ours = [url.removeprefix(ground.house).partition("?")[0] for url in asked if "/kefu/" in url]
    assert ours in (["/widget.js", "/api/chat/messages"], ["/api/chat/messages"])  # kept, or not
    await page.context.close()


def test_every_page_that_is_kept_is_looked_at() -> None:
    known = {*FINE, "framed", "csp_without_our_lines", "own_button"}
    assert known == {path.stem for path in HOSTS.glob("*.html")}
    assert len(known) >= 10


async def _is_on_top(page: Page, selector: str) -> bool:
    """Whether a tap in the middle of it reaches the chat and nothing above it."""
    await page.locator(selector).wait_for()
    found = await page.evaluate(
        """selector => {
            const box = document.querySelector("dianxiaoer-chat").shadowRoot.querySelector(selector)
                .getBoundingClientRect();
            const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return at?.localName;
        }""",
        selector,
    )
    return bool(found == "dianxiaoer-chat")


async def _looks(page: Page | Frame) -> dict[str, str]:
    """What could reach into the writing of a bubble of the bot's."""
    bubble = page.locator(".dx-row:not(.dx-mine) .dx-bubble").last
    found: dict[str, str] = await bubble.evaluate(
        """(bubble, names) => {
            const style = getComputedStyle(bubble);
            return Object.fromEntries(names.map(name => [name, style[name]]));
        }""",
        INHERITED,
    )
    return found


_HOME: dict[str, str] = {}


async def _at_home(browser: Browser, ground: Grounds) -> dict[str, str]:
    if not _HOME:
        page = await opened(browser)
        await page.goto(ground.page("plain"))
        await page.get_by_role("button", name="联系客服").click()
        chat = ChatPage(page, "")
        word = uuid.uuid4().hex[:6]
        await chat.say(word)
        await chat.expect_said(f"听到:{word}", times=1)
        _HOME.update(await _looks(page))
        await page.context.close()
    return _HOME
