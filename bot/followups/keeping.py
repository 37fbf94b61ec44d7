"""Sees whether promises are kept, warns before one breaks, and writes down what came of it.

What keeps a promise is read from the shop's rows and the agents' answers, whoever wrote them: nobody
has to tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from bot.conversations import store as conversations
from bot.conversations.conversation import Status
from bot.conversations.messages import Author
from bot.conversations.tables import messages
from bot.database import Database, DatabaseUnavailable
from bot.followups import promises
from bot.followups.promise import FOUND_FOR, Matter, Promise, PromiseStatus
from bot.followups.rules import FollowUpStatus
from bot.followups.tables import follow_ups
from bot.shop.words.dealing import Access, Order, OrderStatus, ReturnStatus
from bot.shop.words.errors import ShopError
from bot.shop.words.port import Shop

log = structlog.get_logger(__name__)

Ending = tuple[PromiseStatus, str]
Warn = Callable[[Connection, Sequence[Promise], datetime], None]
"""Told of promises that are about to break, in the transaction that marks them."""

_SAME_BREATH = timedelta(minutes=10)  # an agent's words right after a promise do not keep it
_STILL_TOLD = timedelta(days=2)  # that it was broken
# Shipping is heard from the feed at once; the shop is asked when it matters.
_ASK_THE_SHOP = (Matter.SHIP, Matter.REFUND)
_WAITING = (OrderStatus.PAID, OrderStatus.PACKED)
_GONE = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED)
_SAID = (FollowUpStatus.SENT.value, FollowUpStatus.JOINED.value)


def _no_warning(connection: Connection, found: Sequence[Promise], now: datetime) -> None:
    return None


class PromiseKeeper:
    def __init__(
        self,
        *,
        database: Database,
        shop: Shop,
        clock: Callable[[], datetime],
        warn: Warn = _no_warning,
        tell: Callable[[Promise], None] = lambda _: None,
    ) -> None:
        """`tell`: after the commit, for open pages."""
        self._database, self._shop, self._clock = database, shop, clock
        self._warn, self._tell = warn, tell

    async def run(
        self, has_jumped: Callable[[], bool] = lambda: False, every_s: float = 30.0
    ) -> None:
        """Until cancelled. For a round after the clock has jumped it waits: what is broken stays
        broken when the clock is set right."""
        while True:
            try:
                if has_jumped():
                    log.warning("promises.clock_jumped")
                else:
                    await self.sweep()
            except (DatabaseUnavailable, ShopError):
                log.warning("promises.unavailable")
            await asyncio.sleep(every_s)

    async def sweep(self) -> int:
        """Looks at all that stand; how many have ended. Raises ShopError, DatabaseUnavailable."""
        now = self._clock()
        found = await self._database.read(
            promises.standing, (PromiseStatus.OPEN, PromiseStatus.FOUND)
        )
        ended, standing = 0, []
        for promise in found:
            await asyncio.sleep(0)  # SQLite is read without letting go: buyers come between
            if await self._has_ended(promise, now):
                ended += 1
            elif promise.status is PromiseStatus.OPEN:
                standing.append(promise)
        await self._warn_of(standing, now)
        for promise in await self._database.read(
            promises.standing, (PromiseStatus.BROKEN,), since=now - _STILL_TOLD
        ):
            if promise.told_at is None and await self._kept(promise):
                await self._database.run(promises.leave_untold, promise, now)
        return ended

    async def _has_ended(self, promise: Promise, now: datetime) -> bool:
        if promise.status is PromiseStatus.FOUND:
            is_old = now > promise.made_at + FOUND_FOR
            return is_old and await self._end(promise, (PromiseStatus.DISMISSED, ""), now)
        if promise.matter in _ASK_THE_SHOP and now < promise.warns_at:
            return False
        ending = await self._ending(promise, now)
        return ending is not None and await self._end(promise, ending, now)

    async def _end(self, promise: Promise, ending: Ending, now: datetime) -> bool:
        status, by = ending
        ended = await self._database.run(promises.end, promise, status, by, now)
        if ended:
            log.info("promise.ended", status=status.value, matter=promise.matter.value)
            self._tell(promise)
        return ended

    async def _warn_of(self, standing: Sequence[Promise], now: datetime) -> None:
        due = [
            one
            for one in standing
            if one.warned_at is None and one.matter.is_dated and now >= one.warns_at
        ]

        def write(connection: Connection) -> list[Promise]:
            marked = [one for one in due if promises.mark_warned(connection, one, now)]
            if marked:
                self._warn(connection, marked, now)
            return marked

        for promise in await self._database.run(write) if due else ():
            log.info("promise.warned", matter=promise.matter.value)
            self._tell(promise)

    async def _ending(self, promise: Promise, now: datetime) -> Ending | None:
        """What has ended it by now; None while it stands."""
        kept = await self._kept(promise)
        if kept is not None:
            return kept
        if now <= promise.due_at:
            return None
        if not promise.matter.is_dated:
            return PromiseStatus.WITHDRAWN, "never came"
        if promise.matter is Matter.SHIP and await self._is_only_not_scanned(promise):
            return None
        return PromiseStatus.BROKEN, ""

    async def _kept(self, promise: Promise) -> Ending | None:
        match promise.matter:
            case Matter.SHIP if promise.order_number:
                return _by_order(await self._order(promise))
            case Matter.REFUND:
                return await self._by_refund(promise)
            case Matter.RESTOCK:
                return await self._database.read(_by_notice, promise)
            case Matter.RESEND:
                return None  # nothing in the shop's rows tells of it: the agent does
        return await self._database.read(_by_answer, promise)

    async def _order(self, promise: Promise) -> Order | None:
        return await self._shop.order(promise.order_number, Access(buyer_id=promise.buyer_id))

    async def _is_only_not_scanned(self, promise: Promise) -> bool:
        """Packed, and within the day of grace that the shop itself gives (bot/shop/embedded/promise.py)."""
        order = await self._order(promise) if promise.order_number else None
        return order is not None and order.status is OrderStatus.PACKED and not order.ships_late

    async def _by_refund(self, promise: Promise) -> Ending | None:
        for case in await self._shop.returns_of(promise.buyer_id):
            is_since = case.refunded_at is not None and case.refunded_at >= promise.made_at
            if case.status is ReturnStatus.REFUNDED and is_since:
                return PromiseStatus.KEPT, "refunded"
        return None


def _by_order(order: Order | None) -> Ending | None:
    if order is None or order.status in _GONE:
        return (PromiseStatus.KEPT, "shipped") if order else (PromiseStatus.WITHDRAWN, "no order")
    return None if order.status in _WAITING else (PromiseStatus.WITHDRAWN, order.status.value)


def _by_answer(connection: Connection, promise: Promise) -> Ending | None:
    """An agent's words since then; of the bot's promise any, of an agent's own not the next ones."""
    since = promise.made_at if promise.is_bots else promise.made_at + _SAME_BREATH
    query = sa.select(messages.c.agent).where(
        messages.c.conversation_id == promise.conversation_id,
        messages.c.seq > promise.seq,
        messages.c.author == Author.AGENT.value,
        messages.c.at >= since,
    )
    row = connection.execute(query.limit(1)).first()
    if row is not None:
        return PromiseStatus.KEPT, "answered"
    conversation = conversations.find(connection, promise.conversation_id)
    if conversation is None:
        return PromiseStatus.WITHDRAWN, "no conversation"
    nobody_waits = conversation.status in (Status.WITH_BOT, Status.CLOSED)
    return (PromiseStatus.WITHDRAWN, "not needed") if promise.is_bots and nobody_waits else None


def _by_notice(connection: Connection, promise: Promise) -> Ending | None:
    query = sa.select(follow_ups.c.about).where(
        follow_ups.c.buyer_id == promise.buyer_id,
        follow_ups.c.kind == Matter.RESTOCK.value,
        follow_ups.c.status.in_(_SAID),
        follow_ups.c.sent_at >= promise.made_at,
    )
    about: Mapping[str, Any]
    for about in connection.execute(query).scalars():
        if not promise.product_id or about.get("product_id") == promise.product_id:
            return PromiseStatus.KEPT, "notified"
    return None
