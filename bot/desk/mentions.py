"""Notes that call a colleague: whom, where they stand, and whether they were seen.

What touches the database is inside its caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.desk.accounts import Agent, written_by
from bot.desk.tables import agents, mentions, notes

MOST_TOLD = 50  # a page


def called(text: str, people: Sequence[Agent], *, but: str) -> list[str]:
    """Accounts that a note calls, in its order, without `but`, who wrote it.

    Behind each @ stands a name as colleagues read it, or an account's; the longest that fits. Who
    share a name are all called: the one who is meant is among them.
    """
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for one in people:
        for name in {one.shown_name.casefold(), one.name.casefold()}:
            by_name[name].append(one.name)
    names = sorted(by_name, key=len, reverse=True)
    found: dict[str, None] = {}
    for part in text.casefold().replace("＠", "@").split("@")[1:]:
        first = next((one for one in names if _begins_with(part, one)), None)
        found |= dict.fromkeys(by_name[first] if first else [])
    return [one for one in found if one != but]


def _begins_with(part: str, name: str) -> bool:
    """A Latin name ends where its word ends; a Chinese one wherever it likes."""
    rest = part[len(name) :]
    goes_on = (name[-1:] + rest[:1]).isascii() and name[-1:].isalnum() and rest[:1].isalnum()
    return part.startswith(name) and not goes_on


def keep_mentions(
    connection: Connection, note_id: int, conversation_id: str, whom: Collection[str]
) -> None:
    rows = [{"agent": one, "note_id": note_id, "conversation_id": conversation_id} for one in whom]
    if rows:
        connection.execute(mentions.insert(), rows)


def see_mentions(
    connection: Connection, agent: str, conversation_id: str, note_id: int, now: datetime
) -> bool:
    """Up to this note; False where there was nothing new."""
    new = mentions.update().where(
        mentions.c.agent == agent,
        mentions.c.conversation_id == conversation_id,
        mentions.c.note_id <= note_id,
        mentions.c.seen_at.is_(None),
    )
    return bool(connection.execute(new.values(seen_at=now)).rowcount)


_MENTIONS = (
    sa.select(notes, mentions.c.seen_at, written_by(notes.c.agent))
    .join(mentions, mentions.c.note_id == notes.c.note_id)
    .outerjoin(agents, agents.c.name == notes.c.agent)
    .order_by(notes.c.note_id.desc())
    .limit(MOST_TOLD)
)


def unseen_of(connection: Connection, agent: str) -> list[dict[str, Any]]:
    """The newest first."""
    query = _MENTIONS.where(mentions.c.agent == agent, mentions.c.seen_at.is_(None))
    return [_told(row) for row in connection.execute(query)]


def mentions_of(connection: Connection, agent: str, *, before: int = 0) -> list[dict[str, Any]]:
    """A page of all, the newest first; `before`: a note's id, 0 = none."""
    query = _MENTIONS.where(mentions.c.agent == agent)
    if before:
        query = query.where(notes.c.note_id < before)
    return [{**_told(row), "is_seen": row.seen_at is not None} for row in connection.execute(query)]


def note_told(row: Row) -> dict[str, Any]:
    """`row`: of a note, with its `writer` (accounts.py)."""
    return {
        "note_id": row.note_id,
        "agent": row.agent,
        "agent_name": row.writer,
        "at": row.at.isoformat(),
        "text": row.text,
    }


def _told(row: Row) -> dict[str, Any]:
    return {"conversation_id": row.conversation_id, "note": note_told(row)}
