"""The chat for those who do not see it, or use no mouse: axe-core over its states, keyboard alone, what
a screen reader hears in which order, zoom, forced colours."""

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
from tests.browser.conftest import Site
from tests.browser.showcase import BUTTONS, CARDS, showing
from tests.support.house import ROOT

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
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN",
        bypass_csp=True,  # axe is put into the page from outside
        reduced_motion="reduce",
        **look,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    page.set_default_timeout(30_000)
    return page


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
    await talks.agent_types(talk.conversation_id, "小李", on=True)
    await expect(page.locator(".dx-typing")).to_be_visible()
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


# -- keyboard alone


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
    assert (await focused(page)).startswith("联系客服") or await focused(page) == "咨询"
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
    await page.wait_for_timeout(300)
    heard: list[str] = await page.evaluate("window.heard")
    assert [one for one in heard if "听到:山上冷不冷" in one] == ["智能客服：听到:山上冷不冷"]
    assert [one for one in heard if one.endswith("我：山上冷不冷")] == ["我：山上冷不冷"]
    await page.add_init_script(_HOW_LOUD)
    await page.reload()  # what was said before is not read out again
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    loud: list[str] = await page.evaluate("window.loud")
    assert loud and set(loud) == {"off"}
    await page.context.close()


# -- little room

ROOM = {
    "200 %": (640, 400, 130),
    "400 %": (320, 200, 90),
    "landscape": (844, 390, 150),
    "landscape, keyboard up": (844, 180, 80),
    "small phone, keyboard up": (320, 280, 110),
}


@pytest.mark.parametrize("name", ROOM)
async def test_there_is_room_for_the_lines(browser: Browser, house: Site, name: str) -> None:
    width, height, least = ROOM[name]
    page = await opened(browser, (width, height))
    chat = ChatPage(page, house.address)
    await chat.open("/p/boot-qiyun")
    await chat.say("看尺码")
    await expect(page.locator(".dx-chart")).to_be_visible()  # two lines at once are one turn
    await chat.say("看订单")
    await expect(page.locator(".dx-order")).to_be_visible()
    await chat.field.fill("第一行\n第二行\n第三行")
    log = await chat.log.bounding_box()
    field = await chat.field.bounding_box()
    assert log is not None and field is not None
    await chat.field.fill("")
    roomy = await chat.log.bounding_box()
    assert roomy is not None and roomy["height"] >= least
    assert field["y"] >= 0 and field["y"] + field["height"] <= height
    for selector in (
        "document.documentElement",
        "document.querySelector('dianxiaoer-chat').shadowRoot.querySelector('.dx-log')",
    ):
        wide = await page.evaluate(f"{selector}.scrollWidth - {selector}.clientWidth")
        assert wide <= 0, selector
    await page.context.close()


async def test_forced_colours_keep_edges(browser: Browser, house: Site) -> None:
    page = await opened(browser, SIZES["desktop"], forced_colors="active")
    chat = ChatPage(page, house.address)
    await page.goto(house.address)
    launcher = page.get_by_role("button", name="联系客服")
    assert await _edge(launcher) > 0
    await launcher.click()
    await chat.say("看商品")
    await expect(page.locator(".dx-product")).to_be_visible()
    for selector in (".dx-panel", ".dx-bubble", ".dx-card", ".dx-field textarea"):
        assert await _edge(page.locator(selector).first) > 0, selector
    await page.context.close()


async def _edge(found: Any) -> float:
    """Pixels of a border that is drawn."""
    width: float = await found.evaluate(
        """element => {
            const { borderTopWidth, borderTopStyle, borderTopColor } = getComputedStyle(element);
            const isSeen = borderTopStyle !== "none" && borderTopColor !== "rgba(0, 0, 0, 0)";
            return isSeen ? parseFloat(borderTopWidth) : 0;
        }"""
    )
    return width
