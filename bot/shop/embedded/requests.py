"""A request made twice changes once: what was answered is kept and answered again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.words.codec import decode, encode

T = TypeVar("T")

KEPT = timedelta(days=30)


def once(
    connection: Connection,
    verb: str,
    *,
    owner: str,
    request_id: str,
    now: datetime,
    answer_type: Any,
    work: Callable[[], T],
) -> T:
    """`work()`, or what it answered before to the same verb, owner and request id.

    `owner` (buyer, order or case) keeps one asker from fetching another's answer. Two at once:
    the second waits for the first's transaction and then finds its answer. A failure leaves no
    trace, so it may be tried again.
    """
    table = tables.requests
    key = {"verb": verb, "owner": owner, "request_id": request_id}
    insert = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    claimed = connection.execute(
        insert(table).values(**key, answer=None, made_at=now).on_conflict_do_nothing()
    )
    where = [table.c[name] == value for name, value in key.items()]
    if not claimed.rowcount:
        answer = connection.execute(select(table.c.answer).where(*where)).scalar_one()
        return decode(answer_type, answer)  # type: ignore[no-any-return]
    result = work()
    connection.execute(update(table).where(*where).values(answer=encode(result)))
    return result


def forget_old_requests(connection: Connection, now: datetime, kept: timedelta = KEPT) -> int:
    """Drops remembered answers after a while; they hold buyers' data. Returns how many."""
    result = connection.execute(
        delete(tables.requests).where(tables.requests.c.made_at < now - kept)
    )
    return int(result.rowcount)
