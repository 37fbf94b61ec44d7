"""What a judgement goes by, read from the house's own rows in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import store as conversations
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author
from bot.conversations.store import conversation_of
from bot.conversations.tables import messages, wishes
from bot.followups import promises as ledger
from bot.followups import statements as sql
from bot.followups import store
from bot.followups.kinds import PROMISE, Kind
from bot.followups.occasions import Occasion
from bot.followups.rules import AFTER_PERSON, AFTER_SEQ, Circumstances, FollowUp, FollowUpStatus
from bot.followups.tables import follow_ups

_HELD = (Status.WAITING.value, Status.WITH_AGENT.value)
_TALKING = (Status.WITH_AGENT.value,)
_COMPLAINED = ("complain", "report_defect", "report_wrong_item", "parcel_not_received",
               "return_request", "exchange_request")  # fmt: skip
_COMPLAINED_WITHIN = timedelta(days=7)
_NEWEST_LINES = 60  # of a chat, in which a person's last word is looked for


def look(
    connection: Connection, follow_up: FollowUp, kind: Kind, occasion: Occasion, now: datetime
) -> Circumstances:
    own = _chats(connection, follow_up.buyer_id)
    ended = occasion.ended_by or _ended_here(connection, follow_up, kind, own, now)
    return Circumstances(
        now=now,
        opted_out=store.has_opted_out(connection, follow_up, kind),
        person_in_chat=any(one.status.value in _held(kind) for one in own),
        last_buyer_at=_newest(own),
        sent_at=store.sent_times(connection, follow_up.buyer_id),
        reason_holds=not ended,
        ended_by=ended,
        not_yet=occasion.not_yet,
        has_written_since=_has_written_since(connection, follow_up),
        last_agent_at=_last_agent_line(connection, own, now),
        promised_until=None
        if kind.planned_by == PROMISE
        else _promised_until(connection, follow_up, now),
    )


def _held(kind: Kind) -> tuple[str, ...]:
    """Who waits for a person is told that it takes longer; who talks to one hears it there."""
    return _HELD if kind.planned_by != PROMISE else _TALKING


def chat_for(connection: Connection, follow_up: FollowUp) -> Conversation | None:
    """Where it is said: the chat it was planned in, or the one this buyer used last."""
    if follow_up.conversation_id:
        return conversations.find(connection, follow_up.conversation_id)
    own = _chats(connection, follow_up.buyer_id)
    return max(own, key=lambda one: one.last_buyer_at or one.opened_at, default=None)


def last_wrote_at(connection: Connection, buyer_id: str) -> datetime | None:
    """When this buyer's own last line came, at whichever door."""
    return _newest(_chats(connection, buyer_id))


def _newest(own: list[Conversation]) -> datetime | None:
    return max((at for one in own if (at := one.last_buyer_at) is not None), default=None)


def _chats(connection: Connection, buyer_id: str) -> list[Conversation]:
    """All of this buyer's, at whichever door."""
    return [conversation_of(row) for row in connection.execute(sql.CHATS, {"buyer": buyer_id})]


def _last_agent_line(
    connection: Connection, own: list[Conversation], now: datetime
) -> datetime | None:
    newest = [
        sa.and_(
            messages.c.conversation_id == one.conversation_id,
            messages.c.seq > one.last_seq - _NEWEST_LINES,
        )
        for one in own
    ]
    query = sa.select(sa.func.max(messages.c.at)).where(
        sa.or_(sa.false(), *newest),
        messages.c.author == Author.AGENT.value,
        messages.c.at > now - AFTER_PERSON,
    )
    moment: datetime | None = connection.execute(query).scalar()
    return moment


def _promised_until(connection: Connection, follow_up: FollowUp, now: datetime) -> datetime | None:
    which = {"buyer": follow_up.buyer_id, "now": now}
    moment: datetime | None = connection.execute(sql.PROMISED_UNTIL, which).scalar()
    return moment


def _has_written_since(connection: Connection, follow_up: FollowUp) -> bool | None:
    seq = follow_up.about.get(AFTER_SEQ)
    if not isinstance(seq, int) or not follow_up.conversation_id:
        return None
    since = conversations.after(connection, follow_up.conversation_id, seq)
    return any(message.author is Author.BUYER for message in since)


def _ended_here(
    connection: Connection,
    follow_up: FollowUp,
    kind: Kind,
    own: list[Conversation],
    now: datetime,
) -> str:
    """The ending that came by the house's own rows; "" where none did."""
    if "complained" in kind.ends_when and _has_complained(connection, own, now):
        return "complained"
    if "reviewed" in kind.ends_when and _has_reviewed(connection, follow_up):
        return "reviewed"
    promise_id = follow_up.about.get("promise_id")
    if "kept" in kind.ends_when and not ledger.is_owed(connection, promise_id):
        return "kept"
    return ""


def _has_complained(connection: Connection, own: list[Conversation], now: datetime) -> bool:
    query = sa.select(wishes.c.seq).where(
        wishes.c.conversation_id.in_([one.conversation_id for one in own]),
        wishes.c.intent.in_(_COMPLAINED),
        wishes.c.asked_at > now - _COMPLAINED_WITHIN,
    )
    return connection.execute(query.limit(1)).first() is not None


def _has_reviewed(connection: Connection, follow_up: FollowUp) -> bool:
    """Answers to a review are planned under its order's number."""
    query = sa.select(follow_ups.c.follow_up_id).where(
        follow_ups.c.buyer_id == follow_up.buyer_id,
        follow_ups.c.kind.in_(("thanks", "bad_review")),
        follow_ups.c.key == str(follow_up.about.get("order_number", "")),
    )
    return connection.execute(query.limit(1)).first() is not None


def is_planned(connection: Connection, follow_up: FollowUp) -> bool:
    query = sa.select(follow_ups.c.status).where(
        follow_ups.c.follow_up_id == follow_up.follow_up_id
    )
    return bool(connection.execute(query).scalar() == FollowUpStatus.PLANNED.value)
