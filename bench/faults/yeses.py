"""A1, A6.9: whatever fails in between, nothing is ordered that was not said yes to, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bench.faults.between import FlakyShop
from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.talk import order, orders_of, to_the_summary, visitor_id
from bench.trials.visitors import Desk, Visitor, any_of

NO_YES = (
    "等一下，要改成白色",
    "什么时候发货",
    "改成两件",
    "能便宜点吗",
    "地址换成上海市徐汇区漕溪北路18号502室",
    "先不要了",
    "不要了",
    "可以开发票吗",
)
CALLS = range(1, 9)
MOVED = "6802000000000203"  # buyer-tangyuan's, paid


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with (
        houses.one() as shop,
        FlakyShop(shop.address).serving() as between,
        houses.one(SHOP_API_URL=between.address, SHOP_API_TOKEN=shop.shop_token) as house,
    ):
        yield await _no_yes(house, shop, between)
        yield await _yes(house, shop, between)
        yield await _address(house, shop, between)
    async with houses.one() as house:
        yield await _double_press(house)


async def _no_yes(house: House, shop: House, between: FlakyShop) -> Finding:
    tries = failures = ordered = 0
    for line in NO_YES:
        for call in CALLS:
            async with Visitor(house) as buyer:
                await to_the_summary(buyer)
                between.fail_at(call)
                await buyer.say(line)
                failed = list(between.failed)
                between.fail_at(0)
                tries, failures = tries + 1, failures + len(failed)
                ordered += len(orders_of(shop, visitor_id(buyer)))
            if not failed:
                break  # this turn makes no more calls
    told = f"{ordered} orders of {tries} tries in which {failures} calls failed"
    return Finding("A1", "an order without a yes", ordered == 0 and failures > 8, told)


async def _yes(house: House, shop: House, between: FlakyShop) -> Finding:
    """A yes in spite of a failing call: one order, and it is told."""
    failures = told = 0
    counts: list[int] = []
    for call in CALLS:
        async with Visitor(house) as buyer:
            await to_the_summary(buyer)
            between.fail_at(call)
            said = await buyer.say("对")
            failed = list(between.failed)
            between.fail_at(0)
            if not orders_of(shop, visitor_id(buyer)):
                said += await buyer.say("对")
            placed = orders_of(shop, visitor_id(buyer))
            shown = str([one.get("card") for one in buyer.said()]) + "".join(said)
            counts.append(len(placed))
            told += any(one["number"] in shown for one in placed)
            failures += len(failed)
        if not failed:
            break
    held = set(counts) == {1} and told == len(counts) and failures > 0
    return Finding(
        "A1",
        "a yes in spite of a failing call",
        held,
        f"orders {counts}, {told} told, {failures} failed",
    )


async def _address(house: House, shop: House, between: FlakyShop) -> Finding:
    before = order(shop, MOVED)["address"]
    changed = failures = tries = 0
    async with Desk(house) as desk:
        for line in ("什么时候发货", "电话也换成13900002222", "发什么快递呀"):
            for call in CALLS:
                token = house.buyer_token("buyer-tangyuan")
                async with Visitor(house, token=token) as buyer:
                    # After two failing turns a person has the chat: each try begins with the bot.
                    await desk.deed(buyer.conversation_id, "take")
                    await desk.deed(buyer.conversation_id, "return")
                    await buyer.listen(0.5)
                    await buyer.say("帮我改一下地址")
                    await buyer.say("上海市徐汇区漕溪北路18号502室")
                    between.fail_at(call)
                    await buyer.say(line)
                    failed = list(between.failed)
                    between.fail_at(0)
                    tries, failures = tries + 1, failures + len(failed)
                    changed += order(shop, MOVED)["address"] != before
                    await buyer.say("算了不改了")
                if not failed:
                    break
    told = f"{changed} changed of {tries} tries in which {failures} calls failed"
    return Finding("A1", "an address without a yes", changed == 0 and failures > 3, told)


async def _double_press(house: House, buyers: int = 10) -> Finding:
    async def one() -> tuple[int, bool]:
        async with Visitor(house) as buyer:
            await to_the_summary(buyer)
            seq, index = buyer.button("对")
            before = buyer.last_seq
            for _ in range(2):
                await buyer.send(kind="button", seq=seq, button=index)
                await asyncio.sleep(0.05)
            await buyer.until(lambda: buyer.turns > 2)
            await buyer.listen(2)
            said = [message["text"] for message in buyer.said(after=before)]
            again = await buyer.say(kind="button", seq=seq, button=index)
            sold = any_of(["几码", "穿多大", "对吗"], [*said[-1:], *again])
            return len(orders_of(house, visitor_id(buyer))), sold

    results = await asyncio.gather(*(one() for _ in range(buyers)))
    once = sum(count == 1 for count, _ in results)
    taken = sum(sold for _, sold in results)
    told = f"one order in {once} of {buyers}, a yes to more goods in {taken}"
    return Finding("A6.9", "the second press of 对", once == buyers and taken == 0, told)
