"""A3, A6.3 and races at the desk: what only an agent saw was not said; no line falls between two chairs."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable

from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.talk import STREET, new_phone, orders_of, to_the_summary, visitor_id
from bench.trials.visitors import Desk, Visitor

BUYERS = 8
# The engine answers and then dawdles: whoever comes in between, comes in mid-turn.
SLOW = """
import asyncio, sys

sys.argv[0] = "bot"
import bot.engine.engine as engine

quick = engine.Engine.answer


async def slow(self, *arguments):
    result = await quick(self, *arguments)
    await asyncio.sleep(1.5)
    return result


engine.Engine.answer = slow
from bot.__main__ import main

sys.exit(main())
"""
SLOWLY = ("-c", SLOW)


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one(opened=False) as house:
        house.code = SLOWLY
        await house.open()
        yield await _unseen_summary(house)
        yield await _taken_in_mid_turn(house)
    async with houses.one() as house:
        yield await _stale_summary(house)
        yield await _closing(house)
        yield await _two_agents(house)


async def _unseen_summary(house: House) -> Finding:
    """The summary became a suggestion: the buyer has never seen it, and says 对 to something else."""

    async def one(desk: Desk) -> int:
        async with Visitor(house) as buyer:
            await buyer.look_at("tee-sugan")
            await buyer.say("黑色L码来一件")
            own_id = await buyer.send(f"王小山 {new_phone()} {STREET}")
            await buyer.until(lambda: own_id in buyer.acks)
            await asyncio.sleep(1.0)  # the pause of a burst, and into the turn
            await desk.deed(buyer.conversation_id, "take")
            await buyer.listen(3)
            await desk.deed(
                buyer.conversation_id,
                "messages",
                id=uuid.uuid4().hex,
                text="您刚才问的是发货时间对吗？",
            )
            await desk.deed(buyer.conversation_id, "return")
            await buyer.listen(3)
            await buyer.say("对")
            return len(orders_of(house, visitor_id(buyer)))

    return await _nobody_orders(house, one, "a yes to what only an agent saw")


async def _nobody_orders(house: House, one: Callable[[Desk], Awaitable[int]], what: str) -> Finding:
    """Many buyers at once do as `one` does, which tells how many orders came of it."""
    async with Desk(house) as desk:
        orders = await asyncio.gather(*(one(desk) for _ in range(BUYERS)))
    return Finding("A3", what, sum(orders) == 0, f"{sum(orders)} orders of {BUYERS}")


async def _stale_summary(house: House) -> Finding:
    async def one(desk: Desk) -> int:
        async with Visitor(house) as buyer:
            await to_the_summary(buyer)
            await desk.deed(buyer.conversation_id, "take")
            await buyer.send("先不买了")
            await desk.deed(
                buyer.conversation_id, "messages", id=uuid.uuid4().hex, text="好的，那先不买哈"
            )
            await buyer.listen(0.5)
            await desk.deed(buyer.conversation_id, "return")
            await buyer.listen(1)
            await buyer.say("好的")
            return len(orders_of(house, visitor_id(buyer)))

    return await _nobody_orders(house, one, "好的 said after an agent orders")


async def _taken_in_mid_turn(house: House) -> Finding:
    """No word of the bot after a take-over."""

    async def one(desk: Desk) -> int:
        async with Visitor(house) as buyer:
            own_id = await buyer.send("包邮吗")
            await buyer.until(lambda: own_id in buyer.acks)
            await asyncio.sleep(random.uniform(0.1, 1.8))
            await desk.deed(buyer.conversation_id, "take")
            await buyer.listen(4)
            taken = [m["seq"] for m in buyer.said(author="system")]
            return sum(message["seq"] > min(taken, default=0) for message in buyer.said())

    async with Desk(house) as desk:
        talked = await asyncio.gather(*(one(desk) for _ in range(20)))
    told = f"{sum(talked)} lines of the bot after 20 take-overs"
    return Finding("B", "the bot talks over an agent", sum(talked) == 0, told)


async def _closing(house: House) -> Finding:
    """The buyer writes at the moment the agent closes."""

    async def one(desk: Desk) -> bool:
        async with Visitor(house) as buyer:
            await buyer.say("在吗")
            await desk.deed(buyer.conversation_id, "messages", id=uuid.uuid4().hex, text="您好")
            await buyer.listen(0.5)
            seen = buyer.last_seq
            own_id = await buyer.send("那这个有货吗")
            await asyncio.sleep(random.uniform(0, 0.25))
            status, _ = await desk.deed(buyer.conversation_id, "close", seen=seen)
            await buyer.until(lambda: own_id in buyer.acks)
            await buyer.listen(3)
            answered = any(m["seq"] > buyer.acks[own_id] for m in buyer.said())
            return answered or status == 409  # the agent is told, and still has it

    async with Desk(house) as desk:
        heard = [await one(desk) for _ in range(20)]
    told = f"{heard.count(False)} of {len(heard)} lines left to nobody"
    return Finding("A6.3", "a line at the moment of closing", all(heard), told)


async def _two_agents(house: House) -> Finding:
    wrong = 0
    async with Desk(house) as desk, Desk(house) as other:
        for _ in range(20):
            async with Visitor(house) as buyer:
                await buyer.say("转人工")
                results = await asyncio.gather(
                    *(one.deed(buyer.conversation_id, "take") for one in (desk, other))
                )
                wrong += any(status not in (200, 409) for status, _ in results)
                lines = [m for m in buyer.said(author="system") if "来了" in m["text"]]
                wrong += len(lines) > 1
    return Finding("B", "two takes in one instant", wrong == 0, f"{wrong} of 20 went wrong")
