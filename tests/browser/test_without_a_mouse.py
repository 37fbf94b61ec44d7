"""The chat by keyboard alone, and what a screen reader hears in which order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site
from tests.browser.showcase import BUTTONS, showing
from tests.browser.test_accessible import SIZES, opened, picture

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path_factory.mktemp("keys")) as site:
        yield site


async def focused(page: Page) -> str:
    """What has the focus: its name, "outside" where that is not in the chat."""
    found: str = await page.evaluate(
        """() => {
            const inside = document.querySelector("dianxiaoer-chat").shadowRoot.activeElement;
            if (!inside) return "outside";
            return inside.getAttribute("aria-label") || inside.textContent.trim() || inside.localName;
        }"""
    )
    return found


async def test_tab_stays_in_the_full_screen_chat_both_ways(browser: Browser, house: Site) -> None:
    page = await opened(browser, SIZES["phone"])
    chat = ChatPage(page, house.address)
    await chat.open()
    await chat.say("看商品")
    await expect(page.locator(".dx-product")).to_be_visible()
    await page.locator("#dx-title").focus()
    await page.keyboard.press("Shift+Tab")  # from the title, which is no stop of its own
    assert await focused(page) not in ("outside", "")
    for key in ("Tab", "Shift+Tab"):
        seen = set()
        for _ in range(24):
            await page.keyboard.press(key)
            seen.add(await focused(page))
        assert "outside" not in seen
        assert {"收起聊天", "输入消息", "发送图片", "看尺码", "要这款"} <= seen
    assert await page.evaluate("document.body.inert")
    await page.keyboard.press("Escape")
    await expect(chat.field).to_be_hidden()
    assert not await page.evaluate("document.body.inert")
    await expect(page.get_by_role("button", name="联系客服")).to_be_focused()
    await page.context.close()


async def test_buttons_cards_and_pictures_work_by_enter(browser: Browser, house: Site) -> None:
    page = await opened(browser, SIZES["desktop"])
    chat = ChatPage(page, house.address)
    await page.goto(house.address)
    await page.get_by_role("button", name="联系客服").focus()
    await page.keyboard.press("Enter")
    await expect(chat.field).to_be_focused()
    await page.keyboard.type("选一个")
    await page.keyboard.press("Enter")
    await chat.log.get_by_role("button", name=BUTTONS[0]).focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".dx-chosen")).to_contain_text(BUTTONS[0])
    await chat.say("看尺码")
    await page.get_by_role("button", name="查看全部").focus()
    await page.keyboard.press("Space")
    await expect(page.locator(".dx-chart tbody tr")).to_have_count(10)
    await picture(page)
    await page.locator(".dx-picture").last.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="关闭图片")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog.dx-viewer")).to_have_count(0)
    await expect(page.locator(".dx-picture").last).to_be_focused()
    await expect(chat.field).to_be_visible()  # the chat stays
    await page.context.close()


async def test_an_input_method_keeps_its_enter(browser: Browser, house: Site) -> None:
    page = await opened(browser, SIZES["phone"])
    chat = ChatPage(page, house.address)
    await chat.open()
    await chat.field.fill("zaima")
    await chat.field.dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True, "bubbles": True}
    )
    await expect(chat.field).to_have_value("zaima")
    await page.context.close()


# -- what a screen reader hears


async def test_a_reader_goes_from_head_to_lines_to_the_field(browser: Browser, house: Site) -> None:
    page = await opened(browser, SIZES["phone"])
    chat = ChatPage(page, house.address)
    await chat.open()
    await chat.say("选一个")
    await expect(chat.log.get_by_role("button", name=BUTTONS[0])).to_be_visible()
    order = await page.locator(".dx-panel").aria_snapshot()
    places = [
        order.index(part)
        for part in (
            'heading "山行户外" [level=2]',
            "status",
            'button "收起聊天"',
            'region "聊天记录"',
            "- log:",
            "选一个",
            "这样对吗？",
            'group "可选的回复"',
            'textbox "输入消息"',
            'button "发送"',
        )
    ]
    assert places == sorted(places), order
    panel = page.get_by_role("dialog", name="山行户外")
    await expect(panel).to_have_attribute("aria-modal", "true")
    await page.context.close()


# How loud the log is at the moment in which a line of the talk comes into it.
_HOW_LOUD = """
window.loud = [];
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    new MutationObserver(changes => {
        for (const change of changes)
            for (const node of change.addedNodes) {
                if (node.nodeType !== Node.ELEMENT_NODE || !node.textContent.includes("山上冷不冷")) continue;
                const log = node.closest("[role=log]") ?? node.querySelector("[role=log]");
                if (log) window.loud.push(log.getAttribute("aria-live"));
            }
    }).observe(root, { childList: true, subtree: true });
    return root;
};
"""


async def test_answers_are_read_out_once_and_own_lines_not_twice(
    browser: Browser, house: Site
) -> None:
    page = await opened(browser, SIZES["phone"])
    chat = ChatPage(page, house.address)
    await chat.open()
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await page.evaluate(
        """() => {
            const log = document.querySelector("dianxiaoer-chat").shadowRoot.querySelector("[role=log]");
            window.heard = [];
            new MutationObserver(changes => {
                for (const change of changes)
                    for (const node of change.addedNodes)
                        if (node.textContent.trim()) window.heard.push(node.textContent.trim());
            }).observe(log, { childList: true, subtree: true, characterData: true });
        }"""
    )
    await chat.say("山上冷不冷")
    await chat.expect_said("听到:山上冷不冷", times=1)
    await chat.say("那就好")  # by then all that the first line has changed is there
    await chat.expect_said("听到:那就好", times=1)
    heard: list[str] = await page.evaluate("window.heard")
    assert [one for one in heard if "听到:山上冷不冷" in one] == ["智能客服：听到:山上冷不冷"]
    assert [one for one in heard if one.endswith("我：山上冷不冷")] == ["我：山上冷不冷"]
    await page.add_init_script(_HOW_LOUD)
    await page.reload()  # what was said before is not read out again
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    loud: list[str] = await page.evaluate("window.loud")
    assert loud and set(loud) == {"off"}
    await page.context.close()
