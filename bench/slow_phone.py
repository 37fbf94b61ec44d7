"""`python -m bench.slow_phone`: bytes, requests and time to the first bubble on a slow phone.

    python -m bench.slow_phone [--web FOLDER] [--times 5]

Chromium with a processor four times slower and a 3G line (400 kbit/s, 400 ms there and back), by the
DevTools protocol, opens a page of another origin that carries the chat's tag, waits for the button,
presses it and waits for the first bubble. No cache; medians. `--web`: the built web part of another
commit, served by today's house, to be compared with.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, async_playwright

from bench.replay.playing import seed_shop
from bot.settings import Settings, read_settings
from tests.browser.conftest import VIEWPORTS
from tests.browser.showcase import showing
from tests.support.house import ROOT

SLOWER = 4
KBITS, ROUND_TRIP_MS = 400, 400
_LINE = {
    "offline": False,
    "latency": ROUND_TRIP_MS,
    "downloadThroughput": KBITS * 1024 / 8,
    "uploadThroughput": KBITS * 1024 / 8,
}


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One opening: what came from the house until the button, and until the first bubble."""

    button_ms: float  # since the page was asked for
    button_bytes: int
    button_requests: int
    bubble_ms: float  # since the press
    bubble_bytes: int
    bubble_requests: int


async def opened(browser: Browser, house: str, address: str) -> Opened:
    context = await browser.new_context(viewport=VIEWPORTS["phone"], has_touch=True)  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(60_000)
    devtools = await context.new_cdp_session(page)
    ours: dict[str, int] = {}  # request → bytes as sent

    def asked(event: Any) -> None:
        if event["request"]["url"].startswith(house):
            ours[event["requestId"]] = 0

    def came(event: Any) -> None:
        if event["requestId"] in ours:
            ours[event["requestId"]] = int(event["encodedDataLength"])

    devtools.on("Network.requestWillBeSent", asked)
    devtools.on("Network.loadingFinished", came)
    await devtools.send("Network.enable")
    await devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await devtools.send("Network.emulateNetworkConditions", _LINE)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(address, wait_until="commit")
    button = page.locator("button.dx-launcher")
    await button.wait_for()
    at_button = float(await page.evaluate("performance.now()"))
    first = dict(ours)
    await button.evaluate("button => { window.pressed = performance.now(); button.click(); }")
    await page.locator(".dx-bubble").first.wait_for()
    bubble_ms = float(await page.evaluate("performance.now() - window.pressed"))
    await page.wait_for_timeout(500)  # sizes are told a little later
    found = Opened(
        button_ms=at_button,
        button_bytes=sum(ours[one] for one in first),
        button_requests=len(first),
        bubble_ms=bubble_ms,
        bubble_bytes=sum(ours.values()),
        bubble_requests=len(ours),
    )
    await context.close()
    return found


def table(found: Sequence[Opened]) -> str:
    def middle(name: str) -> float:
        return statistics.median(float(getattr(one, name)) for one in found)

    return (
        f"until the button:       {middle('button_bytes') / 1024:6.1f} KB"
        f"{middle('button_requests'):4.0f} requests{middle('button_ms') / 1000:8.2f} s\n"
        f"until the first bubble: {middle('bubble_bytes') / 1024:6.1f} KB"
        f"{middle('bubble_requests'):4.0f} requests{middle('bubble_ms') / 1000:8.2f} s after the press"
    )


async def _host(house: str) -> tuple[web.AppRunner, str]:
    """A shop's own page, of another origin, with the tag and nothing else."""

    async def page(_: web.Request) -> web.Response:
        text = (
            "<!doctype html><meta name=viewport content='width=device-width'><h1>小店</h1>"
            f"<script src='{house}/widget.js' data-shop='demo' async></script>"
        )
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0).start()
    return runner, f"http://localhost:{runner.addresses[0][1]}/"


async def _run(settings: Settings, folder: Path, times: int) -> list[Opened]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    seeded = await seed_shop(folder, settings)
    async with showing(settings, seeded, folder) as site, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        host, address = await _host(site.address)
        try:
            return [await opened(browser, site.address, address) for _ in range(times)]
        finally:
            await host.cleanup()
            await browser.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.slow_phone", description=__doc__)
    parser.add_argument("--web", type=Path, default=ROOT / "web" / "dist")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-slow-") as name:
        folder = Path(name)
        settings = read_settings(ROOT, {"DIANXIAOER_VAR": str(folder / "var"), "PORT": "0"})
        settings = replace(settings, web=options.web.resolve())
        print(table(asyncio.run(_run(settings, folder, options.times))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
