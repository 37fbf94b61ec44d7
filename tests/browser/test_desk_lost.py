"""An agent's page that loses its network for ten minutes: nothing is missing and nothing is said twice.

In CI the ten minutes are a few seconds; `LOST_NETWORK_S=600 pytest tests/browser/test_desk_lost.py` takes
them for real (the figure stands in docs/benchmarks.md).
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.channels.keys import CONVERSATIONS
from bot.conversations.messages import Incoming
from bot.desk import live
from bot.desk.who import ACCOUNTS
from bot.settings import Settings
from tests.browser.conftest import VIEWPORTS, Site
from tests.browser.desk import PASSWORD, Asked, DeskPage, talk
from tests.browser.showcase import showing
from tests.browser.swallowing import swallowing

pytestmark = pytest.mark.browser

LOST_FOR_S = float(os.environ.get("LOST_NETWORK_S", "2"))
_MEANWHILE = 250  # lines: more than one page of a talk's history


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        yield site


@pytest.fixture
async def desktop(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=VIEWPORTS["desktop"], locale="zh-CN")  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(30_000)
    yield page
    await context.close()


async def seqs(page: Page) -> list[int]:
    rows = page.locator(".dx-log [data-seq]")
    return [int(str(await one.get_attribute("data-seq"))) for one in await rows.all()]


@pytest.mark.timeout(LOST_FOR_S + 300)
async def test_ten_minutes_without_a_network(desktop: Page, house: Site) -> None:
    assert house.app is not None
    conversations = house.app[CONVERSATIONS]
    desk = DeskPage(desktop, house)
    mine = await talk(house, "在吗", "有39码吗")
    await desk.sign_in()
    await desk.open(mine)
    await expect(desk.log).to_contain_text("有39码吗")
    await desktop.context.set_offline(True)
    await expect(desktop.locator(".desk-head")).to_contain_text("重连")

    # What the agent does meanwhile stays on the page.
    await desk.field.fill("断网时写的")
    await desk.field.press("Enter")
    again = desk.log.get_by_role("button", name="重发")
    await expect(again).to_be_visible()
    await desk.field.fill("还没写完的")

    # What the others do meanwhile.
    await conversations.requeue(mine, "admin")
    await house.app[ACCOUNTS].set_password("小王", PASSWORD, display_name="王姐")
    await house.app[ACCOUNTS].seen("小王")
    await conversations.take(mine, "小王", "王姐")
    await conversations.say_as_agent(mine, "小王", "w1", "39码有货", shown_name="王姐")
    for number in range(_MEANWHILE):
        line = Incoming(message_id=uuid.uuid4().hex, text=f"第{number}句")
        await conversations.receive(mine, line)
    other = await talk(house, "转人工", buyer_id="visitor:0009", taken_by="小王")
    await conversations.requeue(other, "小王")
    await conversations.receive(other, Incoming(message_id="l2", text="还在吗"))
    await asyncio.sleep(LOST_FOR_S)

    await house.app[ACCOUNTS].seen("admin")
    await desktop.context.set_offline(False)
    last = (await conversations.find(mine)).last_seq
    await expect(desktop.locator(f'.dx-log [data-seq="{last}"]')).to_have_count(1)
    here = await seqs(desktop)
    assert here == list(range(here[0], last + 1))  # no hole, nothing twice
    await desktop.locator(".desk-more").click()
    await expect(desktop.locator('.dx-log [data-seq="1"]')).to_have_count(1)
    assert await seqs(desktop) == list(range(1, last + 1))
    await expect(desk.log.get_by_text("39码有货", exact=True)).to_have_count(1)  # the colleague's
    await expect(desktop.locator(".desk-view-title")).to_contain_text("王姐 正在接待")

    # Who waits is there with a mark, and what was typed is where it was.
    await desktop.get_by_role("button", name="等人工").click()
    entry = desktop.locator(".desk-entry", has_text="0009")
    await expect(entry).to_be_visible()
    await expect(entry.locator(".desk-unread")).to_be_visible()
    await expect(desk.field).to_have_value("还没写完的")

    # Sent by hand once it can be: refused, for a colleague has the talk; so nobody answers twice.
    await again.click()
    await expect(desk.log.locator(".dx-failed-note")).to_contain_text("由别人负责")
    said = await conversations.history(mine, limit=500)
    assert "断网时写的" not in [one.text for one in said]


# Answers the page's own question whether the line lives: as if nobody had asked.
WITHOUT_PING = """
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (text) {
        if (text !== '{"type":"ping"}') return send.call(this, text);
        setTimeout(() => this.onmessage?.({ data: '{"type":"pong"}' }), 5);
    };
"""
# The line is noticed within 25 seconds; then the browser's old connections are given up one by one.
SEEN_WITHIN_S, WATCHED_S = 120.0, 30.0


async def test_a_line_that_swallows_everything_is_noticed(
    browser: Browser, house: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A2 of the trial. With its control: with no ping on either side nobody is seen to wait."""
    pages, asked = {}, {}
    for name in ("asks", "does not"):
        context = await browser.new_context(viewport=VIEWPORTS["desktop"], locale="zh-CN")  # type: ignore[arg-type]
        pages[name] = await context.new_page()
        asked[name] = Asked(pages[name])
    await pages["does not"].add_init_script(WITHOUT_PING)
    monkeypatch.setattr(live, "_HEARTBEAT_S", None)
    async with swallowing(int(house.address.rpartition(":")[2])) as proxy:
        for page in pages.values():
            behind = DeskPage(page, house)
            await behind.sign_in(address=proxy.address)
            await expect(page.locator(".desk-tabs")).to_contain_text("等人工 0")
        # A request that is swallowed is given up and sent again, on a line of its own: it would tell.
        for one in asked.values():
            await one.settled()
        proxy.swallow()
        assert house.app is not None
        await talk(house, "在吗")
        (waits,) = [one for one, _ in await house.app[CONVERSATIONS].held_by("admin")]
        await house.app[CONVERSATIONS].requeue(waits, "admin")
        seen, unseen = await asyncio.gather(
            _is_seen(pages["asks"], SEEN_WITHIN_S), _is_seen(pages["does not"], WATCHED_S)
        )
        assert (seen, unseen) == (True, False)
        for page in pages.values():
            await page.context.close()


async def _is_seen(page: Page, within_s: float) -> bool:
    try:
        tabs = page.locator(".desk-tabs")
        await expect(tabs).to_contain_text("等人工 1", timeout=within_s * 1000)
    except AssertionError:
        return False
    return True
