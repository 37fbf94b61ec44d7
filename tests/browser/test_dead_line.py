"""A line that carries nothing more and says nothing of it, in Chromium, behind a proxy of our own that
swallows bytes: both sides notice within 25 seconds, and what was written goes out once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from bot.channels import socket as socket_door
from bot.channels.keys import CONVERSATIONS
from bot.channels.socket import SOCKETS
from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import VIEWPORTS, Site
from tests.browser.showcase import showing
from tests.browser.swallowing import SwallowingProxy, swallowing

pytestmark = pytest.mark.browser

NOTICED_WITHIN_S = 25.0  # without the questions not even then
AT_ONCE_S = 12.0  # before the question that comes by itself
PATIENT_S = 90.0  # with them, where the machine is busy
# Answers the page's own question whether the line lives: as if nobody had asked.
WITHOUT_PING = """
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (text) {
        if (text !== '{"type":"ping"}') return send.call(this, text);
        setTimeout(() => this.onmessage?.({ data: '{"type":"pong"}' }), 5);
    };
"""


@dataclass
class Buyer:
    """Somebody in the middle of a chat, behind a proxy of their own."""

    page: Page
    chat: ChatPage
    proxy: SwallowingProxy
    site: Site
    conversation_id: str
    line: web.WebSocketResponse  # the server's side of it

    async def agent_says(self, text: str) -> None:
        assert self.site.app is not None
        await self.site.app[CONVERSATIONS].say_as_agent(
            self.conversation_id, "小李", f"agent-{text}", text
        )

    def is_open_at_the_server(self) -> bool:
        assert self.site.app is not None
        return self.line in self.site.app[SOCKETS]


@pytest.fixture(scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, seeded: Path
) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path_factory.mktemp("dead")) as site:
        yield site


class Buyers:
    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self._site = browser, site
        self._proxies: list[tuple[SwallowingProxy, object]] = []
        self._pages: list[Page] = []

    async def one(self, name: str, *, script: str = "") -> Buyer:
        assert self._site.app is not None
        manager = swallowing(int(self._site.address.rpartition(":")[2]))
        proxy = await manager.__aenter__()
        self._proxies.append((proxy, manager))
        context = await self._browser.new_context(viewport=VIEWPORTS["desktop"], locale="zh-CN")  # type: ignore[arg-type]
        page = await context.new_page()
        self._pages.append(page)
        if script:
            await page.add_init_script(script)
        lines = self._site.app[SOCKETS]
        before = list(lines)
        chat = ChatPage(page, proxy.address)
        await chat.open()
        await chat.say(f"我是{name}")
        await chat.expect_said(f"听到:我是{name}", times=1)
        (line,) = (one for one in lines if one not in before)
        token = await page.evaluate("localStorage.getItem('dianxiaoer.token')")
        session = await page.request.post(
            f"{self._site.address}/api/chat/session", data={"token": token}
        )
        conversation_id = (await session.json())["conversation_id"]
        return Buyer(page, chat, proxy, self._site, conversation_id, line)

    async def close(self) -> None:
        for page in self._pages:
            await page.context.close()
        for _, manager in self._proxies:
            await manager.__aexit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture
async def buyers(browser: Browser, house: Site) -> AsyncIterator[Buyers]:
    found = Buyers(browser, house)
    yield found
    await found.close()


async def seen_after(buyer: Buyer, text: str, within_s: float) -> float | None:
    """Seconds until the page shows the text; None where it does not within that time."""
    began = time.monotonic()
    try:
        await expect(buyer.chat.log.get_by_text(text)).to_have_count(1, timeout=within_s * 1000)
    except AssertionError:
        return None
    return time.monotonic() - began


async def closed_after(buyer: Buyer, within_s: float) -> float | None:
    """Seconds until the server has let the dead line go."""
    began = time.monotonic()
    while time.monotonic() - began < within_s:
        if not buyer.is_open_at_the_server():
            return time.monotonic() - began
        await asyncio.sleep(0.1)
    return None


async def test_both_sides_notice_a_line_that_swallows_everything(
    buyers: Buyers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its control: without ping on either side the agent's words are not seen."""
    waiting = await buyers.one("甲")
    writing = await buyers.one("乙")
    monkeypatch.setattr(socket_door, "_HEARTBEAT_S", None)
    unasked = await buyers.one("丙", script=WITHOUT_PING)
    monkeypatch.undo()
    for buyer in (waiting, writing, unasked):
        buyer.proxy.swallow()
    await writing.chat.say("断线时写的")
    for buyer in (waiting, unasked):
        await buyer.agent_says("我来帮您看")

    seen, closed, wrote, unseen, kept = await asyncio.gather(
        seen_after(waiting, "我来帮您看", PATIENT_S),
        closed_after(waiting, PATIENT_S),
        seen_after(writing, "听到:断线时写的", PATIENT_S),
        seen_after(unasked, "我来帮您看", NOTICED_WITHIN_S),
        closed_after(unasked, NOTICED_WITHIN_S),
    )

    assert seen is not None and closed is not None and wrote is not None
    assert waiting.proxy.swallowed_bytes > 0
    assert (unseen, kept) == (None, None)
    for buyer, text in ((writing, "断线时写的"), (writing, "听到:断线时写的")):
        await expect(buyer.chat.log.get_by_text(text, exact=True)).to_have_count(1)
    assert writing.site.app is not None
    said = await writing.site.app[CONVERSATIONS].history(writing.conversation_id)
    assert [one.text for one in said].count("断线时写的") == 1
    assert [one.text for one in said].count("听到:断线时写的") == 1


@pytest.mark.parametrize(
    "event",
    [
        "window.dispatchEvent(new Event('online'))",
        "document.dispatchEvent(new Event('visibilitychange'))",
        "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
    ],
    ids=["online", "visibilitychange", "pageshow"],
)
async def test_a_page_that_is_looked_at_again_asks_at_once(buyers: Buyers, event: str) -> None:
    buyer = await buyers.one("丁")
    buyer.proxy.swallow()
    await buyer.agent_says("刚才回您了")
    await buyer.page.evaluate(event)
    assert await seen_after(buyer, "刚才回您了", AT_ONCE_S) is not None


async def test_a_network_that_goes_and_comes_is_told_as_it_is(buyers: Buyers) -> None:
    buyer = await buyers.one("戊")
    banner = buyer.page.get_by_role("alert").filter(has_text="网络断开了")
    await buyer.page.context.set_offline(True)
    await expect(banner).to_be_visible()
    await expect(buyer.page.locator(".dx-head")).to_contain_text("正在重连")
    await buyer.chat.say("没网时写的")
    await expect(buyer.chat.log).to_contain_text("等网络恢复后自动发出")
    await buyer.page.context.set_offline(False)
    await expect(banner).to_be_hidden()
    await buyer.chat.expect_said("听到:没网时写的", times=1)
    await expect(buyer.chat.log.get_by_text("没网时写的", exact=True)).to_have_count(1)
