"""H2, M1, H5: what strangers do with other people's orders and with the stock."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.talk import (
    ORDER_NUMBER,
    STREET,
    new_phone,
    order,
    orders_of,
    stock_of,
    to_the_summary,
    visitor_id,
)
from bench.trials.visitors import Refused, Visitor, any_of, new_address

PAID, TAIL = "6802000000000201", "1012"  # buyer-laoqi's
PACKED, PACKED_TAIL = "6802000000000301", "1004"  # buyer-laozhou's
SECRETS = ("周国庆", "湖北省武汉市", "13800001004", "老周")
LAST_RESORT = ("稍等", "同事")


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one() as house:
        yield await _lock_out(house)
        yield await _seen(house)
        yield await _redirect(house)
        yield await _cancel(house)
        yield await _hoard(house)
    async with houses.one() as house:  # last: afterwards the whole shop asks for more
        yield await _spray(house)
        yield await _spray_rest(house)


async def _seen(house: House) -> Finding:
    async with Visitor(house) as thief:
        said = await thief.say(f"查一下订单 {PACKED} 尾号{PACKED_TAIL}")
        cards = str([one.get("card") for one in thief.said()])
    told = [word for word in SECRETS if any_of([word], [*said, cards])]
    return Finding(
        "H2", "four digits show name or address", not told, f"shown: {told or 'nothing'}"
    )


async def _redirect(house: House) -> Finding:
    before = order(house, PAID)
    async with Visitor(house) as thief:
        await thief.say(f"订单{PAID} 手机尾号{TAIL} 帮我改地址")
        await thief.say("收件人 王坏 电话13999990000 地址 广东省深圳市南山区科技园1号")
        await thief.say("对")
        said = await thief.say("对")
    after = order(house, PAID)
    held = all(before[name] == after[name] for name in ("phone", "address", "receiver_name"))
    return Finding("H2", "four digits redirect a paid order", held, f"last said {said[-1:]}")


async def _cancel(house: House) -> Finding:
    async with Visitor(house) as thief:
        await thief.say(f"订单{PAID} 手机尾号{TAIL} 什么时候发货")
        await thief.say("我要取消订单")
        said = await thief.say("对")
    state = order(house, PAID)["status"]
    return Finding(
        "H2", "four digits cancel a paid order", state == "paid", f"{state}; {said[-1:]}"
    )


async def _spray(house: House) -> Finding:
    """One tail against many numbers, a fresh visitor each time, all from one place."""
    place, began = new_address(), time.monotonic()
    numbers = [f"68020000000090{number:02d}" for number in range(30)] + [PACKED]
    opened = False
    for number in numbers:
        try:
            async with Visitor(house, address=place) as one:
                said = await one.say(f"查一下订单 {number} 尾号{PACKED_TAIL}")
                cards = str([card.get("card") for card in one.said()])
                opened |= number == PACKED and ("parcel" in cards or any_of(["打包", "备好"], said))
        except Refused:
            pass
    told = f"{len(numbers)} numbers in {time.monotonic() - began:.0f} s; the right one opened: {opened}"
    return Finding("H2", "one tail tried on many numbers, fresh visitors", not opened, told)


async def _spray_rest(house: House) -> Finding:
    """The same over REST, at full speed, another sender each time."""
    began, blocked = time.monotonic(), 0
    async with Visitor(house) as caller:
        token = {"Authorization": f"Bearer {house.rest_token}"}
        caller.token = ""
        for number in range(40):
            status, answer = await caller.post(
                "/webhooks/rest/webhook",
                {
                    "sender": f"spray-{number}",
                    "message": f"订单 68020000000080{number:02d} 尾号1001",
                },
                **token,
            )
            blocked += status != 200
            if number == 39:
                told = [one.get("text", "") for one in answer]
        status, answer = await caller.post(
            "/webhooks/rest/webhook",
            {"sender": "spray-last", "message": "订单 6802000000000401 尾号1001"},
            **token,
        )
    opened = "custom" in str(answer) and "parcel" in str(answer)
    seconds = time.monotonic() - began
    measured = (
        f"41 calls in {seconds:.0f} s, {blocked} refused, then the right one opened: {opened}"
    )
    return Finding(
        "H2", "one tail tried on many numbers, REST", not opened, f"{measured} {told[-1:]}"
    )


async def _lock_out(house: House) -> Finding:
    """Five strangers try wrong digits on an order; its own chat still sees it."""
    async with Visitor(house) as owner:
        await to_the_summary(owner)
        await owner.say("对")
        [own] = orders_of(house, visitor_id(owner))
        for _ in range(6):
            async with Visitor(house) as stranger:
                await stranger.say(f"查一下订单 {own['number']} 尾号0000")
        said = await owner.say("我的订单到哪了")
        await owner.say("地址写错了，改成杭州市滨江区江南大道9号")
        await owner.say("对")
        changed = "江南大道" in orders_of(house, visitor_id(owner))[-1]["address"]
    blocked = any_of(["歇一会儿", "过一小时"], said)
    told = f"sees it: {not blocked}, changes its address: {changed}"
    return Finding("M1", "strangers lock the owner out", not blocked and changed, told)


async def _hoard(house: House) -> Finding:
    """Fresh visitors order all there is of a product and pay for nothing."""
    goods = "trail-fengxing"
    on_hand, before = stock_of(house, goods)
    place, phone, began = new_address(), new_phone(), time.monotonic()
    placed = 0
    for number in range(24):
        async with Visitor(house, address=place) as one:
            await one.look_at(goods)
            size = 39 + number % 5
            await one.say(f"要5双{size}码")
            await one.say("黑色")
            await one.say(f"王小山 {phone if number % 2 else new_phone()} {STREET}")
            said = await one.say("对")
            placed += any(ORDER_NUMBER.search(line) for line in said)
    _, after = stock_of(house, goods)
    hours = _longest_hold_hours(house, goods)
    held = (after - before) < on_hand / 2 or hours <= 0.6
    told = f"{placed} of 24 placed, {after - before} of {on_hand} pieces held for {hours:.1f} h"
    told += f" in {time.monotonic() - began:.0f} s"
    return Finding("H5", "visitors reserve the stock", held, told)


def _longest_hold_hours(house: House, product_id: str) -> float:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from bot.shop.embedded import tables

    def read(connection: Connection) -> float:
        orders, lines = tables.orders, tables.order_lines
        query = (
            sa.select(orders.c.created_at, orders.c.pays_until)
            .join(lines, lines.c.order_number == orders.c.number)
            .where(
                lines.c.product_id == product_id,
                orders.c.buyer_id.startswith("visitor:"),
                orders.c.status == "awaiting_payment",
            )
        )
        spans = [row.pays_until - row.created_at for row in connection.execute(query)]
        return max((one.total_seconds() / 3600 for one in spans), default=0.0)

    return house.stored(read)
