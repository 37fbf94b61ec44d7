"""A house on a port of its own whose bot shows every kind of answer when its name is said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.dialogue.outcome import Outcome
from bot.engine.turns import Button, Payload, Reply, Said, Speaker, TurnResult, Understood
from bot.settings import Reading, Settings
from tests.browser.conftest import Site
from tests.house.scripted import ScriptedEngine
from tests.support.house import copied_database, settings_in

_PICTURE = "/pictures/boot-qiyun.svg"
_LINE = {
    "name": "栖云徒步鞋",
    "colour": "曜石黑",
    "size": "39",
    "quantity": 2,
    "price_text": "¥469",
    "picture": _PICTURE,
}
CARDS: dict[str, dict[str, Any]] = {
    "看商品": {
        "type": "product",
        "product_id": "boot-qiyun",
        "name": "栖云徒步鞋",
        "price_text": "¥469",
        "list_price_text": "¥599",
        "picture": _PICTURE,
        "page": "/p/boot-qiyun",
        "reason": "防水，走一天不累脚",
        "has_sizes": True,
        "tags": ["徒步", "防水"],
    },
    "看订单": {
        "type": "order",
        "number": "6802000000009999",
        "status": "awaiting_payment",
        "status_text": "待付款",
        "lines": [_LINE],
        "goods_text": "¥938",
        "postage_text": "包邮",
        "savings": [{"title": "满300减30", "off_text": "-¥30"}],
        "total_text": "¥908",
        "gift": "登山袜一双",
        "receiver_text": "张小敏 138****5678 浙江省杭州市西湖区文三路100号2单元301",
        "note": "周末送",
        "pay_url": "/pay/6802000000009999",
    },
    "看尺码": {
        "type": "size_chart",
        "name": "栖云徒步鞋",
        "columns": ["尺码", "脚长（毫米）", "脚宽（毫米）"],
        "rows": [[str(size), f"{size * 5 + 45}", f"{size + 52}"] for size in range(36, 46)],
        "highlight": 5,
        "note": "脚背高的选大一码",
    },
    "看物流": {
        "type": "parcel",
        "courier": "顺丰",
        "tracking_number": "SF1234567890123",
        "state_text": "运输中",
        "due_text": "预计明天到",
        "events": [
            {"time_text": f"11月2{day}日 08:12", "text": "到达杭州转运中心"}
            for day in range(5, 0, -1)
        ],
    },
    "看优惠券": {
        "type": "coupon",
        "title": "20元券",
        "condition_text": "满199元可用",
        "until_text": "12月31日前有效",
        "code": "HIKE20",
    },
    "看售后": {
        "type": "return",
        "case_id": "R202611290001",
        "name": "栖云徒步鞋",
        "status_text": "等您寄回",
        "remedy_text": "退货退款",
        "refund_text": "¥469",
        "send_to": "浙江省杭州市余杭区仓前街道1号",
    },
}
BUTTONS = ("对，提交订单", "要改一下", "先不要了")


class ShowingEngine(ScriptedEngine):
    """Answers as `script` says, and then 看商品 by a card of goods, and so on; 选一个 by buttons; 谢谢 by a courtesy; anything
    else by echo."""

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        if self.script:
            return await self.script.popleft()(said)
        text = said[-1].text
        if text == "选一个":
            intents = ("affirm", "inform", "inform")
            buttons = tuple(
                Button(title=title, payload=Payload(intent=intent))
                for title, intent in zip(BUTTONS, intents, strict=True)
            )
            return _turn(said, Reply(text="这样对吗？", buttons=buttons))
        if text in CARDS:
            return _turn(said, Reply(text="您看看这个："), Reply(card=CARDS[text]))
        if text == "长一点":
            return _turn(said, Reply(text="山里的早晨很凉，记得带一件外套。" * 24))
        outcome = Outcome.COURTESY if text == "谢谢" else Outcome.ANSWERED
        return _turn(said, Reply(text=f"听到:{text}"), outcome=outcome)


def _turn(said: Sequence[Said], *replies: Reply, outcome: Outcome = Outcome.ANSWERED) -> TurnResult:
    understood = Understood(
        text=said[-1].text,
        intent="stock_check",  # after which something is asked next
        confidence=1.0,
        entities=(),
        ranking=(("stock_check", 1.0),),
        outcome=outcome.value,
    )
    return TurnResult(replies=replies, understood=(understood,), memory="")


@asynccontextmanager
async def shops_page(house: Site) -> AsyncIterator[str]:
    """A page of the shop's own, at another origin; it stays when the house is away."""
    tag = f'<script src="{house.address}/widget.js" data-shop="demo" async></script>'
    head = '<meta name="viewport" content="width=device-width, initial-scale=1"><title>店</title>'

    async def shown(_: web.Request) -> web.Response:
        text = f'<!doctype html><html lang="zh">{head}<h1>店</h1>{tag}'
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", shown)
    async with TestServer(app, host="localhost") as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def showing(
    settings: Settings, seeded: Path, folder: Path, **changed: Any
) -> AsyncIterator[Site]:
    own = settings_in(folder, settings)
    quick = Reading(burst_wait_s=0.02, longest_wait_s=0.2)
    own = replace(own, shop=replace(own.shop, reading=quick), **changed)
    copied_database(seeded, folder).close()
    site = Site(own, folder / "house.db", ShowingEngine())
    await site.start()
    try:
        yield site
    finally:
        await site.stop()
