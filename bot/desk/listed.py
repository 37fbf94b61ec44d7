"""Conversations as the desk lists them, a page at a time: what stands on one line of the list."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.keys import CLOCK, CONVERSATIONS, DATABASE, ORIGINS
from bot.conversations.conversation import Conversation, Status
from bot.conversations.listing import count_waiting, of_ids
from bot.conversations.messages import Author, Message
from bot.conversations.tables import conversations, messages
from bot.desk.accounts import Agent
from bot.desk.crowds import crowded
from bot.desk.kept import Marks, marks_of
from bot.desk.masking import known_addresses, masked_summary, masked_text
from bot.desk.names import NAMES
from bot.desk.who import ACCOUNTS
from bot.handing_over import HandOverReason

LONGEST_GIST, _READ_OF_GIST = 100, 300  # characters
PAGE = 50
_REASONS = {one.value: one.text for one in HandOverReason}


async def listed(
    app: web.Application, found: Sequence[Conversation], crowd: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """The desk's JSON of each; as many queries for fifty as for one."""
    if crowd is None:
        can_be_behind = any(one.status is Status.WAITING and not one.signed_in for one in found)
        crowd = await crowd_of(app) if can_be_behind else ()
    ids = [one.conversation_id for one in found]

    def read(
        connection: Connection,
    ) -> tuple[dict[str, Message], dict[str, datetime], dict[str, Marks]]:
        with_agents = [one.conversation_id for one in found if one.status is Status.WITH_AGENT]
        return (
            _last_lines(connection, ids),
            _unanswered_since(connection, with_agents),
            marks_of(connection, ids),
        )

    last, unanswered, marked = await app[DATABASE].read(read)
    agents = {name for one in found for name in (one.assignee, one.last_agent) if name}
    people = {one.name: one for one in await app[ACCOUNTS].named(agents)}
    names = await app[NAMES].of(found)
    now = app[CLOCK]()
    # In a thread: what strangers wrote may be long, and reading addresses takes its time.
    shown = await asyncio.to_thread(
        lambda: [_shown(one, last.get(one.conversation_id)) for one in found]
    )
    return [
        {
            **row,
            "buyer_name": names[one.buyer_id],
            "assignee_name": _shown_name(people, one.assignee),
            "last_agent": one.last_agent,
            "last_agent_name": _shown_name(people, one.last_agent),
            "is_last_agent_in": _is_there(people, one.last_agent, now),
            "unanswered_since": _iso(unanswered.get(one.conversation_id)),
            "is_behind": one.conversation_id in crowd,
            **_marked(marked.get(one.conversation_id, Marks()), now),
        }
        for one, row in zip(found, shown, strict=True)
    ]


async def rows_of(app: web.Application, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The desk's JSON of these, as they are stored now."""
    return await listed(app, await app[DATABASE].read(of_ids, ids))


async def waiting_of(app: web.Application) -> int:
    return await app[DATABASE].read(count_waiting)


async def one_listed(app: web.Application, one: Conversation) -> dict[str, Any]:
    return (await listed(app, [one]))[0]


async def crowd_of(app: web.Application) -> list[str]:
    return crowded(await app[CONVERSATIONS].waiting_visitors(), app[ORIGINS].of)


def gist(message: Message, known: Collection[str] = ()) -> str:
    """The beginning of a line, masked ahead of its end: no number is cut in the middle of it."""
    if not message.text:
        return {"picture": "[图片]", "card": "[卡片]"}.get(message.kind, "")
    return masked_text(message.text[:_READ_OF_GIST], known)[:LONGEST_GIST]


def counts(connection: Connection, agent: str) -> dict[str, int]:
    """How many there are on each shelf, of this agent's own for `mine`."""
    table = conversations.c
    shelf = (table.status, table.assignee == agent, table.session_seq == 0)
    query = sa.select(*shelf, sa.func.count()).where(table.last_seq > 0).group_by(*shelf)
    found = {"waiting": 0, "mine": 0, "open": 0, "closed": 0}
    for status, is_own, has_ended, count in connection.execute(query):
        if status == Status.CLOSED.value or (status == Status.WITH_BOT.value and has_ended):
            found["closed"] += count
            continue
        found["open"] += count
        if status == Status.WAITING.value:
            found["waiting"] += count
        if status == Status.WITH_AGENT.value and is_own:
            found["mine"] += count
    return found


def _shown(one: Conversation, last: Message | None) -> dict[str, Any]:
    known = known_addresses(one.summary)
    return {
        "conversation_id": one.conversation_id,
        "status": one.status.value,
        "waiting_since": _iso(one.waiting_since),
        "promised_for": _iso(one.promised_for),
        "urgency": int(one.urgency),
        "summary": masked_summary(one.summary, known),
        "reason": one.hand_over_reason,
        "reason_text": _REASONS.get(one.hand_over_reason, ""),
        "last_text": gist(last, known) if last else "",
        "last_seq": last.seq if last else one.last_seq,
        "last_from": last.author.value if last else "",
        "last_at": (last.at if last else one.opened_at).isoformat(),
        "assignee": one.assignee,
    }


def _marked(marks: Marks, now: datetime) -> dict[str, Any]:
    """A snooze ends when its time has come, or for good when the buyer writes."""
    until = marks.snoozed_until
    is_over = until is None or until <= now or marks.heard_seq > marks.snoozed_seq
    return {"tags": list(marks.tags), "snoozed_until": None if is_over else _iso(until)}


# Built once: building a statement costs more than running it (conversations/statements.py).
_OF_IDS = messages.c.conversation_id.in_(sa.bindparam("ids", expanding=True))
# Of fifty rows: columns that a line of the list does not show take most of the time.
_OF_A_LINE = [
    messages.c[name]
    for name in ("conversation_id", "seq", "message_id", "author", "at", "text", "picture", "card")
]
_LAST_LINES = (
    sa.select(*_OF_A_LINE)
    .join(
        conversations,
        sa.and_(
            conversations.c.conversation_id == messages.c.conversation_id,
            conversations.c.last_seq == messages.c.seq,
        ),
    )
    .where(_OF_IDS)
)
_spoken = messages.alias("spoken")
_UNANSWERED_SINCE = (
    sa.select(messages.c.conversation_id, sa.func.min(messages.c.at).label("since"))
    .where(
        _OF_IDS,
        messages.c.author == Author.BUYER.value,
        messages.c.seq
        > sa.select(sa.func.coalesce(sa.func.max(_spoken.c.seq), 0))
        .where(
            _spoken.c.conversation_id == messages.c.conversation_id,
            _spoken.c.author.in_([Author.AGENT.value, Author.BOT.value]),
            _spoken.c.taken_back_at.is_(None),
        )
        .scalar_subquery(),
    )
    .group_by(messages.c.conversation_id)
)


def _last_lines(connection: Connection, ids: Sequence[str]) -> dict[str, Message]:
    rows = connection.execute(_LAST_LINES, {"ids": list(ids)})
    return {
        row.conversation_id: Message(**{**row._mapping, "author": Author(row.author)})
        for row in rows
    }


def _unanswered_since(connection: Connection, ids: Sequence[str]) -> dict[str, datetime]:
    """When the buyer wrote the first line that nobody of the shop has answered, by conversation."""
    rows = connection.execute(_UNANSWERED_SINCE, {"ids": list(ids)}) if ids else ()
    return {row.conversation_id: row.since for row in rows}


def _shown_name(people: Mapping[str, Agent], name: str) -> str:
    return people[name].shown_name if name in people else name


def _is_there(people: Mapping[str, Agent], name: str, now: datetime) -> bool:
    return name in people and people[name].is_there(now)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
