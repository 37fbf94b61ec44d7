"""Finds and deletes what has grown too old, inside its caller's transaction (bot/retention.py)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.conversation import Status
from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages, pictures, sessions, turns, wishes
from bot.desk.tables import audit, reveals
from bot.followups import heard
from bot.followups.rules import FollowUpStatus
from bot.followups.tables import follow_ups, promises
from bot.outgoing.tables import outgoing
from bot.shop.embedded import tables as shop_tables
from bot.shop.embedded.visitors import is_visitor

GONE_PICTURE = "[图片已到期删除]"
_AT_REST = (Status.WITH_BOT.value, Status.CLOSED.value)
_BATCH = 200


def opened_before(connection: Connection, before: datetime, after: str) -> list[tuple[str, str]]:
    """(id, buyer) of talks at rest that hold a line so old, by id."""
    table = conversations.c
    query = (
        sa.select(table.conversation_id, table.buyer_id)
        .where(
            table.conversation_id > after,
            table.opened_at < before,
            table.status.in_(_AT_REST),
            sa.exists().where(
                messages.c.conversation_id == table.conversation_id, messages.c.at < before
            ),
        )
        .order_by(table.conversation_id)
        .limit(_BATCH)
    )
    return [(row.conversation_id, row.buyer_id) for row in connection.execute(query)]


def forget_talk(connection: Connection, conversation_id: str, before: datetime) -> tuple[bool, int]:
    """(whether the whole talk went, how many lines of one that goes on)"""
    conversation = store.find(connection, conversation_id, lock=True)
    if conversation is None or not is_at_rest(connection, conversation_id):
        return False, 0
    newest = sa.select(sa.func.max(messages.c.at)).where(_of(messages, conversation_id))
    last = connection.execute(newest).scalar()
    if last is None or last < before:
        if _awaits_follow_up(connection, conversation_id):
            return False, 0
        for table in (follow_ups, pictures, conversations):  # lines, turns … go with the last
            connection.execute(sa.delete(table).where(_of(table, conversation_id)))
        _forget_visitor(connection, conversation.buyer_id)
        return True, 0
    return False, _forget_lines(connection, conversation_id, before)


def _forget_lines(connection: Connection, conversation_id: str, before: datetime) -> int:
    is_old = sa.and_(_of(messages, conversation_id), messages.c.at < before)
    deleted = int(connection.execute(sa.delete(messages).where(is_old)).rowcount)
    if not deleted:
        return 0
    for table, moment in (
        (turns, turns.c.answered_at),
        (wishes, wishes.c.asked_at),
        (sessions, sessions.c.ended_at),
    ):
        connection.execute(sa.delete(table).where(_of(table, conversation_id), moment < before))
    person = sa.select(messages.c.seq).where(
        _of(messages, conversation_id),
        messages.c.author.in_([Author.AGENT.value, Author.SYSTEM.value]),
    )
    if connection.execute(person.limit(1)).first() is None:  # its hand-over is as old
        connection.execute(
            sa.update(conversations)
            .where(_of(conversations, conversation_id))
            .values(summary=sa.null(), hand_over_reason="")
        )
    return deleted


def _forget_visitor(connection: Connection, buyer_id: str) -> None:
    """What a visitor told of themselves; a signed-in buyer's is the shop's own."""
    others = sa.select(conversations.c.conversation_id).where(conversations.c.buyer_id == buyer_id)
    if is_visitor(buyer_id) and connection.execute(others.limit(1)).first() is None:
        table = shop_tables.buyer_attributes
        connection.execute(sa.delete(table).where(table.c.buyer_id == buyer_id))


def is_at_rest(connection: Connection, conversation_id: str) -> bool:
    """Nobody waits and no person is in it; true of a talk that is there no more."""
    conversation = store.find(connection, conversation_id)
    if conversation is None:
        return True
    return conversation.status.value in _AT_REST and not store.pending(connection, conversation_id)


def _awaits_follow_up(connection: Connection, conversation_id: str) -> bool:
    query = sa.select(follow_ups.c.follow_up_id).where(
        _of(follow_ups, conversation_id), follow_ups.c.status == FollowUpStatus.PLANNED.value
    )
    return connection.execute(query.limit(1)).first() is not None


def picture_files(connection: Connection, conversation_id: str) -> list[str]:
    query = sa.select(pictures.c.file_name).where(_of(pictures, conversation_id))
    return list(connection.execute(query).scalars())


def taken_before(
    connection: Connection, before: datetime, after: str
) -> list[tuple[str, str, str | None]]:
    """(picture, talk, buyer), by picture; no buyer where the talk is gone."""
    query = (
        sa.select(pictures.c.picture_id, pictures.c.conversation_id, conversations.c.buyer_id)
        .select_from(
            pictures.outerjoin(
                conversations, conversations.c.conversation_id == pictures.c.conversation_id
            )
        )
        .where(pictures.c.taken_at < before, pictures.c.picture_id > after)
        .order_by(pictures.c.picture_id)
        .limit(_BATCH)
    )
    return [tuple(row) for row in connection.execute(query)]


def forget_picture(connection: Connection, conversation_id: str, picture_id: str) -> None:
    lines = sa.select(messages.c.seq, messages.c.picture, messages.c.text).where(
        _of(messages, conversation_id), messages.c.author == Author.BUYER.value
    )
    for row in connection.execute(lines).all():
        if row.picture and row.picture.get("picture_id") == picture_id:
            connection.execute(
                sa.update(messages)
                .where(_of(messages, conversation_id), messages.c.seq == row.seq)
                .values(picture=sa.null(), text=f"{row.text}{GONE_PICTURE}")
            )
    connection.execute(sa.delete(pictures).where(pictures.c.picture_id == picture_id))


def old_follow_ups(connection: Connection, before: datetime) -> int:
    """Those that were sent or dropped; what is still to be said waits for its sender."""
    table = follow_ups.c
    old = (
        sa.select(table.follow_up_id)
        .where(
            table.status != FollowUpStatus.PLANNED.value,
            sa.func.coalesce(table.sent_at, table.due_at) < before,
        )
        .limit(_BATCH)
    )
    deleted = connection.execute(sa.delete(follow_ups).where(table.follow_up_id.in_(old)))
    return int(deleted.rowcount)


def old_promises(connection: Connection, before: datetime) -> int:
    """Those that have ended."""
    old = sa.select(promises.c.promise_id).where(promises.c.ended_at < before).limit(_BATCH)
    deleted = connection.execute(sa.delete(promises).where(promises.c.promise_id.in_(old)))
    return int(deleted.rowcount)


def old_outgoing(connection: Connection, before: datetime) -> int:
    old = sa.select(outgoing.c.delivery_id).where(outgoing.c.ended_at < before).limit(_BATCH)
    deleted = connection.execute(sa.delete(outgoing).where(outgoing.c.delivery_id.in_(old)))
    return int(deleted.rowcount)


def old_heard(connection: Connection, before: datetime) -> int:
    return heard.forget(connection, before, _BATCH)


def old_audit(connection: Connection, before: datetime) -> int:
    old = sa.select(audit.c.audit_id).where(audit.c.at < before).limit(_BATCH)
    deleted = connection.execute(sa.delete(audit).where(audit.c.audit_id.in_(old)))
    return int(deleted.rowcount)


def old_reveals(connection: Connection, before: datetime) -> int:
    old = sa.select(reveals.c.reveal_id).where(reveals.c.at < before).limit(_BATCH)
    deleted = connection.execute(sa.delete(reveals).where(reveals.c.reveal_id.in_(old)))
    return int(deleted.rowcount)


def _of(table: sa.Table, conversation_id: str) -> sa.sql.elements.ColumnElement[bool]:
    return table.c.conversation_id == conversation_id
