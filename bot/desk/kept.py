"""What agents keep beside a conversation: drafts, notes, tags, and until when it is put aside.

Inside their caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.messages import Author
from bot.conversations.tables import messages
from bot.desk.accounts import written_by
from bot.desk.mentions import keep_mentions, note_told
from bot.desk.tables import agents, drafts, marks, notes

LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 1000, 12, 8


@dataclass(frozen=True, kw_only=True)
class Marks:
    tags: tuple[str, ...] = ()
    snoozed_until: datetime | None = None
    snoozed_seq: int = 0  # the last line then
    heard_seq: int = 0  # newest line of the buyer's, or that says who has the talk now


def keep_draft(
    connection: Connection, agent: str, conversation_id: str, text: str, now: datetime
) -> None:
    """ "" takes it away."""
    this = (drafts.c.agent == agent, drafts.c.conversation_id == conversation_id)
    connection.execute(sa.delete(drafts).where(*this))
    if text:
        connection.execute(
            drafts.insert().values(agent=agent, conversation_id=conversation_id, text=text, at=now)
        )


def draft_of(connection: Connection, agent: str, conversation_id: str) -> str:
    query = sa.select(drafts.c.text).where(
        drafts.c.agent == agent, drafts.c.conversation_id == conversation_id
    )
    return str(connection.execute(query).scalar() or "")


def add_note(
    connection: Connection,
    agent: str,
    conversation_id: str,
    text: str,
    now: datetime,
    *,
    calls: Collection[str] = (),
) -> int:
    """Its id. `calls`: accounts that find it among what calls them."""
    row = {"agent": agent, "conversation_id": conversation_id, "at": now, "text": text}
    (note_id,) = connection.execute(notes.insert().values(**row)).inserted_primary_key
    keep_mentions(connection, note_id, conversation_id, calls)
    return int(note_id)


def notes_of(connection: Connection, conversation_id: str) -> list[dict[str, Any]]:
    query = (
        sa.select(notes, written_by(notes.c.agent))
        .outerjoin(agents, agents.c.name == notes.c.agent)
        .where(notes.c.conversation_id == conversation_id)
        .order_by(notes.c.note_id)
    )
    return [note_told(row) for row in connection.execute(query)]


_MARKS = sa.select(
    marks,
    sa.select(sa.func.max(messages.c.seq))
    .where(
        messages.c.conversation_id == marks.c.conversation_id,
        messages.c.author.in_((Author.BUYER.value, Author.SYSTEM.value)),
    )
    .scalar_subquery()
    .label("heard_seq"),
).where(marks.c.conversation_id.in_(sa.bindparam("ids", expanding=True)))


def marks_of(connection: Connection, ids: Collection[str]) -> dict[str, Marks]:
    return {
        row.conversation_id: Marks(
            tags=tuple(row.tags),
            snoozed_until=row.snoozed_until,
            snoozed_seq=row.snoozed_seq or 0,
            heard_seq=row.heard_seq or 0,
        )
        for row in connection.execute(_MARKS, {"ids": list(ids)})
    }


def keep_tags(connection: Connection, conversation_id: str, tags: Sequence[str]) -> None:
    _mark(connection, conversation_id, tags=list(tags))


def snooze(
    connection: Connection, conversation_id: str, until: datetime | None, last_seq: int
) -> None:
    """None ends it. `last_seq`: of the conversation; a later line of the buyer's ends it too, and
    so does who has it next: for them it is new."""
    _mark(connection, conversation_id, snoozed_until=until, snoozed_seq=last_seq)


def _mark(connection: Connection, conversation_id: str, **values: Any) -> None:
    changed = connection.execute(
        marks.update().where(marks.c.conversation_id == conversation_id).values(**values)
    )
    if not changed.rowcount:
        row = {"tags": [], "snoozed_until": None, "snoozed_seq": None, **values}
        connection.execute(marks.insert().values(conversation_id=conversation_id, **row))
