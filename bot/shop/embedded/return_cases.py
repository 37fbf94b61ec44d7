"""Return cases as they are stored: opened by the rules, moved by verbs that refuse wrong moves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop.embedded import tables
from bot.shop.embedded.house import House
from bot.shop.embedded.refunds import WHOLE_ORDER, left_fen, promised
from bot.shop.rules.returns import Case, Refusal, judge, refund_of
from bot.shop.words.dealing import (
    Order,
    OrderLine,
    Reason,
    Remedy,
    ReturnCase,
    ReturnStatus,
    ReturnTerms,
)
from bot.shop.words.errors import (
    PhotosMissing,
    RefundChanged,
    UnknownCase,
    UnknownOrder,
    WrongMoment,
)
from bot.shop.words.goods import Product

_R = ReturnStatus
FROM: dict[ReturnStatus, frozenset[ReturnStatus]] = {
    _R.GOODS_SENT: frozenset({_R.OPENED}),
    _R.GOODS_RECEIVED: frozenset({_R.OPENED, _R.GOODS_SENT}),
    _R.REFUNDED: frozenset({_R.OPENED, _R.GOODS_SENT, _R.GOODS_RECEIVED}),
    _R.EXCHANGED: frozenset({_R.OPENED, _R.GOODS_SENT, _R.GOODS_RECEIVED}),
    _R.DECLINED: frozenset({_R.OPENED, _R.GOODS_SENT, _R.GOODS_RECEIVED}),
    _R.WITHDRAWN: frozenset({_R.OPENED, _R.GOODS_SENT}),
}
WAY_BACK = timedelta(days=7)  # until the goods are usually back with us


def line_of(order: Order, line_id: str) -> OrderLine:
    """Raises UnknownOrder for a line that the order does not have."""
    for line in order.lines:
        if line.line_id == line_id:
            return line
    raise UnknownOrder


def terms(
    connection: Connection,
    order: Order,
    line: OrderLine,
    product: Product | None,
    *,
    reason: Reason,
    house: House,
    now: datetime,
    zone: tzinfo,
) -> ReturnTerms:
    standing = promised(connection, order.number)
    judged = judge(
        Case(
            order=order,
            line=line,
            reason=reason,
            today=now.astimezone(zone).date(),
            signed_on=order.signed_at.astimezone(zone).date() if order.signed_at else None,
            returnable=product.returnable if product else "seven_days",
            warranty_months=product.warranty_months if product else 0,
            return_days=product.return_days if product else house.return_days,
            has_open_case=any(case.line_id in (line.line_id, WHOLE_ORDER) for case in standing),
        )
    )
    left = left_fen(order, standing)
    share = house.partial_refund_percent
    told = (min(left, refund_of(order, line, remedy, share)) for remedy in judged.remedies)
    return replace(judged, refunds_fen=tuple(told))


def open_case(
    connection: Connection,
    order: Order,
    line: OrderLine,
    allowed: ReturnTerms,
    *,
    reason: Reason,
    remedy: Remedy,
    photos: Sequence[str],
    wanted: str,
    expected_refund_fen: int | None = None,
    house: House,
    now: datetime,
    zone: tzinfo,
) -> ReturnCase:
    """Raises WrongMoment where the terms refuse, PhotosMissing where proof is short.

    RefundChanged where another sum goes back than was agreed to. Hold the order first: no more is promised than is left of what was paid.
    """
    if not allowed.allowed or remedy not in allowed.remedies:
        raise WrongMoment(allowed.refusal or f"remedy {remedy.value}")
    if len(photos) < allowed.needs_photos:
        raise PhotosMissing(allowed.needs_photos)
    refund = refund_of(order, line, remedy, house.partial_refund_percent)
    left = left_fen(order, promised(connection, order.number))
    if refund and not left:
        raise WrongMoment(Refusal.ALREADY_OPEN.value)
    refund = min(refund, left)
    refuse_other_refund(refund, expected_refund_fen)
    comes_back = remedy in (Remedy.REFUND, Remedy.EXCHANGE)
    case = ReturnCase(
        case_id=new_id(now, zone),
        order_number=order.number,
        line_id=line.line_id,
        name=line.name,
        remedy=remedy,
        reason=reason,
        status=ReturnStatus.OPENED,
        opened_at=now,
        refund_fen=refund,
        refund_due_on=_due_on(now, zone, house, comes_back) if refund else None,
        refunded_at=None,
        send_to=house.return_address if comes_back else "",
        buyer_pays_postage=allowed.buyer_pays_postage and comes_back,
        photos=tuple(photos),
        wanted=wanted[:120],
    )
    store(connection, case, order.buyer_id)
    return case


def refuse_other_refund(refund_fen: int, expected_fen: int | None) -> None:
    """Raises RefundChanged."""
    if expected_fen not in (None, refund_fen):
        raise RefundChanged(refund_fen)


def open_refund_of_cancelled(
    connection: Connection,
    order: Order,
    *,
    reason: str,
    expected_refund_fen: int | None = None,
    house: House,
    now: datetime,
    zone: tzinfo,
) -> ReturnCase | None:
    """What was paid for an order cancelled before shipping goes back, less what went already.

    None where nothing is left. Raises RefundChanged. Hold the order first.
    """
    left = left_fen(order, promised(connection, order.number))
    refuse_other_refund(left, expected_refund_fen)
    if not left:
        return None
    first = order.lines[0]
    more = f"等{len(order.lines)}件" if len(order.lines) > 1 else ""
    case = ReturnCase(
        case_id=new_id(now, zone),
        order_number=order.number,
        line_id=WHOLE_ORDER,
        name=first.name + more,
        remedy=Remedy.REFUND_ONLY,
        reason=Reason.NO_REASON,
        status=ReturnStatus.OPENED,
        opened_at=now,
        refund_fen=left,
        refund_due_on=_due_on(now, zone, house, comes_back=False),
        refunded_at=None,
        send_to="",
        buyer_pays_postage=False,
        wanted=reason[:120],
    )
    store(connection, case, order.buyer_id)
    return case


def store(connection: Connection, case: ReturnCase, buyer_id: str) -> None:
    values = {
        column.name: getattr(case, column.name)
        for column in tables.returns.columns
        if column.name != "buyer_id"
    }
    values |= {
        "remedy": case.remedy.value,
        "reason": case.reason.value,
        "status": case.status.value,
        "photos": list(case.photos),
    }
    connection.execute(insert(tables.returns).values(buyer_id=buyer_id, **values))


def cases_of(connection: Connection, buyer_id: str) -> list[ReturnCase]:
    """Newest first."""
    table = tables.returns
    rows = connection.execute(
        select(table).where(table.c.buyer_id == buyer_id).order_by(table.c.opened_at.desc())
    )
    return [_case(row) for row in rows]


def move(
    connection: Connection,
    case_id: str,
    status: ReturnStatus,
    *,
    now: datetime,
    buyer_id: str | None = None,
) -> ReturnCase:
    """To another status. Raises UnknownCase (also for another buyer's), WrongMoment."""
    lock(connection, f"return:{case_id}")
    table = tables.returns
    row = connection.execute(select(table).where(table.c.case_id == case_id)).first()
    if row is None or (buyer_id is not None and row.buyer_id != buyer_id):
        raise UnknownCase
    case = _case(row)
    # Money for an order that was cancelled is on its way: there is nothing left to withdraw.
    is_cancelled_order = case.line_id == WHOLE_ORDER
    if case.status not in FROM[status] or (is_cancelled_order and status is _R.WITHDRAWN):
        raise WrongMoment(case.status.value)
    refunded_at = now if status is _R.REFUNDED else case.refunded_at
    connection.execute(
        update(table)
        .where(table.c.case_id == case_id)
        .values(status=status.value, refunded_at=refunded_at)
    )
    return replace(case, status=status, refunded_at=refunded_at)


def _case(row: Any) -> ReturnCase:
    return ReturnCase(
        case_id=row.case_id,
        order_number=row.order_number,
        line_id=row.line_id,
        name=row.name,
        remedy=Remedy(row.remedy),
        reason=Reason(row.reason),
        status=ReturnStatus(row.status),
        opened_at=row.opened_at,
        refund_fen=row.refund_fen,
        refund_due_on=row.refund_due_on,
        refunded_at=row.refunded_at,
        send_to=row.send_to,
        buyer_pays_postage=row.buyer_pays_postage,
        photos=tuple(row.photos),
        wanted=row.wanted,
    )


def _due_on(now: datetime, zone: tzinfo, house: House, comes_back: bool) -> date:
    days = timedelta(days=house.refund_days) + (WAY_BACK if comes_back else timedelta(0))
    return (now.astimezone(zone) + days).date()


def new_id(now: datetime, zone: tzinfo) -> str:
    return f"TH{now.astimezone(zone):%y%m%d}{secrets.randbelow(10**8):08d}"
