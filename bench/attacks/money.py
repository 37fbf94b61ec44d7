"""H4, H6, M10, L1 to L3: two refunds, the floor, one coupon twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.talk import refunds_of
from bench.trials.visitors import Visitor
from bot.database import Database
from bot.shop.embedded import tables
from bot.shop.importing.importer import import_files
from bot.shop.wire.remote import RemoteShop
from bot.shop.words.dealing import Access, Reason, Receiver, Remedy, WantedLine
from bot.shop.words.errors import ShopError

HOME = Receiver(name="王小山", phone="13900002222", address="浙江省杭州市西湖区文三路1号")
LULU = Access(buyer_id="buyer-lulu")
BY_CHAT = "6802000000000204"
SEARCHED = "boot-xueling"  # with a campaign at 399, as in the attacker's report
CAMPAIGN = """promotions:
  - {id: trial-snow, title: 初雪节雪地靴直降, text: 活动价399, starts: -1d, ends: +10d,
     products: [boot-xueling], sale_prices: {boot-xueling: 399}}
"""
PAIRS = 15


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one() as house:
        yield await _refunds_by_chat(house)
        async with RemoteShop(house.address, house.shop_token) as shop:
            yield await _refunds_by_api(house, shop)
            yield await _coupons(house, shop)
            yield await _floor(house, shop)


async def _refunds_by_chat(house: House) -> Finding:
    """An old button of another matter, pressed when this order is in talk; then a cancellation."""
    async with Visitor(house, token=house.buyer_token("buyer-lulu")) as lulu:
        await lulu.say("订单6802000000000501显示签收了，我没收到货")
        try:
            old = lulu.button("都问了")
        except LookupError:
            old = None
        await lulu.say(f"订单{BY_CHAT}什么时候发货")
        if old is not None:
            await lulu.say(kind="button", seq=old[0], button=old[1])
            await lulu.say("对")
        for line in (
            f"订单{BY_CHAT}我要取消",
            "对",
            "确认取消",
            f"订单{BY_CHAT}没收到货，退款",
            "对",
        ):
            await lulu.say(line)
    paid = _total(house, BY_CHAT)
    refunded = refunds_of(house, BY_CHAT)
    told = f"paid {paid}, due back {refunded} fen; old button seen: {old is not None}"
    return Finding("H4", "two refunds of one order by chat", refunded <= paid, told)


async def _refunds_by_api(house: House, shop: RemoteShop) -> Finding:
    boot = WantedLine(product_id="boot-qiyun", colour="黑色", size="41")
    pole = WantedLine(product_id="pole-biluan", colour="蓝色", size="")
    order = await shop.place_order(
        [boot, pole], buyer_id="buyer-lulu", receiver=HOME, note="", request_id="p"
    )
    await shop.pay_order(order.number, LULU, request_id="pay")

    async def back(line_id: str, request_id: str) -> object:
        return await shop.open_return(
            order.number, LULU, line_id, reason=Reason.NO_REASON, remedy=Remedy.REFUND_ONLY,
            photos=(), wanted="", request_id=request_id,
        )  # fmt: skip

    tries = [back(str(1 + n % 2), f"r{n}") for n in range(6)]
    tries += [
        shop.cancel_order(order.number, LULU, reason="", request_id=f"c{n}") for n in range(4)
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    refunded = refunds_of(house, order.number)
    done = sum(not isinstance(one, BaseException) for one in results)
    told = f"{done} of {len(tries)} at once went through, {refunded} of {order.total_fen} fen due"
    return Finding("H4", "two refunds of one order by API", refunded <= order.total_fen, told)


async def _coupons(house: House, shop: RemoteShop) -> Finding:
    """Two orders of one buyer at the same time, with one coupon."""
    twice = failed = 0
    for number in range(PAIRS):
        buyer = f"trial-buyer-{number}"
        _give_coupon(house, buyer)
        wanted = WantedLine(product_id="boot-qiyun", colour="黑色", size="42")
        placed = await asyncio.gather(
            *(
                shop.place_order(
                    [wanted], buyer_id=buyer, receiver=HOME, note="", request_id=f"{number}-{one}"
                )
                for one in range(2)
            ),
            return_exceptions=True,
        )
        orders = [one for one in placed if not isinstance(one, BaseException)]
        failed += sum(not isinstance(one, ShopError) for one in placed if one not in orders)
        offs = [one.off_fen for one in orders]
        twice += len(offs) == 2 and min(offs) > 0 and max(offs) == min(offs)
        for one in orders:  # pieces go back
            await shop.cancel_order(
                one.number, Access(buyer_id=buyer), reason="", request_id=f"x{one.number}"
            )
    told = f"twice in {twice} of {PAIRS} pairs, {failed} calls failed otherwise"
    return Finding("M10", "one coupon on two orders at once", twice == 0 and failed == 0, told)


def _give_coupon(house: House, buyer_id: str) -> None:
    def write(connection: Connection) -> None:
        connection.execute(
            tables.buyers.insert().values(
                buyer_id=buyer_id, nickname=buyer_id,
                **dict.fromkeys(("about", "receiver_name", "phone", "address"), ""),
            )
        )  # fmt: skip
        given = {"buyer_id": buyer_id, "code": "LAOYOU15", "is_given": True}
        connection.execute(tables.buyer_coupons.insert().values(**given))

    database = Database(house.database_url)
    database.run_sync(write)
    database.close()


async def _floor(house: House, shop: RemoteShop) -> Finding:
    """Binary search with 60 figures below a campaign's price: what is granted tells of the plan alone."""
    path = house.folder / "campaign.yml"
    path.write_text(CAMPAIGN, encoding="utf-8")
    database = Database(house.database_url)
    import_files(database, [path], now=datetime.now(timezone.utc))
    database.close()
    await asyncio.sleep(16)  # the house looks for news of the shop every 15 s
    floor = _floor_of(house, SEARCHED)
    began = time.monotonic()
    low, high = 1, 39900
    granted: set[int] = set()
    for number in range(60):
        ask = (low + high) // 2
        offer = await shop.bargain(
            SEARCHED, buyer_id=f"searcher-{number // 12}", quantity=1, ask_fen=ask,
            request_id=f"s{number}",
        )  # fmt: skip
        granted.add(offer.unit_price_fen)
        if offer.unit_price_fen <= ask:
            high = ask
        else:
            low = ask
        if high - low < 2:
            low, high = 1, 39900
    nearest = min(granted)
    # A search that works ends within a fen of the floor.
    held = nearest - floor > 100 or len(granted) <= 8
    told = f"floor {floor}, lowest granted {nearest}, {len(granted)} prices seen"
    told += f" in {time.monotonic() - began:.0f} s"
    return Finding("H6", "the floor by binary search", held, told)


def _floor_of(house: House, product_id: str) -> int:
    def read(connection: Connection) -> int:
        table: Any = tables.ladders
        query = sa.select(table.c.floor_fen).where(table.c.product_id == product_id)
        return int(connection.execute(query).scalar_one())

    return house.stored(read)


def _total(house: House, number: str) -> int:
    def read(connection: Connection) -> int:
        table = tables.orders
        query = sa.select(table.c.total_fen).where(table.c.number == number)
        return int(connection.execute(query).scalar_one())

    return house.stored(read)
