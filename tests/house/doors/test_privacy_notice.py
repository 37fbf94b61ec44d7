"""Buyers are told what is kept of them: a line in the chat, and a page that says what is so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import privacy_notice
from bot.settings import SettingsError, ShopSettings, read_shop_settings
from bot.shop_settings import Privacy
from tests.house.server import Server
from tests.house.settings.test_shop_settings import GOOD, written
from tests.support.house import ROOT


@pytest.fixture
def plain_shop(tmp_path: Path) -> ShopSettings:
    """A shop whose file says nothing of privacy or retention."""
    head, _, _ = GOOD.partition("# 聊天框里的隐私提示")
    return read_shop_settings(written(tmp_path, head))


async def test_the_chat_is_told_the_line_and_where_to_read_more(server: Server) -> None:
    told = (await server.session())["shop"]["privacy"]
    assert told == {"text": "聊天内容保存180天，只用来为您服务。", "url": "/privacy"}


async def test_the_page_says_what_who_how_long_and_how_to_ask(server: Server) -> None:
    answer = await server.client.get("/privacy")
    text = await answer.text()
    assert (
        answer.status == 200 and "default-src 'self'" in answer.headers["Content-Security-Policy"]
    )
    for told in ("存了什么", "谁能看到", "180 天", "导出", "删除", server.settings.shop.name):
        assert told in text


def test_the_times_on_the_page_are_those_of_the_sweep(plain_shop: ShopSettings) -> None:
    changed = replace(
        plain_shop, retention=replace(plain_shop.retention, conversations=timedelta(days=33))
    )
    assert "33 天" in privacy_notice.page(changed)
    assert "33天" in privacy_notice.line(changed)


def test_a_shop_that_says_nothing_has_the_usual_words(plain_shop: ShopSettings) -> None:
    assert privacy_notice.line(plain_shop) == "聊天内容保存180天，只用来为您服务。"
    assert privacy_notice.link(plain_shop) == "/privacy"


def test_the_shops_own_words_are_text_and_no_markup(plain_shop: ShopSettings) -> None:
    own = Privacy(notice="{shop}很守规矩", page="https://a.example/p", contact="<b>打 95000</b>")
    shop = replace(plain_shop, privacy=own)
    assert privacy_notice.line(shop) == f"{shop.name}很守规矩"
    assert privacy_notice.link(shop) == "https://a.example/p"
    assert "&lt;b&gt;打 95000&lt;/b&gt;" in privacy_notice.page(shop)


@pytest.mark.parametrize(
    ("key", "value", "advice"),
    [
        ("notice", "字" * 41, "最多 40 个字"),
        ("notice", "留{weeks}周", "{days}"),
        ("page", "javascript:alert(1)", "https://"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, key: str, value: str, advice: str) -> None:
    notice = next(line for line in GOOD.splitlines() if line.startswith("  notice: "))
    path = written(tmp_path, GOOD.replace(notice, f'  {key}: "{value}"'))
    with pytest.raises(SettingsError, match=f"privacy.{key}") as mistake:
        read_shop_settings(path)
    assert advice in str(mistake.value)


def test_the_demo_shop_has_its_line() -> None:
    assert read_shop_settings(ROOT / "shop" / "settings.yml").privacy.notice
