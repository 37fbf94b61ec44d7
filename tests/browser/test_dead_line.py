"""A line that carries nothing more and says nothing of it, in Chromium, behind a proxy of our own that
swallows bytes: both sides notice within 25 seconds, and what was written goes out once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.channels import socket as socket_door
from bot.channels.keys import CONVERSATIONS
from bot.channels.socket import SOCKETS
from bot.settings import Settings
from tests.browser.chat import ChatPage
from tests.browser.conftest import Site, somebody
from tests.browser.showcase import showing
from tests.browser.swallowing import SwallowingProxy, swallowing
from tests.support.waiting import until

pytestmark = pytest.mark.browser

NOTICED_WITHIN_MS, LOOKED_AT_WITHIN_MS = 25_000, 8_000  # of the page's own clock, which tests turn
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

    async def agent_says(self, text: str) -> None:
        assert self.site.app is not None
        await self.site.app[CONVERSATIONS].say_as_agent(
            self.conversation_id, "小李", f"agent-{text}", text
        )

    def is_open_at_the_server(self) -> bool:
        """Whether it still holds the line that carries nothing any more."""
        assert self.site.app is not None
        requests = list(self.site.app[SOCKETS].values())
        ends = [one.transport.get_extra_info("peername") for one in requests if one.transport]
        return any(end[1] in self.proxy.swallowed_ports for end in ends if end)


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
        manager = swallowing(int(self._site.address.rpartition(":")[2]))
        proxy = await manager.__aenter__()
        self._proxies.append((proxy, manager))
        page = await (await somebody(self._browser)).new_page()
        self._pages.append(page)
        await page.clock.install()
        if script:
            await page.add_init_script(script)
        chat = ChatPage(page, proxy.address)
        await chat.open()
        await chat.say(f"我是{name}")
        await chat.expect_said(f"听到:我是{name}", times=1)
        token = await page.evaluate("localStorage.getItem('dianxiaoer.token')")
        session = await page.request.post(
            f"{self._site.address}/api/chat/session", data={"token": token}
        )
        return Buyer(page, chat, proxy, self._site, (await session.json())["conversation_id"])

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


async def test_both_sides_notice_a_line_that_swallows_everything(
    buyers: Buyers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its control: without ping on either side the agent's words are not seen."""
    waiting = await buyers.one("甲")
    writing = await buyers.one("乙")
    monkeypatch.setattr(socket_door, "_HEARTBEAT_S", None)
    unasked = await buyers.one("丙", script=WITHOUT_PING)
    monkeypatch.undo()
    everybody = (waiting, writing, unasked)
    for buyer in everybody:
        buyer.proxy.swallow()
        assert buyer.is_open_at_the_server()
    await writing.chat.say("断线时写的")
    for buyer in (waiting, unasked):
        await buyer.agent_says("我来帮您看")

    await asyncio.gather(*(one.page.clock.run_for(NOTICED_WITHIN_MS) for one in everybody))

    await waiting.chat.expect_said("我来帮您看", times=1)
    await writing.chat.expect_said("听到:断线时写的", times=1)
    assert waiting.proxy.swallowed_bytes > 0
    await until(lambda: not waiting.is_open_at_the_server())
    assert unasked.is_open_at_the_server()
    await expect(unasked.chat.log.get_by_text("我来帮您看")).to_have_count(0)
    for buyer, text in ((writing, "断线时写的"), (writing, "听到:断线时写的")):
        await expect(buyer.chat.log.get_by_text(text, exact=True)).to_have_count(1)
    assert writing.site.app is not None
    said = await writing.site.app[CONVERSATIONS].history(writing.conversation_id)
    assert [one.text for one in said].count("断线时写的") == 1
    assert [one.text for one in said].count("听到:断线时写的") == 1


def test_the_server_asks_soon_enough() -> None:
    """Half of its heartbeat is how long it waits for the answer."""
    assert socket_door._HEARTBEAT_S * 1.5 * 1000 <= NOTICED_WITHIN_MS


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
    await buyer.page.clock.run_for(LOOKED_AT_WITHIN_MS)
    await buyer.chat.expect_said("刚才回您了", times=1)


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
