"""The watchers: what was said is read from the messages themselves, and whether it was right from the
shop and the chats as they are at that moment, for nothing else happens while the sender works."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bench.followups.dealings import Dealer
from bot.conversations.conversation import Status
from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages
from bot.followups.kinds import PROMISE, AskedBy, Kind
from bot.followups.tables import follow_ups
from bot.shop.words.dealing import Access, OrderStatus
from tests.support.house import House

PREFIX, MESSAGE = "utter_follow_up_", "follow-up-"
UNDER_WAY = (OrderStatus.SHIPPED,)
UNSENT = (OrderStatus.PAID, OrderStatus.PACKED)
HAD = (OrderStatus.DELIVERED, OrderStatus.COMPLETED)
# In which state the order of a kind may be spoken of.
_STATES = {
    "unpaid_order": (OrderStatus.AWAITING_PAYMENT,),
    "shipped": UNDER_WAY, "due": UNDER_WAY, "parcel_late": UNDER_WAY,
    "signed": HAD, "care": HAD, "review": HAD, "thanks": HAD,
}  # fmt: skip
_NOT_BOUGHT = (OrderStatus.CANCELLED, OrderStatus.CLOSED)


@dataclass
class Wrong:
    """What the watchers found, by what it breaks."""

    found: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def tell(self, what: str, where: str) -> None:
        self.found[what] += 1
        self.first.setdefault(what, where)


class Watchers:
    def __init__(self, house: House, dealers: Sequence[Dealer]) -> None:
        self._house = house
        self._dealers = {one.buyer_id: one for one in dealers}
        self.wrong = Wrong()
        self.said: Counter[str] = Counter()
        self._sent_at: defaultdict[str, list[datetime]] = defaultdict(list)
        self._seen: set[tuple[str, int]] = set()

    async def begin(self) -> None:
        """An index of their own: the house never asks for all lines of one moment."""
        await self._house.database.run(
            lambda connection: connection.exec_driver_sql(
                "CREATE INDEX IF NOT EXISTS watched_messages ON messages (at)"
            )
        )

    async def look(self) -> None:
        """At what was said in this round; the clock has stood still in it."""
        for row in await self._house.database.read(_said_at, self._house.clock()):
            line = (row["conversation_id"], row["seq"])
            if line not in self._seen:  # the clock may come by the same moment again
                self._seen.add(line)
                await self._look_at(row)

    async def _look_at(self, row: dict[str, Any]) -> None:
        house, buyer_id, at = self._house, row["buyer_id"], row["at"]
        name = row["response"].removeprefix(PREFIX)
        kind = house.kinds[name.removesuffix("_several").removesuffix("_plain")]
        where = f"{buyer_id} {name} {at:%m-%d %H:%M}"
        self.said[kind.name] += 1
        plan, moment = house.settings.shop.follow_ups, at.astimezone(house.settings.shop.zone)
        good = any(window.holds(moment.time()) for window in plan.windows)
        if (kind.in_good_hours and not good) or plan.quiet.holds(moment.time()):
            self.wrong.tell("at a bad hour", where)
        got = self._sent_at[buyer_id]
        got.append(at)
        for days, most in ((30, plan.at_most_in_30_days), (40, plan.at_most_in_40_days)):
            if sum(1 for one in got if one > at - timedelta(days=days)) > most:
                self.wrong.tell("beyond the cap", where)
        dealer = self._dealers.get(buyer_id)
        stopped_at = dealer.opted_out_at if dealer else None
        was_asked_for = kind.asked_by is AskedBy.BUYER
        if stopped_at and not (was_asked_for and row["planned_at"] > stopped_at):
            self.wrong.tell("after an opt-out", where)
        # Who waits is told that a promise takes longer.
        held = {Status.WITH_AGENT.value}
        if kind.planned_by != PROMISE:
            held.add(Status.WAITING.value)
        if held & set(await house.database.read(_statuses, buyer_id)):
            self.wrong.tell("while a person is in a chat", where)
        if not await self._has_reason(kind, row):
            self.wrong.tell("after its reason went", where)

    async def _has_reason(self, kind: Kind, row: dict[str, Any]) -> bool:
        shop, buyer_id, about = self._house.shop, row["buyer_id"], row["about"]
        if kind.name in ("undecided", "used_up"):
            bought = [
                order
                for order in await shop.orders_of(buyer_id, limit=50)
                if order.created_at > row["planned_at"] and order.status not in _NOT_BOUGHT
            ]
            wanted = about.get("product_id")
            return not any(
                kind.name == "undecided" or wanted in [line.product_id for line in order.lines]
                for order in bought
            )
        states = UNSENT if kind.planned_by == PROMISE else _STATES.get(kind.name)
        number = str(about.get("order_number") or "")
        if states is None or not number:
            return True
        order = await shop.order(number, Access(buyer_id=buyer_id))
        if order is None or order.status not in states:
            return False
        return kind.name != "parcel_late" or bool(order.parcel and order.parcel.is_late)

    async def look_for_doubles(self) -> None:
        """At the end: the same thing in two messages."""
        things = Counter(await self._house.database.read(_things_said))
        for thing, count in things.items():
            if count > 1:
                self.wrong.tell("said twice", f"{thing}: {count}")


def _number(message_id: str) -> int:
    return int(message_id.split("-")[2])


def _said_at(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """What was said of itself at this moment, with what it is about."""
    query = (
        sa.select(
            messages.c.conversation_id,
            messages.c.seq,
            messages.c.message_id,
            messages.c.response,
            messages.c.at,
            conversations.c.buyer_id,
        )
        .join(conversations, conversations.c.conversation_id == messages.c.conversation_id)
        .where(
            messages.c.at == now,
            messages.c.author == Author.BOT.value,
            messages.c.message_id.startswith(MESSAGE),
        )
        .order_by(messages.c.conversation_id, messages.c.seq)
    )
    found = [dict(row._mapping) for row in connection.execute(query)]
    columns = (follow_ups.c.follow_up_id, follow_ups.c.about, follow_ups.c.planned_at)
    numbers = [_number(one["message_id"]) for one in found]
    planned = {
        row.follow_up_id: row
        for row in connection.execute(
            sa.select(*columns).where(follow_ups.c.follow_up_id.in_(numbers))
        )
    }
    for one in found:
        its = planned[_number(one["message_id"])]
        one |= {"about": its.about, "planned_at": its.planned_at}
    return found


def _things_said(connection: Connection) -> list[int]:
    """The follow-up's number of each message that was said of itself to a buyer."""
    query = sa.select(messages.c.message_id).where(
        messages.c.message_id.startswith(MESSAGE), messages.c.author == Author.BOT.value
    )
    return [_number(one) for one in connection.execute(query).scalars()]


def _statuses(connection: Connection, buyer_id: str) -> list[str]:
    query = sa.select(conversations.c.status).where(conversations.c.buyer_id == buyer_id)
    return list(connection.execute(query).scalars())
