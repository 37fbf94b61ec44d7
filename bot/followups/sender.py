"""Judges due follow-ups again and says those that still hold, once, in the buyer's chat."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.engine import Connection

from bot.conversations.messages import Message
from bot.conversations.speaking_first import StillHolds
from bot.database import Database, DatabaseUnavailable, lock
from bot.followups import claims, promises
from bot.followups.kinds import PROMISE, Kind, Kinds
from bot.followups.looking import chat_for, look
from bot.followups.occasions import Occasion, Occasions
from bot.followups.pushing import Push, no_push
from bot.followups.rules import (
    Drop,
    FollowUp,
    FollowUpStatus,
    Postpone,
    Reason,
    Send,
    judge,
)
from bot.followups.spreading import FEW, LATE, place_of
from bot.settings import FollowUpPlan
from bot.shop.words.errors import ShopError

log = structlog.get_logger(__name__)

_SHOP_DOWN = timedelta(minutes=10)
_BROKEN = timedelta(hours=6)
_CHAT_BUSY = timedelta(minutes=1)
_NO_CHAT = timedelta(days=1)


class NotSent(Exception):
    """It may not be said, or not now."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class SpeaksFirst(Protocol):
    """The part of `conversations.turns.Turns` that speaks outside a turn."""

    async def interject(
        self,
        conversation_id: str,
        message_id: str,
        response: str,
        values: dict[str, Any],
        slots: dict[str, Any],
        still_holds: StillHolds,
        also_waiting: bool = False,
    ) -> bool: ...

    async def leave_to_person(
        self,
        conversation_id: str,
        message_id: str,
        response: str,
        values: dict[str, Any],
        still_holds: StillHolds,
    ) -> bool: ...


class FollowUpSender:
    def __init__(
        self,
        *,
        database: Database,
        occasions: Occasions,
        turns: SpeaksFirst,
        kinds: Kinds,
        plan: FollowUpPlan,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        push: Push = no_push,
    ) -> None:
        """`push`: told of what is said, in the transaction that says it."""
        self._push = push
        self._database, self._occasions, self._turns = database, occasions, turns
        self._kinds, self._plan, self._zone, self._clock = kinds, plan, zone, clock
        self._worker = uuid.uuid4().hex

    async def run(
        self, has_jumped: Callable[[], bool] = lambda: False, every_s: float = 30.0
    ) -> None:
        """Until cancelled: sends what is due. For a round after the clock has jumped it waits: what
        is dropped as too old stays dropped when the clock is set right."""
        while True:
            try:
                if has_jumped():
                    log.warning("follow_ups.clock_jumped")
                else:
                    await self.send_due()
            except DatabaseUnavailable:
                log.warning("follow_ups.database_unavailable")
            await asyncio.sleep(every_s)

    async def send_due(self) -> int:
        """Judges everything that is due now; how many were sent."""
        now = self._clock()
        found = await self._database.run(claims.claim, now, self._worker)
        behind = await self._database.read(claims.backlog, now - LATE) if found else 0
        are_many = behind > FEW
        # Whoever waits in its place is not moved again: else a crowd that comes in faster than a
        # look can take it is only ever moved, and nothing is said.
        placed = await self._database.read(claims.in_their_place, found) if are_many else set()
        sent = 0
        for follow_up in found:
            await asyncio.sleep(0)  # SQLite is read without letting go: buyers come between
            try:
                is_late = now - follow_up.due_at > LATE and follow_up.follow_up_id not in placed
                if are_many and is_late:
                    await self._postpone(
                        follow_up, now + place_of(follow_up, behind), Reason.SPREAD
                    )
                    continue
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
                await self._postpone(follow_up, self._clock() + _BROKEN, Reason.BROKEN)
        return sent

    async def send_now(self, follow_up: FollowUp) -> None:
        """For an agent who does not want to wait for its hour. Raises NotSent."""
        kind = self._kinds.get(follow_up.kind)
        if kind is None:
            raise NotSent(Reason.UNKNOWN_KIND)
        try:
            occasion = await self._occasions.of(follow_up, kind)
            seen = await self._database.read(look, follow_up, kind, occasion, self._clock())
            verdict = judge(follow_up, seen, kind, self._plan, self._zone, by_agent=True)
            if not isinstance(verdict, Send):
                raise NotSent(verdict.reason)
            if await self._database.read(chat_for, follow_up) is None:
                raise NotSent(Reason.NO_CHAT)
            if not await self._say(follow_up, kind, occasion, by_agent=True):
                raise NotSent(Reason.CHAT_BUSY)
        except ShopError:
            raise NotSent(Reason.SHOP_DOWN) from None

    async def _handle(self, follow_up: FollowUp) -> bool:
        kind = self._kinds.get(follow_up.kind)
        if kind is None:
            await self._drop(follow_up, Reason.UNKNOWN_KIND)
            return False
        try:
            return await self._weigh(follow_up, kind)
        except ShopError:
            await self._postpone(follow_up, self._clock() + _SHOP_DOWN, Reason.SHOP_DOWN)
            return False

    async def _weigh(self, follow_up: FollowUp, kind: Kind) -> bool:
        """Raises ShopError."""
        occasion = await self._occasions.of(follow_up, kind)
        seen = await self._database.read(look, follow_up, kind, occasion, self._clock())
        verdict = judge(follow_up, seen, kind, self._plan, self._zone)
        if isinstance(verdict, Drop):
            await self._drop(follow_up, verdict.reason, seen.ended_by)
            return False
        if isinstance(verdict, Postpone):
            await self._postpone(follow_up, verdict.until, verdict.reason)
            return False
        return await self._say(follow_up, kind, occasion)

    async def _say(
        self, follow_up: FollowUp, kind: Kind, occasion: Occasion, *, by_agent: bool = False
    ) -> bool:
        """Raises ShopError."""
        chat = await self._database.read(chat_for, follow_up)
        if chat is None:
            await self._postpone(follow_up, self._clock() + _NO_CHAT, Reason.NO_CHAT)
            return False
        together = await self._together(follow_up, kind, occasion)
        words, values = kind.words, dict(await self._occasions.values(occasion))
        if not all(values.get(name) for name in kind.needs):
            words = kind.plain
        if len(together) > 1:
            words = kind.several
            values |= await self._occasions.values_of_several([its for _, its in together])
        message_id = f"follow-up-{follow_up.follow_up_id}-{follow_up.planned_at:%Y%m%d%H%M%S}"
        if kind.to_person:
            said = await self._turns.leave_to_person(
                chat.conversation_id,
                message_id,
                words,
                values,
                self._marks(follow_up, kind, occasion, (), FollowUpStatus.HANDED),
            )
        else:
            said = await self._turns.interject(
                chat.conversation_id,
                message_id,
                words,
                values,
                _slots(follow_up, kind, values),
                self._marks(
                    follow_up,
                    kind,
                    occasion,
                    [one for one, _ in together],
                    FollowUpStatus.SENT,
                    by_agent,
                ),
                kind.planned_by == PROMISE,
            )
        log.info("follow_up.sent" if said else "follow_up.withheld", kind=follow_up.kind)
        if not said:
            await self._postpone(follow_up, self._clock() + _CHAT_BUSY, Reason.CHAT_BUSY)
        return said

    def _marks(
        self,
        follow_up: FollowUp,
        kind: Kind,
        occasion: Occasion,
        together: Sequence[FollowUp],
        status: FollowUpStatus,
        by_agent: bool = False,
    ) -> StillHolds:
        """Judges once more where nobody can come between (caps hold across processes, too), and
        marks what is said."""

        def still_holds(connection: Connection, message: Message, wording: str) -> bool:
            lock(connection, f"follow-up:{follow_up.buyer_id}")
            now = self._clock()
            seen = look(connection, follow_up, kind, occasion, now)
            verdict = judge(follow_up, seen, kind, self._plan, self._zone, by_agent=by_agent)
            if not isinstance(verdict, Send):
                return False
            said = (message.conversation_id, message.seq)
            if not claims.mark_said(
                connection, follow_up, said, now, status=status, wording=wording
            ):
                return False
            if kind.planned_by == PROMISE:
                promises.mark_told(connection, follow_up.about["promise_id"], now)
            for other in together:
                claims.mark_joined(connection, other, now)
            if status is FollowUpStatus.SENT:
                self._push(connection, follow_up, kind, message)
            return True

        return still_holds

    async def _together(
        self, follow_up: FollowUp, kind: Kind, occasion: Occasion
    ) -> list[tuple[FollowUp, Occasion]]:
        """This one and what is planned of its kind for the same buyer, where that is one message.
        Raises ShopError."""
        if not kind.joins:
            return [(follow_up, occasion)]
        planned = await self._database.read(claims.planned_of, follow_up.buyer_id, follow_up.kind)
        holding = []
        for other in planned:
            is_this = other.follow_up_id == follow_up.follow_up_id
            its = occasion if is_this else await self._occasions.of(other, kind)
            if not its.ended_by:
                holding.append((other, its))
        return holding or [(follow_up, occasion)]

    async def _drop(self, follow_up: FollowUp, reason: Reason, detail: str = "") -> None:
        await self._database.run(claims.drop, follow_up, reason, self._clock(), detail)

    async def _postpone(self, follow_up: FollowUp, until: datetime, reason: Reason) -> None:
        await self._database.run(claims.postpone, follow_up, until, reason, self._clock())


def _slots(follow_up: FollowUp, kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the buyer's answer is about, and what was offered for it: the road goes on there."""
    about = {**follow_up.about, **({"amends": True} if values.get("amends") else {})}
    slots: dict[str, Any] = {"followup_kind": follow_up.kind, "followup_about": about}
    if about.get("order_number"):
        slots["order_in_talk"] = about["order_number"]
    if about.get("product_id"):
        slots["product_in_talk"] = about["product_id"]
    if kind.opens:
        slots["open_question"] = kind.opens
    return slots
