"""A shop with many buyers on a fast clock: they order, pay or not, wait, complain, say no, write at two
doors; parcels come late; colleagues take chats; workers run twice, die half way, sleep, hear late and
have clocks that jump. After every round the watchers look at what was said.
"""

from __future__ import annotations

import asyncio
import random
import threading
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bench.followups.dealings import GOODS, Dealer, Dealings
from bench.followups.watching import Watchers, Wrong
from bot.clock_watch import ClockWatch
from bot.conversations.conversation import Status
from bot.conversations.tables import conversations
from bot.database import Database
from bot.followups import claims
from bot.shop.embedded import tables
from bot.shop.importing import storing
from bot.shop.words.dealing import OrderStatus, ParcelEvent, ReturnStatus
from bot.shop.words.errors import ShopError
from tests.support.house import House

# Of a round: what goes wrong in it, and how often.
FAULTS = {
    "sleeps": 0.004, "clock_jumps": 0.003, "hears_late": 0.01,
    "two_workers": 0.03, "dies_holding": 0.02, "dies_half_way": 0.03,
}  # fmt: skip
_NEXT = {
    ReturnStatus.OPENED.value: ReturnStatus.GOODS_SENT,
    ReturnStatus.GOODS_SENT.value: ReturnStatus.GOODS_RECEIVED,
    ReturnStatus.GOODS_RECEIVED.value: ReturnStatus.REFUNDED,
}
_WITHOUT_FEED = 12  # rounds that the shop's news stays unread
_MOST_STEPS = 60  # of the event loop, within which a worker dies


class World:
    def __init__(
        self, house: House, *, buyers: int, seed: int, pace: timedelta = timedelta(minutes=30)
    ) -> None:
        """`pace`: how far the clock goes in a round. A crowd needs one below `spreading.LATE`:
        whatever is late by more than that, with others, is spread, and by the next round is late
        again."""
        self.pace = pace
        self.houses = [house, house.restarted()]
        self.random = random.Random(seed)
        self.dealers = [Dealer(f"buyer-sim{number}") for number in range(buyers)]
        self.deeds = Dealings(self.houses, self.dealers, self.random)
        self.watchers = Watchers(house, self.dealers)
        self.faults: Counter[str] = Counter()
        self._steady_s = 0.0  # a clock that nobody turns
        self._clock_watch = ClockWatch(house.clock, steady=lambda: self._steady_s)
        self._deaf_for = 0

    @property
    def house(self) -> House:
        return self.houses[0]

    @property
    def wrong(self) -> Wrong:
        return self.watchers.wrong

    @property
    def said(self) -> Counter[str]:
        return self.watchers.said

    async def begin(self) -> None:
        """Goods without end, a chat for each, birthdays, and yesterday's news read."""
        await self.watchers.begin()
        await self.house.database.run(_fill_shelves)
        await self.house.database.run(self._give_birthdays)
        for dealer in self.dealers:
            await self.deeds.chat(dealer, "web")
        await self.house.feed.read()
        self._clock_watch.has_jumped()

    async def play(self, days: float, *, deeds_a_day: float = 0.5) -> None:
        """`deeds_a_day` of each buyer, spread over the day."""
        a_day = timedelta(days=1) / self.pace
        chance = deeds_a_day * len(self.dealers) / a_day
        for number in range(int(days * a_day)):
            deeds = int(chance) + (self.random.random() < chance % 1)
            for _ in range(deeds):
                await self.deeds.any()
            if number % int(a_day / 6) == 0:
                await self.couriers()
                await self.colleagues()
                await self.deeds.office.close_overdue_orders()
            if number % int(a_day) == 0:
                await self.owner()
            await self.deeds.colleagues_leave()
            await self.round()

    async def round(self) -> None:
        """Half an hour (or `pace`) passes, perhaps with a fault, and what is due is judged."""
        fault = self._fault()
        self._steady_s += self.pace.total_seconds()
        self.house.clock.forward(self.pace)
        if fault == "sleeps":  # the steady clock of a machine that sleeps stands still
            self.house.clock.forward(timedelta(hours=8))
        elif fault == "clock_jumps":
            await self._jump(timedelta(hours=self.random.choice((-30, 5, 40))))
        elif fault == "hears_late":
            self._deaf_for = _WITHOUT_FEED
        workers = {
            "two_workers": self.two_workers,
            "dies_holding": self.dies_holding,
            "dies_half_way": self.dies_half_way,
        }
        await self._work(workers.get(fault, self.house.follow_ups.send_due))
        await self.watchers.look()

    def _fault(self) -> str:
        drawn = self.random.random()
        for name, share in FAULTS.items():
            if drawn < share:
                self.faults[name] += 1
                return name
            drawn -= share
        return ""

    async def _work(self, send: Callable[[], Awaitable[object]]) -> None:
        """What the house does by itself in a round; nothing is judged after the clock has jumped."""
        has_jumped = self._clock_watch.has_jumped()
        if self._deaf_for:
            self._deaf_for -= 1
        else:
            await self.house.feed.read()
        if not has_jumped:
            await self.house.promises.sweep()
            await send()

    async def _jump(self, by: timedelta) -> None:
        """The clock goes wrong for one round, in which the house works on, and is set right."""
        self.house.clock.forward(by)
        await self._work(self.house.follow_ups.send_due)
        await self.watchers.look()
        self.house.clock.forward(-by)

    async def two_workers(self) -> None:
        await asyncio.gather(*(house.follow_ups.send_due() for house in self.houses))

    async def dies_holding(self) -> None:
        """A worker claims what is due and is gone."""
        await self.house.database.run(claims.claim, self.house.clock(), uuid.uuid4().hex)
        self.houses[0] = self.house.restarted()

    async def dies_half_way(self) -> None:
        """Somewhere between claiming, judging and saying; what was begun in the database ends there."""
        at_work = asyncio.ensure_future(self.house.follow_ups.send_due())
        for _ in range(self.random.randint(1, _MOST_STEPS)):
            await asyncio.sleep(0)
            if at_work.done():
                break
        at_work.cancel()
        await asyncio.gather(at_work, return_exceptions=True)
        await _all_written(self.house.database)
        self.houses[0] = self.house.restarted()

    # -- the shop's own people

    async def couriers(self) -> None:
        """What is paid leaves; what is under way arrives, or stands still."""
        office = self.deeds.office
        today = self.house.clock().astimezone(self.house.settings.shop.zone).date()
        for number, status in await self.house.database.read(_open_orders):
            chance = self.random.random()
            try:
                if status == OrderStatus.PAID.value and chance < 0.5:
                    await office.pack_order(number)
                    await office.ship_order(
                        number,
                        courier="顺丰",
                        courier_phone="95338",
                        tracking_number=f"SF{number}",
                        due_on=today + timedelta(days=self.random.randint(1, 4)),
                    )
                elif status == OrderStatus.SHIPPED.value and chance < 0.15:
                    text = "快件已签收，签收人：本人" if chance < 0.08 else "到达中转站"
                    event = ParcelEvent(at=self.house.clock(), text=text, place="杭州")
                    await office.record_parcel_event(number, event)
            except ShopError:
                continue

    async def colleagues(self) -> None:
        """Those who wait are spoken to, and what was sent back is paid back."""
        for chat in await self.house.database.read(_waiting):
            line = uuid.uuid4().hex
            await self.house.conversations.say_as_agent(chat, "小王", line, "亲，在的，您说")
            await self.house.conversations.give_back(chat)
        for case_id, status in await self.house.database.read(_open_cases):
            try:
                await self.deeds.office.move_return(case_id, _NEXT[status])
            except ShopError:
                continue

    async def owner(self) -> None:
        """A price falls or rises again; old orders are done with."""
        await self.deeds.office.complete_old_orders()
        if self.random.random() < 0.15:
            await self.house.database.run(_change_price, self.random.choice(GOODS))

    def _give_birthdays(self, connection: Connection) -> None:
        table = tables.buyer_attributes
        connection.execute(
            table.insert(),
            [
                {
                    "buyer_id": one.buyer_id, "name": "birthday",
                    "value": f"{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}",
                }
                for one in self.dealers
            ],
        )  # fmt: skip


async def _all_written(database: Database) -> None:
    """Whatever a thread still writes for somebody who is gone has ended."""
    await database.run(lambda connection: None)
    threads, loop = database._writers, asyncio.get_running_loop()
    gate = threading.Barrier(threads._max_workers)  # passed when each thread has come to it
    waits = [loop.run_in_executor(threads, gate.wait) for _ in range(gate.parties)]
    await asyncio.gather(*waits)


def _open_orders(connection: Connection) -> list[tuple[str, str]]:
    wanted = (OrderStatus.PAID.value, OrderStatus.SHIPPED.value)
    orders = tables.orders.c
    query = sa.select(orders.number, orders.status).where(
        orders.status.in_(wanted), orders.buyer_id.startswith("buyer-sim")
    )
    return [tuple(row) for row in connection.execute(query.order_by(orders.number))]


def _open_cases(connection: Connection) -> list[tuple[str, str]]:
    cases = tables.returns.c
    query = sa.select(cases.case_id, cases.status).where(
        cases.status.in_(list(_NEXT)), cases.buyer_id.startswith("buyer-sim")
    )
    return [tuple(row) for row in connection.execute(query.order_by(cases.case_id))]


def _waiting(connection: Connection) -> list[str]:
    talks = conversations.c
    query = sa.select(talks.conversation_id).where(
        talks.status == Status.WAITING.value, talks.buyer_id.startswith("buyer-sim")
    )
    return list(connection.execute(query.order_by(talks.conversation_id)).scalars())


def _change_price(connection: Connection, product_id: str) -> None:
    """Ten yuan less, or as it was."""
    table = tables.products
    price = connection.execute(
        sa.select(table.c.price_fen).where(table.c.product_id == product_id)
    ).scalar_one()
    change = -1000 if price % 2000 < 1000 else 1000
    connection.execute(
        table.update().where(table.c.product_id == product_id).values(price_fen=price + change)
    )
    storing.renew_version(connection)


def _fill_shelves(connection: Connection) -> None:
    connection.execute(tables.skus.update().values(on_hand=tables.skus.c.reserved + 1_000_000))
