"""People are told outside the browser: who waits, whom nobody took, that the bot is in trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.alert_settings import AlertKind, AlertPlan, AlertTarget
from bot.channels import keys
from bot.desk.alerts import Alerts
from bot.engine.turns import HandOver
from bot.handing_over import HandOverReason
from bot.outgoing.tables import outgoing
from bot.settings import SettingsError, read_shop_settings
from tests.house.desk.conftest import SitDown, waiting
from tests.house.scripted import result
from tests.house.server import Server
from tests.support.house import ROOT, Clock
from tests.support.waiting import until

TARGET = AlertTarget(kind=AlertKind.WECOM, url="https://qyapi.example/send?key=k")


class Told:
    def __init__(self, server: Server, clock: Clock, ailing: Sequence[str] = ()) -> None:
        self.server, self.ailing = server, list(ailing)
        self.alerts = Alerts(
            database=server.database,
            plan=AlertPlan(targets={"群": TARGET}, page="https://shop.example/desk"),
            clock=clock,
            are_in_hours=server.settings.shop.hours.are_open,
            ailing=lambda: self.ailing,
        )

    async def now(self) -> list[str]:
        """What is told that was not told before."""
        known = len(await self.all())
        await self.alerts.look()
        return [str(body["text"]) for body in (await self.all())[known:]]

    async def all(self) -> list[dict[str, Any]]:
        query = sa.select(outgoing.c.body).order_by(outgoing.c.delivery_id)
        return await self.server.database.read(lambda c: list(c.execute(query).scalars()))


@pytest.fixture
async def told(server: Server, clock: Clock) -> AsyncIterator[Told]:
    yield Told(server, clock)


async def test_that_somebody_waits_is_told_once(
    server: Server, told: Told, sit_down: SitDown
) -> None:
    assert await told.now() == []
    talk = await waiting(server)
    (text,) = await told.now()
    assert text == (
        "【客服台】1 位买家在等人工。原因：买家要找人工 1 位。\nhttps://shop.example/desk"
    )
    assert await told.now() == []
    await (await sit_down("小李")).at(talk, "take")
    assert await told.now() == []


async def test_many_who_wait_are_one_message(server: Server, told: Told, clock: Clock) -> None:
    await waiting(server)
    clock.forward(timedelta(minutes=1))
    await waiting(server, HandOverReason.ANGER)
    (text,) = await told.now()
    assert text.startswith("【客服台】2 位买家在等人工，最久的等了 1 分钟。")


async def test_whom_nobody_took_is_told_once_more(server: Server, told: Told, clock: Clock) -> None:
    await waiting(server)
    await told.now()
    clock.forward(timedelta(minutes=3))
    (text,) = await told.now()
    assert text.startswith("【客服台】1 位买家等了 3 分钟还没有人接")
    clock.forward(timedelta(minutes=3))
    assert await told.now() == []


async def test_nothing_of_a_buyer_leaves_the_house(server: Server, told: Told) -> None:
    opened = await server.session(token=await server.buyer_token())
    server.engine.then(
        result("马上", hand_over=HandOver(reason=HandOverReason.MONEY, note="李雷13800138000"))
    )
    await server.receive(opened["conversation_id"], "我叫李雷，电话13800138000，多扣了钱")
    await server.app[keys.TURNS].answer(opened["conversation_id"])
    await told.now()
    said = str(await told.all())
    conversation = await server.app[keys.CONVERSATIONS].find(opened["conversation_id"])
    for private in (
        "李雷",
        "13800138000",
        "多扣",
        opened["conversation_id"],
        conversation.buyer_id,
    ):
        assert private not in said


async def test_at_night_only_what_cannot_wait_is_told(
    server: Server, told: Told, clock: Clock
) -> None:
    clock.forward(timedelta(hours=11, minutes=30))  # 23:40
    await waiting(server)
    assert await told.now() == []
    await waiting(server, HandOverReason.SAFETY)
    (text,) = await told.now()
    assert "人可能受伤" in text
    clock.forward(timedelta(hours=11))  # the people are back
    assert any("2 位买家在等人工" in text for text in await told.now())


async def test_trouble_of_the_bot_is_told(server: Server, told: Told, clock: Clock) -> None:
    opened = await server.session()
    server.engine.then_raise(RuntimeError("broken"))
    await server.receive(opened["conversation_id"], "在吗")
    await server.app[keys.TURNS].answer(opened["conversation_id"])
    assert any("机器人出了问题：1 段会话" in text for text in await told.now())
    assert await told.now() == []
    told.ailing = ["turns"]
    assert any("后台任务反复失败：turns" in text for text in await told.now())
    assert await told.now() == []
    clock.forward(timedelta(minutes=10))
    assert any("后台任务反复失败" in text for text in await told.now())


async def test_a_house_that_was_restarted_tells_nothing_twice(
    server: Server, told: Told, clock: Clock
) -> None:
    await waiting(server)
    assert len(await told.now()) == 1
    assert await Told(server, clock).now() == []


async def test_the_running_house_looks_by_itself(open_server: Callable[..., Any]) -> None:
    server = await open_server()
    shop = replace(server.settings.shop, alerts=AlertPlan(targets={"群": TARGET}))
    server = await open_server(shop=shop)
    await waiting(server)
    query = sa.select(sa.func.count()).select_from(outgoing)

    async def is_told() -> bool:
        return bool(await server.database.read(lambda c: c.execute(query).scalar()))

    await until(is_told)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("    群: {kind: qq, url: 'https://x.example'}", "dingtalk"),
        ("    群: {kind: dingtalk, url: 'https://x.example'}", "secret"),
        ("    群: {kind: wecom, url: 'http://x.example'}", "https://"),
        ("    群: {kind: wecom, url: 'https://x.example', sekret: a}", "secret"),
    ],
)
def test_a_mistake_in_the_settings_names_its_line(tmp_path: Path, lines: str, told: str) -> None:
    text = (ROOT / "shop" / "settings.yml").read_text(encoding="utf-8")
    file = tmp_path / "settings.yml"
    file.write_text(f"{text}\nalerts:\n  targets:\n{lines}\n", encoding="utf-8")
    line = len(file.read_text(encoding="utf-8").splitlines())
    with pytest.raises(SettingsError, match=f"settings.yml:{line}: .*{told}"):
        read_shop_settings(file)
