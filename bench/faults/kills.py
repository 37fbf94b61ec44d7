"""A2, B: the house is killed; nothing acknowledged is lost, nothing told twice, orders are told."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from aiohttp import ClientError
from sqlalchemy.engine import Connection

from bench.faults.people import SLOWLY
from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.talk import STREET, new_phone, orders_of, placed_since, to_the_summary, visitor_id
from bench.trials.visitors import Visitor
from bot.conversations.tables import messages

BUYERS = 8
KILLS = 8
AFTERWARDS = ("谢谢", "在吗", "能便宜点吗", "可以开发票吗")


async def try_lost_turns(houses: Houses) -> AsyncIterator[Finding]:
    """The order is stored, the buyer writes on, the process dies before the turn is told."""
    async with houses.one(opened=False) as house:
        house.code = SLOWLY
        await house.open()
        buyers = [Visitor(house) for _ in range(BUYERS)]
        for buyer in buyers:
            await buyer.connect()
        await asyncio.gather(*(to_the_summary(buyer) for buyer in buyers))
        for buyer in buyers:
            await buyer.send("对")
        for _ in range(200):
            if all(orders_of(house, visitor_id(buyer)) for buyer in buyers):
                break
            await asyncio.sleep(0.02)
        stored = sum(bool(orders_of(house, visitor_id(buyer))) for buyer in buyers)
        for number, buyer in enumerate(buyers):
            own_id = await buyer.send(AFTERWARDS[number % len(AFTERWARDS)])
            await buyer.until(lambda b=buyer, one=own_id: one in b.acks)
        untold = [buyer for buyer in buyers if not _is_told(house, buyer)]
        house.kill()
        house.code = ("-m", "bot")
        await house.open()
        for buyer in buyers:
            await buyer.connect()
        await asyncio.gather(*(buyer.listen(8) for buyer in buyers))
        told = sum(_is_told(house, buyer) for buyer in buyers)
        await asyncio.gather(*(buyer.say("对") for buyer in buyers))
        twice = sum(len(orders_of(house, visitor_id(buyer))) > 1 for buyer in buyers)
        for buyer in buyers:
            await buyer.client.close()
    held = stored == told == BUYERS and twice == 0 and len(untold) > BUYERS / 2
    measured = f"{len(untold)} of {BUYERS} killed before they were told; {told} told, {twice} ordered twice"
    yield Finding("A2", "an order of a lost turn", held, measured)


def _is_told(house: House, buyer: Visitor) -> bool:
    """Whether each order of the buyer stands in what the bot has said."""

    def read(connection: Connection) -> str:
        query = sa.select(messages.c.text, messages.c.card).where(
            messages.c.conversation_id == buyer.conversation_id, messages.c.author == "bot"
        )
        return str([tuple(row) for row in connection.execute(query)])

    said = house.stored(read)
    return all(one["number"] in said for one in orders_of(house, visitor_id(buyer)))


class _Customer:
    """Talks on through kills as a page does: what was not acknowledged is sent again."""

    def __init__(self, house: House, seed: int) -> None:
        self.visitor, self._random = Visitor(house), random.Random(seed)
        self.acked: dict[str, str] = {}
        self.yeses = 0
        self._phone = new_phone()

    async def talk(self, until: asyncio.Event) -> None:
        while not until.is_set():
            for line in ("黑色L码来一件", f"王小山 {self._phone} {STREET}", "对", "谢谢", "包邮吗"):
                self.yeses += line == "对"
                await self._send(line, until)
                await asyncio.sleep(self._random.uniform(0.2, 1.2))

    async def _send(self, line: str, until: asyncio.Event) -> None:
        own_id = ""
        for _ in range(400):
            try:
                if self.visitor.ws is None or self.visitor.ws.closed:
                    await self.visitor.connect("tee-sugan")
                    await self.visitor.look_at("tee-sugan")
                own_id = await self.visitor.send(line, own_id)
                await self.visitor.until(lambda one=own_id: one in self.visitor.acks, 6)
                self.acked[own_id] = line
                await self.visitor.listen(0.3)
                return
            except (ClientError, OSError, asyncio.TimeoutError, AssertionError):
                if self.visitor.ws is not None:
                    await self.visitor.ws.close()
                await asyncio.sleep(0.3)


async def try_kills(houses: Houses) -> AsyncIterator[Finding]:
    """kill -9 at random moments while buyers talk and order."""
    async with houses.one() as house:
        began, over = datetime.now(timezone.utc), asyncio.Event()
        customers = [_Customer(house, seed) for seed in range(6)]
        talking = [asyncio.create_task(one.talk(over)) for one in customers]
        chance, starts = random.Random(1), []
        for _ in range(houses.times(KILLS)):
            await asyncio.sleep(chance.uniform(2, 7))
            house.kill()
            starts.append(await house.open())
        await asyncio.sleep(5)
        over.set()
        await asyncio.gather(*talking)
        for _ in range(60):
            if not house.stored(_pending):
                break
            await asyncio.sleep(0.5)
        found = _verified(house, customers, began, starts)
        for one in customers:
            await one.visitor.client.close()
    for finding in found:
        yield finding


def _verified(
    house: House, customers: list[_Customer], began: datetime, starts: list[float]
) -> list[Finding]:
    stored = Counter(house.stored(_message_ids))
    acked = [one for customer in customers for one in customer.acked]
    lost = sum(stored[one] == 0 for one in acked)
    doubled = sum(stored[one] > 1 for one in acked)
    stray, unanswered = house.stored(_stray), house.stored(_pending)
    orders = placed_since(house, began)
    yeses = {visitor_id(one.visitor): one.yeses for one in customers}
    per_buyer = Counter(one["buyer_id"] for one in orders)
    without = sum(count > yeses.get(buyer, 0) for buyer, count in per_buyer.items())
    untold = sum(not _is_told(house, customer.visitor) for customer in customers)
    lines = f"{len(acked)} lines acknowledged over {len(starts)} kills (starts {min(starts):.0f} to {max(starts):.0f} s)"
    return [
        Finding(
            "B",
            "acknowledged lines",
            not (lost or doubled),
            f"{lines}: {lost} lost, {doubled} twice",
        ),
        Finding(
            "B",
            "answers",
            not (stray or unanswered),
            f"{stray} answers of a turn that answered nothing, {unanswered} lines unanswered",
        ),
        Finding(
            "A2",
            "orders over kills",
            not (without or untold),
            f"{len(orders)} orders, buyers with more orders than yeses {without}, with an untold one {untold}",
        ),
    ]


def _message_ids(connection: Connection) -> list[str]:
    query = sa.select(messages.c.message_id).where(messages.c.author == "buyer")
    return list(connection.execute(query).scalars())


def _pending(connection: Connection) -> int:
    query = sa.select(sa.func.count()).where(messages.c.is_pending == sa.true())
    return int(connection.execute(query).scalar_one())


def _stray(connection: Connection) -> int:
    """Answers whose turn settled no buyer's line: said by a try that another one outran."""
    settled: Any = sa.select(messages.c.turn_id).where(messages.c.author == "buyer")
    query = sa.select(sa.func.count()).where(
        messages.c.author == "bot", messages.c.turn_id != "", messages.c.turn_id.not_in(settled)
    )
    return int(connection.execute(query).scalar_one())
