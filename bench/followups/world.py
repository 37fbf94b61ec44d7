"""A shop with many buyers on a fast clock: they order, pay or not, wait, complain, say no, write at two
doors; parcels come late; colleagues take chats; workers run twice, die and sleep. After every round the
watchers look at what was said.

What is said is read from the messages themselves, and whether it was right from the shop and the chats
as they are at that moment, for nothing else happens while the sender works.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.conversation import Status
from bot.conversations.messages import Author, Incoming
from bot.conversations.tables import conversations, messages
from bot.engine.turns import FollowUpWish, Reply, Said, Speaker, TurnResult
from bot.followups import claims
from bot.followups.kinds import PROMISE, AskedBy
from bot.followups.tables import follow_ups
from bot.shop.embedded import tables
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.words.dealing import Access, OrderStatus, ParcelEvent, Receiver, WantedLine
from bot.shop.words.errors import ShopError
from tests.support.house import House

HOME = Receiver(name="王芳", phone="13800138000", address="浙江省杭州市西湖区文三路1号")
PREFIX = "utter_follow_up_"
GOODS = ("boot-qiyun", "sunscreen-50", "tee-sugan")
# How often a deed is done, beside the others.
WEIGHTS = {
    "_order": 30, "_pay": 22, "_cancel": 3, "_weigh": 12, "_refuse": 3, "_opt_out": 1,
    "_write": 10, "_review": 4, "_person": 5, "_wait_for_stock": 4,
}  # fmt: skip
UNDER_WAY = (OrderStatus.SHIPPED,)
UNSENT = (OrderStatus.PAID, OrderStatus.PACKED)


class Mute:
    """An engine that says okay; what a buyer weighs is planned as the real one would."""

    model_id = "mute"

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        weighs = next((one.text for one in said if one.text.startswith("再想想 ")), "")
        wishes: tuple[FollowUpWish, ...] = ()
        if weighs:
            product_id = weighs.split()[1]
            key = f"undecided:{speaker.buyer_id}:{product_id}"
            about = {"product_id": product_id}
            wishes = (FollowUpWish(kind="undecided", key=key, about=about),)
        return TurnResult(
            replies=(Reply(text="好的"),), understood=(), memory="m", follow_ups=wishes
        )

    async def words(self, response: str, **values: Any) -> Reply:
        return Reply(text=f"<{response}>", response=response)

    def kept_of(self, memory: str, form: str, slots: Sequence[str]) -> dict[str, Any]:
        return {}

    async def note(self, conversation_id: str, memory: str, **_: Any) -> str:
        return "m"


@dataclass
class Wrong:
    """What the watchers found, by what it breaks."""

    found: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def tell(self, what: str, where: str) -> None:
        self.found[what] += 1
        self.first.setdefault(what, where)


@dataclass
class Dealer:
    """One buyer with chats at up to two doors, and what came of them."""

    buyer_id: str
    chats: dict[str, str] = field(default_factory=dict)  # door → conversation
    orders: list[str] = field(default_factory=list)
    opted_out_at: datetime | None = None


class World:
    def __init__(
        self, house: House, *, buyers: int, seed: int, pace: timedelta = timedelta(minutes=30)
    ) -> None:
        """`pace`: how far the clock goes in a round. A crowd needs one below `sender.LATE`: whatever
        is late by more than that, with others, is spread, and by the next round is late again."""
        self.pace = pace
        self.houses = [house, house.restarted()]
        self.random = random.Random(seed)
        self.dealers = [Dealer(f"buyer-sim{number}") for number in range(buyers)]
        self.weights = dict(WEIGHTS)
        self.wrong = Wrong()
        self.said: Counter[str] = Counter()
        self._sent_at: defaultdict[str, list[datetime]] = defaultdict(list)

    @property
    def house(self) -> House:
        return self.houses[0]

    @property
    def office(self) -> BackOffice:
        zone = str(self.house.settings.shop.zone)
        return BackOffice(self.house.database, clock=self.house.clock, time_zone=zone)

    async def begin(self) -> None:
        """Goods without end, a chat for each, and yesterday's news read."""
        await self.house.database.run(_fill_shelves)
        for dealer in self.dealers:
            await self._chat(dealer, "web")
        await self.house.feed.read()

    async def play(self, days: float, *, deeds_a_day: float = 0.5) -> None:
        """`deeds_a_day` of each buyer, spread over the day."""
        a_day = timedelta(days=1) / self.pace
        chance = deeds_a_day * len(self.dealers) / a_day
        for number in range(int(days * a_day)):
            deeds = int(chance) + (self.random.random() < chance % 1)
            for _ in range(deeds):
                await self.deed()
            if number % int(a_day / 6) == 0:
                await self.couriers()
                await self.office.close_overdue_orders()
            await self.round()

    async def round(self) -> None:
        """Half an hour (or `pace`) passes, perhaps with a fault, and what is due is judged."""
        fault = self.random.random()
        is_asleep = fault < 0.004
        self.house.clock.forward(timedelta(hours=8) if is_asleep else self.pace)
        await self.house.feed.read()
        await self.house.promises.sweep()
        if fault > 0.97:
            await self._two_workers()
        elif fault > 0.95:
            await self._dies_holding()
        else:
            await self.house.follow_ups.send_due()
        await self.watch()

    async def _two_workers(self) -> None:
        await asyncio.gather(*(house.follow_ups.send_due() for house in self.houses))

    async def _dies_holding(self) -> None:
        """A worker claims what is due and is gone."""
        await self.house.database.run(claims.claim, self.house.clock(), uuid.uuid4().hex)
        self.houses[0] = self.house.restarted()

    # -- deeds

    async def deed(self) -> None:
        dealer = self.random.choice(self.dealers)
        names, weights = list(self.weights), list(self.weights.values())
        [name] = self.random.choices(names, weights)
        deed: Callable[[Dealer], Any] = getattr(self, name)
        try:
            await deed(dealer)
        except ShopError:  # sold out, too late: as buyers meet it
            return

    async def _chat(self, dealer: Dealer, door: str) -> str:
        if door not in dealer.chats:
            opened = await self.house.conversations.open(
                buyer_id=dealer.buyer_id, signed_in=True, channel=door
            )
            dealer.chats[door] = opened.conversation_id
            await self._say(dealer.chats[door], "在吗")
        return dealer.chats[door]

    async def _say(self, conversation_id: str, text: str) -> None:
        incoming = Incoming(message_id=uuid.uuid4().hex, text=text)
        await self.house.conversations.receive(conversation_id, incoming)
        await self.house.turns.answer(conversation_id)

    async def _order(self, dealer: Dealer) -> None:
        product_id = self.random.choice(GOODS)
        product = await self.house.shop.product(product_id)
        assert product is not None
        sku = self.random.choice(product.skus)
        order = await self.house.shop.place_order(
            [WantedLine(product_id=product_id, colour=sku.colour, size=sku.size)],
            buyer_id=dealer.buyer_id,
            receiver=HOME,
            note="",
            request_id=uuid.uuid4().hex,
        )
        dealer.orders.append(order.number)
        if self.random.random() < 0.4:
            await self._pay(dealer)

    async def _pay(self, dealer: Dealer) -> None:
        if dealer.orders:
            access = Access(buyer_id=dealer.buyer_id)
            await self.house.shop.pay_order(dealer.orders[-1], access, request_id=uuid.uuid4().hex)

    async def _cancel(self, dealer: Dealer) -> None:
        if dealer.orders:
            access = Access(buyer_id=dealer.buyer_id)
            await self.house.shop.cancel_order(
                dealer.orders[-1], access, reason="", request_id=uuid.uuid4().hex
            )

    async def _weigh(self, dealer: Dealer) -> None:
        chat = await self._chat(dealer, "web")
        await self._say(chat, f"再想想 {self.random.choice(GOODS)}")

    async def _refuse(self, dealer: Dealer) -> None:
        await self._say(await self._chat(dealer, "web"), "不买了")

    async def _write(self, dealer: Dealer) -> None:
        door = self.random.choice(("web", "rest"))
        await self._say(await self._chat(dealer, door), "几天能到")

    async def _opt_out(self, dealer: Dealer) -> None:
        door = self.random.choice(("web", "rest"))
        await self._say(await self._chat(dealer, door), "退订")
        dealer.opted_out_at = self.house.clock()

    async def _person(self, dealer: Dealer) -> None:
        """A colleague comes, or goes again."""
        chat = await self._chat(dealer, self.random.choice(("web", "rest")))
        found = await self.house.conversations.find(chat)
        if found.status is Status.WITH_AGENT:
            await self.house.conversations.give_back(chat)
        else:
            await self.house.conversations.take(chat, "小李")

    async def _review(self, dealer: Dealer) -> None:
        for order in await self.house.shop.orders_of(dealer.buyer_id):
            if order.status is OrderStatus.DELIVERED:
                stars = self.random.choice((1, 4, 5, 5))
                await self.office.record_review(order.number, "1", stars=stars, text="还行")
                return

    async def _wait_for_stock(self, dealer: Dealer) -> None:
        product = await self.house.shop.product(self.random.choice(GOODS))
        assert product is not None
        sku = self.random.choice(product.skus)
        await self.house.shop.ask_restock_notice(
            product.product_id, sku.colour, sku.size,
            buyer_id=dealer.buyer_id, request_id=uuid.uuid4().hex,
        )  # fmt: skip

    async def couriers(self) -> None:
        """What is paid leaves; what is under way arrives, or stands still."""
        today = self.house.clock().astimezone(self.house.settings.shop.zone).date()
        for number, status in await self.house.database.read(_open_orders):
            chance = self.random.random()
            try:
                if status == OrderStatus.PAID.value and chance < 0.5:
                    await self.office.pack_order(number)
                    await self.office.ship_order(
                        number,
                        courier="顺丰",
                        courier_phone="95338",
                        tracking_number=f"SF{number}",
                        due_on=today + timedelta(days=self.random.randint(1, 4)),
                    )
                elif status == OrderStatus.SHIPPED.value and chance < 0.08:
                    text = "快件已签收，签收人：本人"
                    event = ParcelEvent(at=self.house.clock(), text=text, place="杭州")
                    await self.office.record_parcel_event(number, event)
            except ShopError:
                continue

    # -- watchers

    async def watch(self) -> None:
        """Looks at what was said in this round; the clock has stood still in it."""
        for row in await self.house.database.read(_said_at, self.house.clock()):
            await self._watch_one(row)

    async def _watch_one(self, row: Any) -> None:
        house, plan = self.house, self.house.settings.shop.follow_ups
        name = row.response.removeprefix(PREFIX)
        kind = house.kinds[name.removesuffix("_several").removesuffix("_plain")]
        where = f"{row.buyer_id} {name} {row.at:%m-%d %H:%M}"
        self.said[kind.name] += 1
        dealer = next((one for one in self.dealers if one.buyer_id == row.buyer_id), None)
        moment = row.at.astimezone(house.settings.shop.zone)
        good = any(window.holds(moment.time()) for window in plan.windows)
        if (kind.in_good_hours and not good) or plan.quiet.holds(moment.time()):
            self.wrong.tell("at a bad hour", where)
        got = self._sent_at[row.buyer_id]
        got.append(row.at)
        for days, most in ((30, plan.at_most_in_30_days), (40, plan.at_most_in_40_days)):
            if sum(1 for at in got if at > row.at - timedelta(days=days)) > most:
                self.wrong.tell("beyond the cap", where)
        stopped_at = dealer.opted_out_at if dealer else None
        was_asked_for = kind.asked_by is AskedBy.BUYER
        if stopped_at and not (was_asked_for and row.planned_at > stopped_at):
            self.wrong.tell("after an opt-out", where)
        chats = await house.database.read(_statuses, row.buyer_id)
        held = {Status.WITH_AGENT.value, Status.WAITING.value}
        if kind.planned_by == PROMISE:  # who waits is told that it takes longer
            held = {Status.WITH_AGENT.value}
        if held & set(chats):
            self.wrong.tell("while a person is in a chat", where)
        number = str(row.about.get("order_number") or "")
        if number:
            order = await house.shop.order(number, Access(buyer_id=row.buyer_id))
            assert order is not None
            if kind.name == "unpaid_order" and order.status is not OrderStatus.AWAITING_PAYMENT:
                self.wrong.tell("after its reason went", where)
            if kind.planned_by == PROMISE and order.status not in UNSENT:
                self.wrong.tell("after its reason went", where)
            if kind.name in ("due", "parcel_late", "shipped") and order.status not in UNDER_WAY:
                self.wrong.tell("after its reason went", where)

    async def twice(self) -> None:
        """At the end: the same thing in two messages."""
        things = Counter(await self.house.database.read(_things_said))
        for thing, count in things.items():
            if count > 1:
                self.wrong.tell("said twice", f"{thing}: {count}")


def _said_at(connection: Connection, now: datetime) -> list[Any]:
    """What was said of itself at this moment: among the last lines of each chat."""
    query = (
        sa.select(
            messages.c.response,
            messages.c.at,
            conversations.c.buyer_id,
            follow_ups.c.about,
            follow_ups.c.planned_at,
        )
        .select_from(
            conversations.join(
                messages,
                sa.and_(
                    messages.c.conversation_id == conversations.c.conversation_id,
                    messages.c.seq > conversations.c.last_seq - 3,
                ),
            ).join(
                follow_ups,
                messages.c.message_id.startswith(
                    sa.literal("follow-up-")
                    + sa.cast(follow_ups.c.follow_up_id, sa.String)
                    + sa.literal("-")
                )
                & (follow_ups.c.buyer_id == conversations.c.buyer_id),
            )
        )
        .where(messages.c.at == now, messages.c.author == Author.BOT.value)
    )
    return list(connection.execute(query))


def _things_said(connection: Connection) -> list[str]:
    """The follow-up's number of each message that was said of itself to a buyer."""
    query = sa.select(messages.c.message_id).where(
        messages.c.message_id.startswith("follow-up-"), messages.c.author == Author.BOT.value
    )
    return [str(one).split("-")[2] for one in connection.execute(query).scalars()]


def _open_orders(connection: Connection) -> list[tuple[str, str]]:
    wanted = (OrderStatus.PAID.value, OrderStatus.SHIPPED.value)
    orders = tables.orders.c
    query = sa.select(orders.number, orders.status).where(
        orders.status.in_(wanted), orders.buyer_id.startswith("buyer-sim")
    )
    return [tuple(row) for row in connection.execute(query.order_by(orders.number))]


def _statuses(connection: Connection, buyer_id: str) -> list[str]:
    query = sa.select(conversations.c.status).where(conversations.c.buyer_id == buyer_id)
    return list(connection.execute(query).scalars())


def _fill_shelves(connection: Connection) -> None:
    connection.execute(tables.skus.update().values(on_hand=tables.skus.c.reserved + 1_000_000))
