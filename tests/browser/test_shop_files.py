"""An owner imports at the desk, in Chromium: files, plan, press."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.channels.keys import DATABASE
from bot.shop.importing import plan
from tests.browser.conftest import Site
from tests.browser.desk import DeskPage

pytestmark = pytest.mark.browser

GOODS = "编号,名称,价格,口味,库存,配料\nnut,夏威夷果,{price},奶油味,12 件,夏威夷果仁\n"


async def test_an_owner_sees_the_plan_and_imports(page: Page, site: Site) -> None:
    await page.goto(site.address + "/desk")
    await page.get_by_label("账号").fill("admin")
    await page.get_by_label("密码").fill("a-long-password")
    await page.get_by_role("button", name="登录").click()
    box = await DeskPage(page, site).to_page("店铺资料")

    await _choose(page, price="面议")
    await expect(box.get_by_role("alert")).to_contain_text("商品.csv:2 价格: “面议”不是金额")
    await _choose(page, price="￥29.90")
    await expect(box).to_contain_text("商品：新增 1")
    await expect(box).to_contain_text("本店自己的资料，照原样留着：口味、配料")
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    await box.get_by_role("button", name="导入", exact=True).click()
    await expect(box.get_by_role("status")).to_contain_text("已导入")
    assert site.app is not None
    held = await site.app[DATABASE].read(plan.snapshot)
    assert held["products"]["nut"]["price_fen"] == 2990


async def _choose(page: Page, *, price: str) -> None:
    content = GOODS.format(price=price).encode("gb18030")
    file = {"name": "商品.csv", "mimeType": "text/csv", "buffer": content}
    await page.get_by_label("选文件").set_input_files(file)  # type: ignore[arg-type]
