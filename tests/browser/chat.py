"""The chat page as a buyer's hands and eyes know it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from playwright.async_api import Locator, Page, expect


async def stop_time(page: Page) -> None:
    """What the page shows for some seconds only stays, until `page.clock.resume()`. The page's clock
    was taken over (`page.clock.install()`) before it was opened."""
    now: float = await page.evaluate("Date.now()")
    later = datetime.fromtimestamp(now / 1000, timezone.utc) + timedelta(minutes=5)
    await page.clock.pause_at(later)


class ChatPage:
    def __init__(self, page: Page, address: str) -> None:
        self.page, self._address = page, address

    async def open(self, path: str = "/") -> None:
        await self.page.goto(self._address + path)
        launcher = self.page.get_by_role("button", name="联系客服")
        await launcher.click()
        await expect(self.field).to_be_visible()

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("输入消息")

    @property
    def log(self) -> Locator:
        return self.page.locator(".dx-log")

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def expect_said(self, text: str, *, times: int | None = None) -> None:
        """Waits until the log holds the text."""
        found = self.log.get_by_text(text)
        if times is None:
            await expect(found.first).to_be_visible()
        else:
            await expect(found).to_have_count(times)

    async def expect_answered(self) -> None:
        """Waits until all that the buyer has said is stored, and the shop's side has spoken since."""
        await expect(self.log.locator(".dx-log-lines > .dx-mine")).to_have_count(0)
        last = ".dx-log-said > .dx-mine:not(:has(~ .dx-mine))"
        await expect(self.log.locator(f"{last} ~ .dx-row").first).to_be_visible()

    async def press(self, title: str) -> None:
        await self.log.get_by_role("button", name=title).last.click()
