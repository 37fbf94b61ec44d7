"""Plans follow-ups in the transaction of the turn that asked for them."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.engine import Connection

from bot.conversations import store as conversations
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author
from bot.engine.turns import TurnResult
from bot.followups import store
from bot.followups.rules import AFTER_SEQ
from bot.settings import FollowUpPlan

log = structlog.get_logger(__name__)


def _last_seq(connection: Connection, conversation: Conversation) -> int:
    found = conversations.find(connection, conversation.conversation_id)
    return found.last_seq if found is not None else 0


class FollowUpPlanner:
    """Implements `conversations.turns.Planner`."""

    def __init__(self, plan: FollowUpPlan) -> None:
        self._plan = plan

    def after_turn(
        self,
        connection: Connection,
        conversation: Conversation,
        result: TurnResult,
        now: datetime,
    ) -> None:
        for wish in result.follow_ups:
            wait = self._plan.after.get(wish.kind)
            if wait is None:  # switched off in shop/settings.yml
                log.info("follow_up.not_configured", kind=wish.kind)
                continue
            store.plan(
                connection,
                conversation_id=conversation.conversation_id,
                buyer_id=conversation.buyer_id,
                kind=wish.kind,
                key=wish.key,
                about={**wish.about, AFTER_SEQ: _last_seq(connection, conversation)},
                now=now,
                due_at=now + wait,
            )

    def opt_out(self, connection: Connection, conversation: Conversation, now: datetime) -> None:
        store.opt_out(connection, conversation.buyer_id, now)

    def refuse(
        self,
        connection: Connection,
        conversation: Conversation,
        now: datetime,
        *,
        after_follow_up: bool,
    ) -> None:
        """What would win the buyer back is dropped, and the kind that was just answered."""
        kinds = {store.WINS_BACK}
        seq = store.last_sent_seq(connection, conversation.conversation_id)
        if after_follow_up and seq is not None:
            kind = store.refuse_sent(connection, conversation.conversation_id, seq)
            kinds |= {kind} if kind else set()
        store.refuse(connection, conversation.buyer_id, kinds)

    def was_last(self, connection: Connection, conversation: Conversation) -> bool:
        """Whether a follow-up was the last thing said to this buyer."""
        seq = store.last_sent_seq(connection, conversation.conversation_id)
        if seq is None:
            return False
        since = conversations.after(connection, conversation.conversation_id, seq)
        return all(message.author is Author.BUYER for message in since)
