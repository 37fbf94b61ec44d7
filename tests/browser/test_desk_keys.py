"""Every deed by keyboard, and none of them while an input method is composing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.channels.keys import CONVERSATIONS, SHOP
from bot.conversations.conversation import Status
from bot.settings import Settings
from tests.browser.chat import stop_time
from tests.browser.conftest import Site
from tests.browser.desk import BUYER, PASSWORD, DeskPage, order, seen, talk
from tests.browser.showcase import showing
from tests.support.waiting import comes

pytestmark = pytest.mark.browser

# With this in the page no guard can see that an input method is at work.
_BLINDED = """
Object.defineProperty(KeyboardEvent.prototype, "isComposing", { get: () => false });
Object.defineProperty(KeyboardEvent.prototype, "keyCode", { get: () => 0 });
"""


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        yield site


async def status(house: Site, conversation_id: str) -> Status:
    assert house.app is not None
    return (await house.app[CONVERSATIONS].find(conversation_id)).status


async def command(page: Page, words: str, *, expected: str) -> None:
    await page.keyboard.press("Control+K")
    bar = page.get_by_role("dialog", name="命令")
    await expect(bar.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type(words)
    await expect(bar.locator("[aria-selected=true]")).to_contain_text(expected)
    await page.keyboard.press("Enter")


async def test_a_talk_from_taking_to_closing_by_keyboard_alone(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗", taken_by="")
    number = await order(house)
    desk = DeskPage(page, house)
    await page.clock.install()
    await desk.sign_in()
    await page.keyboard.press("Control+K")
    await page.keyboard.type("访客")
    await expect(page.locator("[aria-selected=true]")).to_contain_text("访客")
    await seen(page, "commands")
    await page.keyboard.press("Enter")
    await expect(page.locator(".desk-view-head")).to_be_visible()
    await command(page, "接入", expected="接入")
    await expect(page.locator(".desk-view-title")).to_contain_text("由您接待")
    await expect(desk.field).to_be_focused()
    await page.keyboard.type("您好")
    await page.keyboard.press("Enter")
    await expect(desk.log).to_contain_text("您好")
    await command(page, "发订单卡", expected=number[-4:])
    await expect(desk.question).to_contain_text("发给买家？")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(desk.log.locator(".dx-order")).to_be_visible()
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await stop_time(page)  # what was pressed once is forgotten soon
    await page.keyboard.press("Alt+X")
    await page.keyboard.press("Alt+X")
    await page.clock.resume()
    await expect(page.locator(".desk-view-title")).to_contain_text("已结束")
    assert await status(house, opened) is Status.CLOSED


async def test_a_price_by_keyboard(page: Page, house: Site) -> None:
    opened = await talk(house, "便宜点")
    await order(house)
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    await desk.beside()
    assert house.app is not None
    before = (await house.app[SHOP].orders_of(BUYER))[0].total_fen
    await page.keyboard.press("Escape")
    await command(page, "改价", expected="改价")
    await desk.question.get_by_label("改成一共多少元").focus()
    await page.keyboard.type(str(before // 100 - 5))
    await page.keyboard.press("Enter")
    await expect(desk.question).to_have_count(0)
    after = (await house.app[SHOP].orders_of(BUYER))[0].total_fen
    assert after == (before // 100 - 5) * 100


async def test_enter_takes_the_phrase_and_never_sends_its_code(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗")
    desk = DeskPage(page, house)
    await desk.sign_in()
    dialog = await desk.to_page("快捷短语")
    for code in ("尺码一", "尺码二"):
        await dialog.get_by_role("button", name="加一条").click()
        await dialog.get_by_label("短码").fill(code)
        await dialog.get_by_label("内容").fill(f"说{code}")
        await dialog.get_by_role("button", name="存好").click()
        await expect(dialog).to_contain_text(f"/{code}")
    await page.keyboard.press("Escape")
    await desk.open(opened)
    await desk.field.focus()
    await page.keyboard.type("/chima")
    offered = page.locator(".desk-phrases [aria-current=true]")
    await expect(offered).to_contain_text("尺码一")
    await page.keyboard.press("ArrowDown")
    await expect(offered).to_contain_text("尺码二")
    await seen(page, "phrases-offered")
    await press_while_composing(page, "Enter", key="Enter")
    await expect(desk.field).to_have_value("/chima")
    await page.keyboard.press("Enter")
    await expect(desk.field).to_have_value("说尺码二")
    await page.keyboard.press("Enter")
    await expect(desk.log).to_contain_text("说尺码二")
    await expect(desk.log).not_to_contain_text("/chima")
    await page.keyboard.type("/chima")
    await expect(offered).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(offered).to_have_count(0)
    await page.keyboard.press("Enter")  # meant as it stands
    await expect(desk.log).to_contain_text("/chima")


async def compose(page: Page, text: str) -> None:
    """An input method with characters that are not chosen yet, in what has the focus."""
    session = await page.context.new_cdp_session(page)
    await session.send(
        "Input.imeSetComposition", {"text": text, "selectionStart": 0, "selectionEnd": len(text)}
    )


async def press_while_composing(page: Page, code: str, **modifiers: bool | str) -> None:
    """As browsers tell of a key that an input method takes for itself."""
    await page.evaluate(
        """([code, more]) => {
             const at = document.activeElement ?? document.body;
             const told = { code, key: code.replace("Key", "").toLowerCase(), keyCode: 229,
                            isComposing: true, bubbles: true, cancelable: true, ...more };
             at.dispatchEvent(new KeyboardEvent("keydown", told));
           }""",
        [code, modifiers],
    )


@pytest.mark.parametrize("blinded", [False, True], ids=["guarded", "guard off"])
async def test_no_deed_while_an_input_method_composes(
    page: Page, house: Site, *, blinded: bool
) -> None:
    """With the guard blinded each of them happens: else this would prove nothing."""
    if blinded:
        await page.add_init_script(_BLINDED)
    opened = await talk(house, "在吗", taken_by="")
    desk = DeskPage(page, house)
    await page.clock.install()
    await desk.sign_in()
    await desk.open(opened)
    await press_while_composing(page, "KeyT", altKey=True)

    async def is_taken() -> bool:
        return await status(house, opened) is Status.WITH_AGENT

    await comes(is_taken, wanted=blinded, watched_s=0.7)
    assert house.app is not None
    await house.app[CONVERSATIONS].take(opened, "admin")
    await expect(page.locator(".desk-view-title")).to_contain_text("由您接待")
    await press_while_composing(page, "KeyK", ctrlKey=True)

    async def is_bar_open() -> bool:
        return bool(await page.get_by_role("dialog", name="命令").count())

    await comes(is_bar_open, wanted=blinded, watched_s=0.3)
    await page.keyboard.press("Escape")
    await stop_time(page)  # what was pressed once is forgotten soon
    for _ in range(2):
        await press_while_composing(page, "KeyX", altKey=True)
    await page.clock.resume()

    async def is_closed() -> bool:
        return await status(house, opened) is Status.CLOSED

    await comes(is_closed, wanted=blinded, watched_s=0.7)


@pytest.mark.parametrize("blinded", [False, True], ids=["guarded", "guard off"])
async def test_enter_that_ends_a_composition_sends_nothing(
    page: Page, house: Site, *, blinded: bool
) -> None:
    """A real composition of Chromium's: characters stand in the field and are not chosen yet."""
    if blinded:
        await page.add_init_script(_BLINDED)
    opened = await talk(house, "在吗")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    await desk.field.fill("您好")
    await compose(page, "zaine")
    await expect(desk.field).to_have_value("您好zaine")
    await page.keyboard.press("Enter")

    async def is_said() -> bool:
        assert house.app is not None
        return "您好" in [one.text for one in await house.app[CONVERSATIONS].history(opened)]

    await comes(is_said, wanted=blinded, watched_s=0.7)


async def test_the_command_bar_does_nothing_while_composing(page: Page, house: Site) -> None:
    opened = await talk(house, "在吗", taken_by="")
    desk = DeskPage(page, house)
    await desk.sign_in()
    await desk.open(opened)
    await page.keyboard.press("Control+K")
    bar = page.get_by_role("dialog", name="命令")
    await expect(bar.get_by_role("combobox")).to_be_focused()
    await compose(page, "接入")
    await expect(bar.locator("[aria-selected=true]")).to_contain_text("接入")
    await page.keyboard.press("Enter")

    async def is_taken() -> bool:
        return await status(house, opened) is Status.WITH_AGENT

    await comes(is_taken, wanted=False, watched_s=0.5)
    await expect(bar).to_be_visible()
