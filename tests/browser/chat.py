"""The chat page as a buyer's hands and eyes know it."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect


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
        """Waits until the shop's side has spoken after the buyer's last line."""
        await expect(self.log.locator(".dx-mine ~ .dx-row:not(.dx-mine)").first).to_be_visible()

    async def press(self, title: str) -> None:
        await self.log.get_by_role("button", name=title).last.click()
