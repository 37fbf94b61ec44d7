"""Plans what the talk itself gives reason for, and hears refusals, in the transaction of the turn."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from bot.conversations import store as conversations
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author
from bot.conversations.tables import waits
from bot.engine.turns import TurnResult
from bot.followups import promises, results, store
from bot.followups.kinds import TALK, AskedBy, Kinds
from bot.followups.promise import Matter
from bot.followups.results import Result
from bot.followups.rules import AFTER_SEQ

UNDATED_FOR = timedelta(days=60)  # who waits for goods is told of no day

log = structlog.get_logger(__name__)


def _last_seq(connection: Connection, conversation: Conversation) -> int:
    found = conversations.find(connection, conversation.conversation_id)
    return found.last_seq if found is not None else 0


def _answered_by(connection: Connection, conversation: Conversation) -> datetime | None:
    """By when somebody answers who was told that people are not in; None where they are.

    In hours the usual wait is an estimate and promises nothing.
    """
    query = sa.select(waits.c.promised_for).where(
        waits.c.conversation_id == conversation.conversation_id,
        waits.c.ended_at.is_(None),
        waits.c.in_hours == sa.false(),
    )
    moment: datetime | None = connection.execute(query.limit(1)).scalar()
    return moment


class FollowUpPlanner:
    """Implements `conversations.turns.Planner`."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds

    def after_turn(
        self,
        connection: Connection,
        conversation: Conversation,
        result: TurnResult,
        now: datetime,
    ) -> None:
        self._promised(connection, conversation, result, now)
        intents = [one.intent for one in result.understood]
        results.of_turn(connection, conversation.conversation_id, intents, now)
        for wish in result.follow_ups:
            kind = self._kinds.get(wish.kind)
            if kind is None or kind.planned_by != TALK:  # switched off, or the shop tells of it
                log.info("follow_up.not_planned", kind=wish.kind)
                continue
            assert kind.after is not None  # the check refuses it of a kind that the talk plans
            store.plan(
                connection,
                conversation_id=conversation.conversation_id,
                buyer_id=conversation.buyer_id,
                kind=kind,
                key=wish.key,
                about={**wish.about, AFTER_SEQ: _last_seq(connection, conversation)},
                now=now,
                due_at=now + kind.after,
            )

    def _promised(
        self,
        connection: Connection,
        conversation: Conversation,
        result: TurnResult,
        now: datetime,
    ) -> None:
        """The promises of this turn's own words: who waits for goods, and for a person at night."""
        made = []
        seq = _last_seq(connection, conversation)
        for wish in result.promises:
            made.append((Matter(wish.matter), wish.text, now + UNDATED_FOR, wish.product_id))
        if result.hand_over is not None and (by := _answered_by(connection, conversation)):
            made.append((Matter.REPLY, "人工上班后联系您", by, ""))
        for matter, text, due_at, product_id in made:
            promise = promises.make(
                connection,
                conversation_id=conversation.conversation_id,
                buyer_id=conversation.buyer_id,
                seq=seq,
                matter=matter,
                text=text,
                made_at=now,
                due_at=due_at,
                product_id=product_id,
            )
            if promise is not None:
                promises.plan_telling(connection, promise, self._kinds, now)

    def opt_out(self, connection: Connection, conversation: Conversation, now: datetime) -> None:
        store.opt_out(connection, conversation.buyer_id, now)
        results.of_newest(connection, conversation.conversation_id, Result.OPT_OUT, now)

    def refuse(
        self,
        connection: Connection,
        conversation: Conversation,
        now: datetime,
        *,
        after_follow_up: bool,
    ) -> None:
        """What would win the buyer back is dropped, and the kind that was just answered."""
        kinds = set(store.WINS_BACK)
        seq = store.last_sent_seq(connection, conversation.conversation_id)
        if after_follow_up and seq is not None:
            kind = store.refuse_sent(connection, conversation.conversation_id, seq)
            results.of_newest(connection, conversation.conversation_id, Result.REFUSED, now)
            kinds |= {kind} if kind else set()
        asked_for = {one.name for one in self._kinds.values() if one.asked_by is AskedBy.BUYER}
        store.refuse(connection, conversation.buyer_id, kinds - asked_for, now)

    def was_last(self, connection: Connection, conversation: Conversation) -> bool:
        """Whether a follow-up was the last thing said to this buyer."""
        seq = store.last_sent_seq(connection, conversation.conversation_id)
        if seq is None:
            return False
        since = conversations.after(connection, conversation.conversation_id, seq)
        return all(message.author is Author.BUYER for message in since)
