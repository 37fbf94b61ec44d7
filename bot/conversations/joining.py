"""A visitor who signs in has two chats: they are known as one person's, and nobody waits in the old one.

The visitor's chat stays the visitor's: whoever holds its token may hear nothing of the buyer's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import sessions, store, waits
from bot.conversations.announcing import announce
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author, Message, system_line
from bot.conversations.news import News
from bot.conversations.receiving import existing
from bot.conversations.sessions import Ended
from bot.conversations.tables import conversations, joined_conversations, messages
from bot.database import Database

_GONE_ON = "买家登录了，后面的话在登录后的对话里"
_STILL_WAITING = "登录前请的人工客服还在为您排着，不用再请一次"
_STILL_THERE = "客服接着为您服务，登录前说的都看得到"


@dataclass(frozen=True, kw_only=True)
class OtherTalk:
    """A chat of the same person."""

    conversation_id: str
    is_visitors: bool  # before the sign-in
    opened_at: datetime
    first_text: str  # the buyer's first line; "" where there is none


class Joining:
    def __init__(self, *, database: Database, news: News, clock: Callable[[], datetime]) -> None:
        self._database, self._news, self._clock = database, news, clock

    async def join(self, visitor: Conversation, buyers: Conversation) -> bool:
        """Whether they were two until now. Who waited for a person, or had one, has so in the
        buyer's chat, unless a person is in that one already."""
        changed = await self._database.run(
            _join, visitor.conversation_id, buyers.conversation_id, self._clock()
        )
        for conversation, said in changed or ():
            announce(self._news, conversation, said)
        return changed is not None


_Changed = list[tuple[Conversation, list[Message]]]


def _join(
    connection: Connection, visitors_id: str, buyers_id: str, now: datetime
) -> _Changed | None:
    locked = {one: existing(connection, one) for one in sorted((visitors_id, buyers_id))}
    visitor, buyers = locked[visitors_id], locked[buyers_id]
    if not visitor.last_seq or _continues_in(connection, visitors_id):
        return None
    connection.execute(
        joined_conversations.insert().values(
            conversation_id=visitors_id, continues_in=buyers_id, at=now
        )
    )
    taken_over = _with_the_person(visitor, buyers)
    if taken_over == buyers:
        return []
    in_hours = waits.began_in_hours(connection, visitors_id)
    closed = sessions.end(connection, visitor.close(), Ended.CLOSED, now)
    for before, after in ((visitor, closed), (buyers, taken_over)):
        store.save(connection, after)
        waits.moved(connection, before, after, now)
    is_waiting = taken_over.status is Status.WAITING
    if is_waiting:
        waits.begin(connection, taken_over, in_hours=in_hours)
    else:
        store.leave_to_people(connection, buyers_id)
    told = _STILL_WAITING if is_waiting else _STILL_THERE
    return [
        (one, [store.append(connection, system_line(one.conversation_id, words, now))])
        for one, words in ((closed, _GONE_ON), (taken_over, told))
    ]


def _with_the_person(visitor: Conversation, buyers: Conversation) -> Conversation:
    """The buyer's chat with the visitor's place in the queue, or with the visitor's agent."""
    is_free = buyers.status in (Status.WITH_BOT, Status.CLOSED)
    if visitor.status is Status.WAITING and is_free:
        return replace(
            buyers,
            status=Status.WAITING,
            waiting_since=visitor.waiting_since,
            hand_over_reason=visitor.hand_over_reason,
            summary=visitor.summary,
            person_was_in=True,
            urgency=visitor.urgency,
            promised_for=visitor.promised_for,
        )
    if visitor.status is Status.WITH_AGENT and buyers.status is not Status.WITH_AGENT:
        return replace(
            buyers.take(visitor.assignee),
            hand_over_reason=visitor.hand_over_reason,
            summary=visitor.summary or buyers.summary,
        )
    return buyers


def _continues_in(connection: Connection, conversation_id: str) -> str:
    query = sa.select(joined_conversations.c.continues_in).where(
        joined_conversations.c.conversation_id == conversation_id
    )
    return str(connection.execute(query).scalar() or "")


def ids_of_buyer(buyer_id: str) -> sa.Select[tuple[str]]:
    """Of the buyer's chats, with what they said as a visitor before they signed in."""
    joined, table = joined_conversations.c, conversations.c
    own = sa.select(table.conversation_id).where(table.buyer_id == buyer_id)
    before = sa.select(joined.conversation_id).where(joined.continues_in.in_(own))
    return sa.select(table.conversation_id).where(
        sa.or_(table.buyer_id == buyer_id, table.conversation_id.in_(before))
    )


_OWN = sa.select(conversations.c.conversation_id).where(
    conversations.c.buyer_id == sa.bindparam("buyer")
)
_SINCE = sa.select(joined_conversations.c.continues_in).where(
    joined_conversations.c.conversation_id.in_(_OWN)
)
_BEFORE = sa.select(joined_conversations.c.conversation_id).where(
    joined_conversations.c.continues_in.in_(_OWN)
)
_SAME_PERSON = sa.select(conversations.c.buyer_id).where(
    sa.or_(
        conversations.c.conversation_id.in_(_SINCE), conversations.c.conversation_id.in_(_BEFORE)
    )
)


def same_person(connection: Connection, buyer_id: str) -> list[str]:
    """The other buyer ids of this person: as a visitor before a sign-in, and since."""
    return sorted(set(connection.execute(_SAME_PERSON, {"buyer": buyer_id}).scalars()) - {buyer_id})


def others_of(connection: Connection, conversation_id: str) -> list[OtherTalk]:
    """The same person's chats beside this one, the oldest first."""
    joined = joined_conversations.c
    home = _continues_in(connection, conversation_id) or conversation_id
    ids = set(
        connection.execute(
            sa.select(joined.conversation_id).where(joined.continues_in == home)
        ).scalars()
    ) | {home}
    first = (
        sa.select(messages.c.text)
        .where(
            messages.c.conversation_id == conversations.c.conversation_id,
            messages.c.author == Author.BUYER.value,
        )
        .order_by(messages.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(
            conversations.c.conversation_id,
            conversations.c.signed_in,
            conversations.c.opened_at,
            first.label("first_text"),
        )
        .where(conversations.c.conversation_id.in_(ids - {conversation_id}))
        .order_by(conversations.c.opened_at, conversations.c.conversation_id)
    )
    return [
        OtherTalk(
            conversation_id=row.conversation_id,
            is_visitors=not row.signed_in,
            opened_at=row.opened_at,
            first_text=row.first_text or "",
        )
        for row in connection.execute(query)
    ]
