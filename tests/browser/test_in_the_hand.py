"""A phone in the hand (K32), on a shop's page that holds still and has a bar of its own: the keyboard comes,
an answer comes, the phone is turned, the back key is pressed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from bot.engine.turns import Button, Reply, TurnResult
from tests.browser.chat import ChatPage
from tests.browser.conftest import somebody
from tests.browser.house import Grounds
from tests.browser.showcase import BUTTONS, CARDS
from tests.house.scripted import sure

pytestmark = pytest.mark.browser

HANDS = {"small": (320, 568), "large": (390, 844)}
KEYBOARD_PX = 290
ANSWER = TurnResult(
    replies=(
        Reply(text="您看看这个："),
        Reply(card=CARDS["看订单"]),
        Reply(
            text="这样对吗？",
            buttons=tuple(Button(title=title, payload=None) for title in BUTTONS[:2]),
        ),
    ),
    understood=(),
    memory="",
)


@pytest.mark.parametrize("size", HANDS)
async def test_what_is_newest_is_in_sight_whatever_the_hand_does(
    browser: Browser, ground: Grounds, size: str
) -> None:
    width, height = HANDS[size]
    context = await somebody(browser, (width, height), ignore_https_errors=True)
    page = await context.new_page()
    await page.goto(ground.page("bottom_bar"))
    await page.get_by_text("问问客服").click()
    chat = ChatPage(page, "")
    await chat.field.click()
    await page.set_viewport_size({"width": width, "height": height - KEYBOARD_PX})
    ground.engine.then(ANSWER)
    await chat.say("要两双")
    newest = chat.log.get_by_role("button", name=BUTTONS[0])
    await in_sight(page, chat, BUTTONS)
    for turned in ((height, width), (height, 180), (width, height)):
        await page.set_viewport_size({"width": turned[0], "height": turned[1]})
        await in_sight(page, chat, BUTTONS)
    await page.go_back()
    await expect(chat.field).to_be_hidden()
    await expect(page.get_by_text("立即购买")).to_be_in_viewport()
    # The page held still by itself, and does so on.
    assert await page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    assert await page.evaluate("document.documentElement.style.overflow") == ""
    await page.get_by_text("问问客服").click()
    await expect(newest).to_be_in_viewport(ratio=1)
    await context.close()


async def test_with_the_keyboard_up_the_answer_is_seen_and_not_what_is_offered(
    browser: Browser, ground: Grounds
) -> None:
    context = await somebody(browser, (844, 180), ignore_https_errors=True)
    page = await context.new_page()
    await page.goto(ground.page("plain"))
    await page.get_by_role("button", name="联系客服").click()
    chat = ChatPage(page, "")
    answer = sure("有货的")
    heard = replace(answer.understood[0], intent="stock_check")  # after which something is asked
    ground.engine.then(replace(answer, understood=(heard,)))
    async with page.expect_response("**/api/chat/questions"):  # the next ones, after the answer
        await chat.say("还有货吗")
    await expect(chat.log.get_by_text("有货的", exact=True)).to_be_in_viewport(ratio=1)
    await expect(page.locator(".dx-quick, .dx-no-help")).to_have_count(0)
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(page.locator(".dx-quick").first).to_be_visible()
    await context.close()


async def in_sight(page: Page, chat: ChatPage, titles: tuple[str, ...]) -> None:
    for title in titles[:2]:
        await expect(chat.log.get_by_role("button", name=title)).to_be_in_viewport(ratio=1)
    await expect(chat.field).to_be_in_viewport(ratio=1)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) <= 0
