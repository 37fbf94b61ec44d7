"""Judges due follow-ups again and says those that still hold, once, in the buyer's chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.engine import Connection

from bot.conversations import store as conversations
from bot.conversations.conversation import Status
from bot.conversations.messages import Author, Message
from bot.database import Database, DatabaseUnavailable, lock
from bot.followups import store
from bot.followups.occasions import Occasion, Occasions
from bot.followups.rules import (
    AFTER_SEQ,
    Circumstances,
    Drop,
    FollowUp,
    Postpone,
    Reason,
    Send,
    judge,
)
from bot.settings import FollowUpPlan
from bot.shop.errors import ShopError

log = structlog.get_logger(__name__)

_SHOP_DOWN = timedelta(minutes=10)
_BROKEN = timedelta(hours=6)


class Interjects(Protocol):
    """The part of `conversations.turns.Turns` that speaks outside a turn."""

    async def interject(
        self,
        conversation_id: str,
        message_id: str,
        response: str,
        values: dict[str, Any],
        slots: dict[str, Any],
        still_holds: Callable[[Connection, Message], bool],
    ) -> bool: ...


class FollowUpSender:
    def __init__(
        self,
        *,
        database: Database,
        occasions: Occasions,
        turns: Interjects,
        plan: FollowUpPlan,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._occasions, self._turns = database, occasions, turns
        self._plan, self._zone, self._clock = plan, zone, clock

    async def run(self, every_s: float = 30.0) -> None:
        """Until cancelled: sends what is due."""
        while True:
            try:
                await self.send_due()
            except DatabaseUnavailable:
                log.warning("follow_ups.database_unavailable")
            await asyncio.sleep(every_s)

    async def send_due(self) -> int:
        """Judges everything that is due now; how many were sent."""
        sent = 0
        for follow_up in await self._database.read(store.due, self._clock()):
            try:
                sent += await self._handle(follow_up)
            except DatabaseUnavailable:
                raise
            except Exception as error:  # one that cannot be judged or said must not hold up others
                log.error(
                    "follow_up.failed",
                    kind=follow_up.kind,
                    error=type(error).__name__,
                    exc_info=True,
                )
                await self._postpone(follow_up, self._clock() + _BROKEN)
        return sent

    async def _handle(self, follow_up: FollowUp) -> bool:
        try:
            occasion = await self._occasions.of(follow_up)
        except ShopError:
            await self._postpone(follow_up, self._clock() + _SHOP_DOWN)
            return False
        if occasion is None:
            await self._database.run(store.drop, follow_up.follow_up_id, Reason.UNKNOWN_KIND)
            return False
        seen = await self._database.read(self._look, follow_up, occasion)
        verdict = judge(follow_up, seen, self._plan, self._zone)
        if isinstance(verdict, Drop):
            await self._database.run(store.drop, follow_up.follow_up_id, verdict.reason)
            return False
        if isinstance(verdict, Postpone):
            await self._postpone(follow_up, verdict.until)
            return False
        return await self._send(follow_up, occasion)

    async def _send(self, follow_up: FollowUp, occasion: Occasion) -> bool:
        def still_holds(connection: Connection, message: Message) -> bool:
            # Judged once more where nobody can come between: caps hold across processes too.
            lock(connection, f"follow-up:{follow_up.buyer_id}")
            seen = self._look(connection, follow_up, occasion)
            if not isinstance(judge(follow_up, seen, self._plan, self._zone), Send):
                return False
            return store.mark_sent(connection, follow_up.follow_up_id, message.seq, self._clock())

        sent = await self._turns.interject(
            follow_up.conversation_id,
            f"follow-up-{follow_up.follow_up_id}-{follow_up.planned_at:%Y%m%d%H%M%S}",
            f"utter_follow_up_{follow_up.kind}",
            dict(occasion.values),
            {"followup_kind": follow_up.kind, "followup_about": dict(follow_up.about)},
            still_holds,
        )
        log.info("follow_up.sent" if sent else "follow_up.withheld", kind=follow_up.kind)
        return sent

    async def _postpone(self, follow_up: FollowUp, until: datetime) -> None:
        await self._database.run(store.postpone, follow_up.follow_up_id, until)

    def _look(
        self, connection: Connection, follow_up: FollowUp, occasion: Occasion
    ) -> Circumstances:
        conversation = conversations.find(connection, follow_up.conversation_id)
        assert conversation is not None  # conversations are not deleted
        return Circumstances(
            now=self._clock(),
            opted_out=store.has_opted_out(connection, follow_up),
            person_in_chat=conversation.status in (Status.WAITING, Status.WITH_AGENT),
            last_buyer_at=conversation.last_buyer_at,
            sent_at=store.sent_times(connection, follow_up.buyer_id),
            reason_holds=occasion.holds,
            not_yet=occasion.not_yet,
            has_written_since=_has_written_since(connection, follow_up),
        )


def _has_written_since(connection: Connection, follow_up: FollowUp) -> bool | None:
    seq = follow_up.about.get(AFTER_SEQ)
    if not isinstance(seq, int):
        return None
    since = conversations.after(connection, follow_up.conversation_id, seq)
    return any(message.author is Author.BUYER for message in since)
