"""What the shop's people remark on orders; buyers never read it. Inside their caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.accounts import written_by
from bot.desk.tables import agents, remarks

LONGEST_REMARK = 500


def add_remark(connection: Connection, number: str, agent: str, text: str, now: datetime) -> None:
    connection.execute(remarks.insert().values(order_number=number, agent=agent, at=now, text=text))


def remarks_on(connection: Connection, numbers: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By order, oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    query = (
        sa.select(remarks, written_by(remarks.c.agent))
        .outerjoin(agents, agents.c.name == remarks.c.agent)
        .where(remarks.c.order_number.in_(numbers))
        .order_by(remarks.c.remark_id)
    )
    for row in connection.execute(query):
        told = {
            "agent": row.agent,
            "agent_name": row.writer,
            "at": row.at.isoformat(),
            "text": row.text,
        }
        found.setdefault(row.order_number, []).append(told)
    return found
