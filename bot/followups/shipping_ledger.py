"""The bot's promise of the day on which a paid order leaves: from the shop's own reckoning, kept by its rows.

The source line is the newest one in which the buyer was told of the day; an order that was paid
elsewhere has none, and its promise bears the number of the shop's happening instead.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages
from bot.followups import promises
from bot.followups.facts import day_text
from bot.followups.kinds import Kinds
from bot.followups.promise import Matter, PromiseStatus
from bot.settings import FollowUpPlan
from bot.shop.words.dealing import Access
from bot.shop.words.happening import Happening, HappeningKind
from bot.shop.words.port import Shop

# Replies that tell on which day an order leaves.
TELL_THE_DAY = (
    "utter_order_placed", "utter_paid_check_address", "utter_ships_on", "utter_ships_once_paid",
)  # fmt: skip
_SAID_WITHIN = timedelta(days=2)

Entry = Callable[[Connection, datetime], None]


class ShippingLedger:
    def __init__(self, shop: Shop, kinds: Kinds, plan: FollowUpPlan, zone: ZoneInfo) -> None:
        self._shop, self._kinds, self._plan, self._zone = shop, kinds, plan, zone

    async def entry(self, told: Happening) -> Entry | None:
        """What the happening writes into the ledger; None: nothing. Raises ShopError."""
        if told.kind is HappeningKind.SHIPPED:
            return lambda connection, now: _keep(connection, told.order_number, now)
        if told.kind is not HappeningKind.PAID:
            return None
        order = await self._shop.order(told.order_number, Access(buyer_id=told.buyer_id))
        if order is None or order.ships_on is None or order.ships_late:
            return None
        # Nobody is written to at night: what has not left by then was not sent on that day.
        due_at = datetime.combine(order.ships_on, self._plan.quiet.start, self._zone)
        text = f"{day_text(order.ships_on)}发货"

        def write(connection: Connection, now: datetime) -> None:
            conversation_id, seq = _source(connection, told.buyer_id, now) or ("", told.number)
            made = promises.make(
                connection,
                conversation_id=conversation_id,
                buyer_id=told.buyer_id,
                seq=seq,
                matter=Matter.SHIP,
                text=text,
                made_at=min(told.at, now),
                due_at=due_at,
                order_number=told.order_number,
            )
            if made is not None:
                promises.plan_telling(connection, made, self._kinds, now)

        return write if due_at > told.at else None


def _keep(connection: Connection, order_number: str, now: datetime) -> None:
    for promise in promises.open_with(connection, order_number, Matter.SHIP):
        promises.end(connection, promise, PromiseStatus.KEPT, "shipped", now)


def _source(connection: Connection, buyer_id: str, now: datetime) -> tuple[str, int] | None:
    query = (
        sa.select(messages.c.conversation_id, messages.c.seq)
        .select_from(
            messages.join(
                conversations, conversations.c.conversation_id == messages.c.conversation_id
            )
        )
        .where(
            conversations.c.buyer_id == buyer_id,
            messages.c.author == Author.BOT.value,
            messages.c.response.in_(TELL_THE_DAY),
            messages.c.at > now - _SAID_WITHIN,
        )
        .order_by(messages.c.at.desc(), messages.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.conversation_id, row.seq) if row is not None else None
