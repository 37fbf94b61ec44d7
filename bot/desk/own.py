"""What is an agent's own in whatever browser: how far each talk was read, what calls them, their switches.

Inside their caller's transaction.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.conversation import Status
from bot.conversations.tables import conversations
from bot.database import lock
from bot.desk.mentions import unseen_of
from bot.desk.tables import agents, seen

_MATTERS = (Status.WAITING.value, Status.WITH_AGENT.value)  # elsewhere nothing counts as unread


def keep_seen(connection: Connection, agent: str, conversation_id: str, seq: int) -> bool:
    """Read up to this line; False where it was read as far already."""
    lock(connection, f"seen {agent} {conversation_id}")
    this = (seen.c.agent == agent, seen.c.conversation_id == conversation_id)
    before = connection.execute(sa.select(seen.c.seq).where(*this)).scalar()
    if before is None:
        row = {"agent": agent, "conversation_id": conversation_id, "seq": seq}
        connection.execute(seen.insert().values(**row))
    elif before < seq:
        connection.execute(seen.update().where(*this).values(seq=seq))
    return before is None or before < seq


def own_of(connection: Connection, agent: str) -> dict[str, Any]:
    """{seen: {conversation: seq}, mentions: notes not seen yet, notices: {sound, desktop}}; `seen` of
    talks in which it matters."""
    query = (
        sa.select(seen.c.conversation_id, seen.c.seq)
        .join(conversations, conversations.c.conversation_id == seen.c.conversation_id)
        .where(seen.c.agent == agent, conversations.c.status.in_(_MATTERS))
    )
    read = {row.conversation_id: row.seq for row in connection.execute(query)}
    switches = sa.select(agents.c.rings, agents.c.pops_up).where(agents.c.name == agent)
    sound, desktop = connection.execute(switches).one()
    notices = {"sound": sound, "desktop": desktop}
    return {"seen": read, "mentions": unseen_of(connection, agent), "notices": notices}
