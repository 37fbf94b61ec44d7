"""What a follow-up led to, written down as it happens, in the caller's transaction.

A purchase counts within three days, of the order that was spoken of or, where none was, of any; a review
within two weeks, of the same order; an answer, a return, an opt-out within a day, in the same chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.followups.rules import FollowUpStatus
from bot.followups.tables import follow_ups, results
from bot.shop.words.happening import Happening, HappeningKind

_TO_BUYER = (FollowUpStatus.SENT.value, FollowUpStatus.JOINED.value)
_RETURNS = ("return_request", "exchange_request", "report_defect", "report_wrong_item")


class Result(Enum):
    ANSWERED = "answered"
    PAID = "paid"
    REVIEW = "review"
    RETURN = "return"
    REFUSED = "refused"
    OPT_OUT = "opt_out"


_WITHIN = {Result.PAID: timedelta(days=3), Result.REVIEW: timedelta(days=14)}
_SOON = timedelta(days=1)
_OF_SHOP = {
    HappeningKind.PAID: Result.PAID,
    HappeningKind.GOOD_REVIEW: Result.REVIEW,
    HappeningKind.BAD_REVIEW: Result.REVIEW,
}


def of_happening(connection: Connection, told: Happening, now: datetime) -> None:
    result = _OF_SHOP.get(told.kind)
    if result is None or not told.buyer_id:
        return
    query = sa.select(follow_ups.c.follow_up_id, follow_ups.c.about).where(
        follow_ups.c.buyer_id == told.buyer_id,
        follow_ups.c.status.in_(_TO_BUYER),
        sa.func.coalesce(follow_ups.c.sent_at, follow_ups.c.due_at) > told.at - _WITHIN[result],
        sa.func.coalesce(follow_ups.c.sent_at, follow_ups.c.due_at) <= told.at,
    )
    for row in connection.execute(query).all():
        number = str(row.about.get("order_number") or "")
        if number == told.order_number or (not number and result is Result.PAID):
            _note(connection, row.follow_up_id, told.buyer_id, result, now)


def of_turn(
    connection: Connection,
    conversation_id: str,
    intents: Sequence[str],
    now: datetime,
) -> None:
    """The buyer has written: an answer to what was said of itself in this chat a short while ago."""
    found = [Result.ANSWERED]
    if any(intent in _RETURNS for intent in intents):
        found.append(Result.RETURN)
    for result in found:
        of_newest(connection, conversation_id, result, now)


def of_newest(connection: Connection, conversation_id: str, result: Result, now: datetime) -> None:
    query = (
        sa.select(follow_ups.c.follow_up_id, follow_ups.c.buyer_id)
        .where(
            follow_ups.c.conversation_id == conversation_id,
            follow_ups.c.seq.is_not(None),
            follow_ups.c.sent_at > now - _SOON,
            follow_ups.c.sent_at <= now,
        )
        .order_by(follow_ups.c.seq.desc())
        .limit(1)
    )
    row: Any = connection.execute(query).first()
    if row is not None:
        _note(connection, row.follow_up_id, row.buyer_id, result, now)


def _note(
    connection: Connection, follow_up_id: int, buyer_id: str, result: Result, now: datetime
) -> None:
    same = (results.c.follow_up_id == follow_up_id, results.c.result == result.value)
    if connection.execute(sa.select(results.c.result).where(*same)).first() is None:
        connection.execute(
            results.insert().values(
                follow_up_id=follow_up_id, result=result.value, buyer_id=buyer_id, at=now
            )
        )
