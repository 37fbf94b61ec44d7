"""axe-core over every page of the desk, light and dark, wide and on a phone: nothing serious."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.settings import Settings
from tests.browser.conftest import Site
from tests.browser.desk import PASSWORD, Asked, DeskPage, order, seen, talk
from tests.browser.showcase import showing
from tests.browser.test_accessible import faults, opened
from tests.support.house import ROOT

pytestmark = pytest.mark.browser

LOOKS = [
    ((375, 812), "light"),
    ((375, 812), "dark"),
    ((1280, 800), "light"),
    ((1280, 800), "dark"),
]
PAGES = (
    "快捷短语",
    "同事和邀请",
    "声音和通知",
    "快捷键",
    "登录的地方",
    "操作记录",
    "查看记录",
    "店铺资料",
    "管店",
    "订单",
    "叫我的备注",
    "承诺",
    "教机器人",
)


@pytest.fixture
async def house(tmp_path: Path, settings: Settings, seeded: Path) -> AsyncIterator[Site]:
    async with showing(settings, seeded, tmp_path, desk_password=PASSWORD) as site:
        yield site


async def serious(page: Page, state: str) -> list[str]:
    return [one for one in await faults(page, state) if ": moderate" not in one]


def test_no_page_of_the_desk_is_left_out() -> None:
    listed = (ROOT / "web/src/desk/commands.ts").read_text(encoding="utf-8")
    assert set(re.findall(r'\{ name: "\w+", label: "([^"]+)"', listed)) == set(PAGES)


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=[f"{w}-{s}" for (w, _), s in LOOKS])
async def test_axe_finds_nothing_serious_on_the_desk(
    browser: Browser, house: Site, size: tuple[int, int], scheme: str
) -> None:
    talked = await talk(house, "能便宜点吗", "有蓝色的吗", "我的地址是杭州市文三路88号")
    await talk(house, "转人工", buyer_id="visitor:0002", taken_by="")
    await order(house)
    page = await opened(browser, size, color_scheme=scheme)
    desk, asked = DeskPage(page, house), Asked(page)
    found: list[str] = []
    await page.goto(house.address + "/desk")
    await expect(page.get_by_label("账号")).to_be_visible()
    found += await serious(page, "sign-in")
    await page.goto(house.address + "/desk#join=abc")
    await page.reload()
    await expect(page.get_by_label("称呼")).to_be_visible()
    found += await serious(page, "join")
    await desk.sign_in()
    await page.get_by_role("button", name="全部").click()
    await expect(page.locator(".desk-entry").first).to_be_visible()
    found += await serious(page, "list")
    await seen(page, f"list-{scheme}")
    for name in PAGES:
        dialog = await desk.to_page(name)
        await expect(dialog.get_by_role("heading").first).to_be_visible()
        await asked.answered()
        found += await serious(page, name)
        await page.keyboard.press("Escape")
    await desk.open(talked)
    await expect(desk.log).to_contain_text("有蓝色的吗")
    found += await serious(page, "talk")
    await seen(page, f"talk-{scheme}")
    await page.keyboard.press("Control+K")
    await expect(page.get_by_role("combobox", name="要办什么")).to_be_visible()
    await asked.answered()
    found += await serious(page, "commands")
    await page.keyboard.press("Escape")
    panel = await desk.beside()
    await panel.locator("summary").nth(1).click()
    found += await serious(page, "beside")
    await seen(page, f"beside-{scheme}")
    for name in ("改价", "改地址", "送券", "记资料"):
        await panel.get_by_role("button", name=name).first.click()
        await expect(desk.question).to_be_visible()
        found += await serious(page, name)
        await page.keyboard.press("Escape")
        await expect(desk.question).to_have_count(0)
    wide: Any = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    await page.context.close()
    assert wide <= 0
    assert not found, "\n".join(found)
