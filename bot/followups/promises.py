"""The ledger of promises (承诺账本): reads and writes its rows.

Inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.followups import store
from bot.followups.kinds import PROMISE, Kind, Kinds
from bot.followups.promise import Matter, Promise, PromiseStatus
from bot.followups.rules import Reason
from bot.followups.tables import follow_ups, promises

LONGEST_TEXT = 200

_FIELDS = [promises.c[name] for name in Promise.__dataclass_fields__]


def make(
    connection: Connection,
    *,
    conversation_id: str,
    buyer_id: str,
    seq: int,
    matter: Matter,
    text: str,
    made_at: datetime,
    due_at: datetime,
    made_by: str = "",
    order_number: str = "",
    product_id: str = "",
    status: PromiseStatus = PromiseStatus.OPEN,
) -> Promise | None:
    """None where it stands there already."""
    lock(connection, f"follow-up:{buyer_id}")
    same = (
        promises.c.conversation_id == conversation_id,
        promises.c.seq == seq,
        promises.c.matter == matter.value,
        promises.c.order_number == order_number,
    )
    if connection.execute(sa.select(promises.c.promise_id).where(*same)).first() is not None:
        return None
    values = {
        "conversation_id": conversation_id,
        "buyer_id": buyer_id,
        "seq": seq,
        "made_by": made_by,
        "matter": matter.value,
        "text": text[:LONGEST_TEXT],
        "order_number": order_number,
        "product_id": product_id,
        "made_at": made_at,
        "due_at": due_at,
        "status": status.value,
    }
    made = connection.execute(promises.insert().values(**values))
    return find(connection, int(made.inserted_primary_key[0]))


def plan_telling(connection: Connection, promise: Promise, kinds: Kinds, now: datetime) -> None:
    """Plans the word to the buyer that it cannot be kept; it is dropped where it is."""
    kind = kind_of(kinds)
    if kind is None or not promise.matter.is_dated:
        return
    about: dict[str, Any] = {
        "promise_id": promise.promise_id,
        "promised": promise.matter.text,
        "matter": promise.matter.value,
    }
    if promise.order_number:
        about["order_number"] = promise.order_number
    store.plan(
        connection,
        conversation_id=promise.conversation_id,
        buyer_id=promise.buyer_id,
        kind=kind,
        key=_key(promise),
        about={**about, "due_at": promise.due_at.isoformat()},
        now=now,
        due_at=promise.tells_at,
    )


def kind_of(kinds: Kinds) -> Kind | None:
    return next((one for one in kinds.values() if one.planned_by == PROMISE), None)


def find(connection: Connection, promise_id: int) -> Promise | None:
    found = _read(connection, promises.c.promise_id == promise_id)
    return found[0] if found else None


def confirm(
    connection: Connection,
    promise: Promise,
    kinds: Kinds,
    now: datetime,
    *,
    due_at: datetime,
    order_number: str,
) -> bool:
    """What was found becomes a promise. False where somebody was faster."""
    changed = _change(
        connection,
        promise,
        PromiseStatus.FOUND,
        status=PromiseStatus.OPEN.value,
        due_at=due_at,
        order_number=order_number,
    )
    confirmed = find(connection, promise.promise_id)
    if changed and confirmed is not None:
        plan_telling(connection, confirmed, kinds, now)
    return changed


def end(
    connection: Connection, promise: Promise, status: PromiseStatus, by: str, now: datetime
) -> bool:
    """`by`: what ended it (shipped, answered, an agent's name). False where it has ended already.

    Nothing is said of a promise that has ended, unless it was broken.
    """
    lock(connection, f"follow-up:{promise.buyer_id}")
    changed = _change(
        connection, promise, promise.status, status=status.value, ended_by=by[:60], ended_at=now
    )
    if changed and status is not PromiseStatus.BROKEN:
        leave_untold(connection, promise, now)
    return changed


def leave_untold(connection: Connection, promise: Promise, now: datetime) -> None:
    """The buyer is not told that it is late: it is done."""
    same = (follow_ups.c.buyer_id == promise.buyer_id, follow_ups.c.key == _key(promise))
    store.drop_planned(connection, Reason.GONE, now, *same)


def mark_warned(connection: Connection, promise: Promise, now: datetime) -> bool:
    """False where another process has warned."""
    changed = connection.execute(
        promises.update()
        .where(
            promises.c.promise_id == promise.promise_id,
            promises.c.warned_at.is_(None),
            promises.c.status == PromiseStatus.OPEN.value,
        )
        .values(warned_at=now)
    )
    return bool(changed.rowcount)


def mark_told(connection: Connection, promise_id: int, now: datetime) -> None:
    connection.execute(
        promises.update().where(promises.c.promise_id == promise_id).values(told_at=now)
    )


def is_owed(connection: Connection, promise_id: Any) -> bool:
    """Whether it is still to be kept, or was broken."""
    query = sa.select(promises.c.status).where(promises.c.promise_id == promise_id)
    owed = (PromiseStatus.OPEN.value, PromiseStatus.BROKEN.value)
    return connection.execute(query).scalar() in owed


def of_conversation(connection: Connection, conversation_id: str) -> list[Promise]:
    return _read(connection, promises.c.conversation_id == conversation_id)


def of_buyer(connection: Connection, buyer_id: str) -> list[Promise]:
    return _read(connection, promises.c.buyer_id == buyer_id)


def standing(
    connection: Connection,
    statuses: Collection[PromiseStatus],
    *,
    since: datetime | None = None,
    limit: int = 500,
) -> list[Promise]:
    """The soonest due first. `since`: none that was due before."""
    which = [promises.c.status.in_([one.value for one in statuses])]
    if since is not None:
        which.append(promises.c.due_at > since)
    return _read(connection, *which, limit=limit)


def open_with(connection: Connection, order_number: str, matter: Matter) -> list[Promise]:
    return _read(
        connection,
        promises.c.order_number == order_number,
        promises.c.matter == matter.value,
        promises.c.status == PromiseStatus.OPEN.value,
    )


def _key(promise: Promise) -> str:
    return f"promise/{promise.promise_id}"


def _change(connection: Connection, promise: Promise, before: PromiseStatus, **values: Any) -> bool:
    changed = connection.execute(
        promises.update()
        .where(promises.c.promise_id == promise.promise_id, promises.c.status == before.value)
        .values(**values)
    )
    return bool(changed.rowcount)


def _read(connection: Connection, *which: Any, limit: int = 500) -> list[Promise]:
    query = (
        sa.select(*_FIELDS)
        .where(*which)
        .order_by(promises.c.due_at, promises.c.promise_id)
        .limit(limit)
    )
    return [
        Promise(
            **{
                **row._mapping,
                "matter": Matter(row.matter),
                "status": PromiseStatus(row.status),
            }
        )
        for row in connection.execute(query)
    ]
