"""The chat for those who do not see it, or see it otherwise: axe-core over its states and looks."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, Route, expect

from bot.channels import keys
from bot.conversations.conversation import Status
from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody
from tests.browser.showcase import BUTTONS, CARDS, showing
from tests.support.house import ROOT
from tests.support.waiting import until

pytestmark = pytest.mark.browser

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"320": (320, 568), "phone": (390, 844), "desktop": (1280, 800)}
LOOKS: list[tuple[str, dict[str, str]]] = [
    ("320", {}),
    ("phone", {}),
    ("desktop", {}),
    ("phone", {"color_scheme": "dark"}),
    ("desktop", {"color_scheme": "dark"}),
    ("phone", {"forced_colors": "active"}),
]


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path_factory.mktemp("accessible")) as site:
        yield site


@pytest.fixture
async def empty_house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    """In which nobody has said anything yet."""
    async with showing(settings, seeded, tmp_path) as site:
        yield site


async def opened(browser: Browser, size: tuple[int, int], **look: str) -> Page:
    # axe is put into the page from outside
    return await (await somebody(browser, size, bypass_csp=True, **look)).new_page()


async def faults(page: Page, state: str) -> list[str]:
    """What axe finds of any weight, each with the state it was found in."""
    if not await page.evaluate("!!window.axe"):
        await page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = await page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations)"
    )
    return [
        f"{state}: {one['impact']} {one['id']} {node['target']} {node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
    ]


async def become(page: Page, site: Site, nickname: str) -> None:
    await page.goto(site.address)
    await page.get_by_role("button", name="演示身份").click()
    await page.get_by_role("button", name=nickname).click()
    await expect(ChatPage(page, "").field).to_be_visible()


async def picture(page: Page) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(buffer, "PNG")
    await page.locator("input[type=file]").set_input_files(
        {"name": "shoe.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    )
    await expect(page.locator(".dx-picture img[src*='/uploads/']").last).to_be_visible()


@pytest.mark.parametrize(
    ("size", "look"),
    LOOKS,
    ids=[f"{size}-{''.join(look.values()) or 'light'}" for size, look in LOOKS],
)
async def test_axe_finds_nothing_in_the_chat(
    browser: Browser, empty_house: Site, size: str, look: dict[str, str]
) -> None:
    page = await opened(browser, SIZES[size], **look)
    found: list[str] = []
    await become(page, empty_house, "寂寞雪山")
    await expect(page.locator(".dx-tile").first).to_be_visible()
    found += await faults(page, "empty chat")
    chat = ChatPage(page, "")
    await page.evaluate("Dianxiaoer.view('boot-qiyun')")
    await expect(page.locator(".dx-strip")).to_be_visible()
    await chat.field.fill("退")
    await expect(page.locator(".dx-likely button").first).to_be_visible()
    found += await faults(page, "strip and completion")
    await page.get_by_role("button", name="发给客服").click()
    for count, name in enumerate(CARDS, 2):
        await chat.say(name)
        await expect(page.locator(".dx-card")).to_have_count(count)
    await chat.say("选一个")
    await expect(chat.log.get_by_role("button", name=BUTTONS[0])).to_be_visible()
    found += await faults(page, "cards and buttons")
    await chat.press(BUTTONS[1])
    await expect(page.locator(".dx-chosen")).to_have_text(f"已选{BUTTONS[1]}")
    await expect(page.locator(".dx-quick button").first).to_be_visible()
    await picture(page)
    found += await faults(page, "chosen, next questions, picture")
    await page.locator(".dx-picture").last.click()
    await expect(page.locator("dialog.dx-viewer img")).to_be_visible()
    found += await faults(page, "picture above the chat")
    await page.keyboard.press("Escape")
    await page.locator("input[type=file]").set_input_files(
        {
            "name": "a.mov",
            "mimeType": "video/quicktime",
            "buffer": b"\0\0\0\x14ftypqt  " + b"\0" * 20,
        }
    )
    await expect(page.get_by_role("alert")).to_contain_text("视频")
    await chat.field.fill("长" * 5001)
    await chat.field.press("Enter")
    await expect(page.locator(".dx-over")).to_be_visible()
    found += await faults(page, "refused file and too long a text")
    await chat.field.fill("")
    await page.context.set_offline(True)
    await chat.say("没网了")
    await expect(page.get_by_role("alert").filter(has_text="网络断开了")).to_be_visible()
    found += await faults(page, "offline")
    await page.context.set_offline(False)
    await page.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}], ids=["light", "dark"])
async def test_axe_finds_nothing_on_the_pages(
    browser: Browser, house: Site, look: dict[str, str]
) -> None:
    page = await opened(browser, SIZES["phone"], **look)
    found: list[str] = []
    for path in ("/", "/p/boot-qiyun", "/p/unknown", "/goods/old", "/pay/unknown", "/privacy"):
        await page.goto(house.address + path)
        if path == "/p/boot-qiyun":
            await expect(page.locator("h1")).to_be_visible()
        found += await faults(page, path)
    await page.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "look", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}], ids=str
)
async def test_axe_finds_nothing_while_one_waits(
    browser: Browser, empty_house: Site, look: dict[str, str]
) -> None:
    """For the line, for a person, for a person's words; and where nothing can be reached."""
    page = await opened(browser, SIZES["desktop"], **look)
    found: list[str] = []
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await page.route("**/api/chat/session", hold)
    await page.goto(empty_house.address)
    await page.get_by_role("button", name="联系客服").click()
    await expect(page.locator(".dx-skeleton")).to_be_attached()
    found += await faults(page, "connecting")
    held.set()
    chat = ChatPage(page, "")
    await expect(page.locator(".dx-quick button").first).to_be_visible()
    await page.get_by_role("button", name="放大窗口").click()
    found += await faults(page, "enlarged")
    await chat.say("在吗")
    await chat.expect_answered()
    assert empty_house.app is not None
    talks = empty_house.app[keys.CONVERSATIONS]
    (talk,), _ = await talks.in_status([Status.WITH_BOT])
    await talks.take(talk.conversation_id, "小李")

    async def is_seen_to_write() -> bool:  # the sign goes by itself, should its end get lost
        await talks.agent_types(talk.conversation_id, "小李", on=True)
        return bool(await page.locator(".dx-typing").is_visible())

    await until(is_seen_to_write)
    await expect(page.get_by_role("status").first).to_contain_text("正在为您服务")
    found += await faults(page, "with a person who writes")
    await talks.say_as_agent(talk.conversation_id, "小李", "a1", "您好", shown_name="小李")
    await expect(page.locator(".dx-typing")).to_have_count(0)
    await expect(page.get_by_role("status").first).to_have_text("客服小李正在为您服务")
    await talks.requeue(talk.conversation_id)
    await expect(page.locator(".dx-dot.dx-waits")).to_be_attached()
    found += await faults(page, "waiting for a person")
    await page.unroute("**/api/chat/session")
    await page.route("**/api/chat/session", lambda route: route.abort())
    await page.evaluate("localStorage.clear(); sessionStorage.clear()")
    await page.reload()
    await page.get_by_role("button", name="联系客服").click()
    await expect(page.locator(".dx-unreached")).to_be_visible()
    found += await faults(page, "nothing can be reached")
    await page.context.close()
    assert not found, "\n".join(found)


async def test_axe_would_find_a_fault(browser: Browser, house: Site) -> None:
    """The control: it looks into the chat's own part of the page."""
    page = await opened(browser, SIZES["phone"])
    chat = ChatPage(page, house.address)
    await chat.open()
    await chat.field.evaluate(
        "field => { field.removeAttribute('placeholder'); field.removeAttribute('aria-label'); }"
    )
    assert any("label" in one for one in await faults(page, "broken"))
    await page.context.close()
