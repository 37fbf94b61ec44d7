"""E-mail addresses that a shop claims of its buyers in their signed tokens."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import Database, lock
from bot.outgoing.tables import claimed_emails


async def keep(database: Database, buyer_id: str, email: str, now: datetime) -> None:
    """The newest claim counts; a token without one ("") changes nothing."""
    if email and await database.read(of_buyer, buyer_id) != email:
        await database.run(_write, buyer_id, email, now)


def of_buyer(connection: Connection, buyer_id: str) -> str:
    """ "" where no token has claimed one."""
    query = sa.select(claimed_emails.c.email).where(claimed_emails.c.buyer_id == buyer_id)
    return str(connection.execute(query).scalar() or "")


def _write(connection: Connection, buyer_id: str, email: str, now: datetime) -> None:
    lock(connection, f"claimed-email:{buyer_id}")
    its = claimed_emails.c.buyer_id == buyer_id
    changed = connection.execute(
        claimed_emails.update().where(its).values(email=email, claimed_at=now)
    )
    if not changed.rowcount:
        row = {"buyer_id": buyer_id, "email": email, "claimed_at": now}
        connection.execute(claimed_emails.insert().values(**row))
