"""`python -m bench.desk_hour`: how many requests an agent's hour at the desk takes, counted in Chromium.

The real page on an echoing house: it is opened, looks on for a while, and an agent takes talks that
wait, answers each with so many lines as a hand types them, and ends it. Counted are the requests to
/api/desk; the socket is one of them, its frames are not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientSession
from playwright.async_api import Page, Request, async_playwright, expect

from bench.desk_load import filled, opened, signed_in
from bench.servers import ROOT, free_port
from bot.database import Database, upgrade
from bot.desk.who import COOKIE

_LINES, _TALKS_AN_HOUR = 4, 20
_KEY_MS = 60.0
LINE = "您好，这款有货，今天下单明天就能发出"


@dataclass
class Counted:
    opening: int = 0
    quiet: int = 0
    quiet_s: float = 0.0
    a_talk: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)  # of the talks

    def told(self) -> str:
        talk = sum(self.a_talk) / len(self.a_talk)
        minute = self.quiet * 60 / self.quiet_s
        kinds = ", ".join(f"{name} {count}" for name, count in self.kinds.most_common())
        return (
            f"opening the desk: {self.opening}; looking on: {minute:.1f} a minute; "
            f"a talk of {_LINES} lines: {talk:.1f}\n"
            f"an hour of {_TALKS_AN_HOUR} talks: {minute * 60 + talk * _TALKS_AN_HOUR:.0f}\n{kinds}"
        )


async def one_talk(page: Page) -> None:
    await page.get_by_role("button", name="等人工").first.click()
    await page.locator(".desk-list li button").first.click()
    await page.get_by_role("button", name="接入", exact=True).click()
    for _ in range(_LINES):
        lines = await page.locator(".dx-log [data-seq]").count()
        await page.get_by_label("输入消息").press_sequentially(LINE, delay=_KEY_MS)
        await page.keyboard.press("Enter")
        await expect(page.locator(".dx-log [data-seq]")).not_to_have_count(lines)
    await page.get_by_role("button", name="结束", exact=True).click()
    await page.get_by_role("button", name="再按一次结束").click()
    await page.wait_for_timeout(1500)  # what is told a moment later


async def played(house: str, cookie: str, talks: int, quiet_s: float) -> Counted:
    counted, asked = Counted(), list[str]()

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith("/api/desk"):
            parts = path.split("/")[3:]
            asked.append(f"{request.method} {parts[-1] if len(parts) != 2 else parts[0]}")

    async with async_playwright() as player:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = await player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        await context.add_cookies([{"name": COOKIE, "value": cookie, "url": f"{house}/api/desk/"}])
        page = await context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", note)
        await page.goto(f"{house}/desk")
        await expect(page.locator(".desk-list li").first).to_be_visible()
        await page.wait_for_timeout(2000)
        counted.opening = len(asked)
        asked.clear()
        await page.wait_for_timeout(quiet_s * 1000)
        counted.quiet, counted.quiet_s = len(asked), quiet_s
        for _ in range(talks):
            asked.clear()
            await one_talk(page)
            counted.a_talk.append(len(asked))
            counted.kinds.update(asked)
        await browser.close()
    return counted


async def measured(talks: int, quiet_s: float, folder: Path) -> Counted:
    port, url = free_port(), f"sqlite:///{folder / 'house.db'}"
    environ = {**os.environ, "DIANXIAOER_VAR": str(folder), "DATABASE_URL": url, "PORT": str(port)}
    database = Database(url)
    upgrade(database)
    filled(database, 100, 1)
    cookies = signed_in(database, 1)
    database.close()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.echo", cwd=ROOT, env=environ, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        house = f"http://127.0.0.1:{port}"
        async with ClientSession() as session:
            await opened(session, house)
        return await played(house, cookies[0], talks, quiet_s)
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 20)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--talks", type=int, default=5)
    options.add_argument("--quiet-s", type=float, default=60.0)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(measured(chosen.talks, chosen.quiet_s, Path(folder))).told())


if __name__ == "__main__":
    main()
