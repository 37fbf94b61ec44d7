"""Reads a parcel's events as a careful agent would: where it is, why it is late, and until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.words.dealing import Parcel, ParcelEvent, ParcelState

STALLED_AFTER = timedelta(hours=48)
_WANTED = bindparam("numbers", expanding=True)
_EVENTS = select(tables.parcel_events).where(tables.parcel_events.c.order_number.in_(_WANTED))
_PARCELS = select(tables.parcels).where(tables.parcels.c.order_number.in_(_WANTED))

# (words in an event, what it comes to, days it usually adds), the weightiest first
REASONS: tuple[tuple[str, str, int], ...] = (
    (
        "台风|暴雨|大雨|暴雪|大雪|雨雪|冰雪|洪水|大雾|恶劣天气|天气",
        "受{place}天气影响，运输放慢",
        2,
    ),
    ("交通管制|封路|道路|车祸|堵车|滞留", "{place}道路通行受阻", 2),
    ("春节|国庆|中秋|元旦|假期|放假|节假日", "赶上假期，网点人手少", 3),
    ("爆仓|积压|件量|分拣|高峰", "{place}件量大，分拣排队", 1),
    ("错分|错发|中转错误|重新转运", "{place}分拣错了方向，正在转回", 2),
    ("电话无人接听|联系不上|无法联系|暂时无人|约定", "派件时没有联系上收件人", 1),
    ("地址不详|地址有误|地址错误|地址不清", "面单地址不够清楚", 1),
    ("破损|损坏", "运输中包裹破损，网点在处理", 2),
)
OVERCOME = re.compile("恢复|好转|解除|已重新派送")
UNSIGNED = re.compile("未签收|签收失败|待签收|尚未签收|请.{0,6}签收")
SIGNED = re.compile("已签收|签收人|代收|已取件|已取出|本人签收|妥投")
RETURNED = re.compile("退回件已签收|已退回(寄件人|商家|卖家)|退件已签收|退回签收")
RETURNING = re.compile("退回|退件|拒收|退货途中|原路返回")
DELIVERING = re.compile("派送中|派件|正在派|待取件|已到.{0,6}(驿站|快递柜|自提点)|投柜")
MOVING = re.compile("揽收|揽件|已收件|发往|到达|离开|运输中|中转|装车|发出")


def state_of(events: Sequence[ParcelEvent], now: datetime) -> ParcelState:
    """`events` newest first; nobody scans a parcel that stands still, so silence counts."""
    if not events:
        return ParcelState.LABELLED
    newest = events[0]
    if RETURNED.search(newest.text):
        return ParcelState.RETURNED
    if any(RETURNING.search(item.text) for item in events[:3]):
        return ParcelState.RETURNING
    if is_signing(newest.text):
        return ParcelState.SIGNED
    if now - newest.at > STALLED_AFTER:
        return ParcelState.STALLED
    if DELIVERING.search(newest.text):
        return ParcelState.OUT_FOR_DELIVERY
    if any(MOVING.search(item.text) for item in events):
        return ParcelState.IN_TRANSIT
    return ParcelState.LABELLED


def is_signing(text: str) -> bool:
    """Whether an event says that the buyer, a neighbour or a pick-up point has signed."""
    return bool(SIGNED.search(text)) and not UNSIGNED.search(text) and not RETURNED.search(text)


def explain(
    *,
    courier: str,
    courier_phone: str,
    tracking_number: str,
    shipped_at: datetime,
    due_on: date,
    events: Iterable[ParcelEvent],
    now: datetime,
    zone: tzinfo,
) -> Parcel:
    """The parcel with its state, and where it is late the reason and a day that can be named."""
    ordered = tuple(sorted(events, key=lambda item: item.at, reverse=True))
    state = state_of(ordered, now)
    if not ordered and now - shipped_at > STALLED_AFTER:
        state = ParcelState.STALLED
    today = now.astimezone(zone).date()
    is_under_way = state not in (
        ParcelState.SIGNED,
        ParcelState.RETURNED,
        ParcelState.RETURNING,
    )
    reason, days = _delay(ordered)
    is_late = is_under_way and (today > due_on or state is ParcelState.STALLED)
    new_due = None
    if is_under_way and (is_late or (reason and _is_recent(ordered, reason, now))):
        silence = 2 if state is ParcelState.STALLED else 0
        new_due = max(today + timedelta(days=max(1, silence or min(days, 3))), due_on)
        if not is_late and new_due == due_on:
            new_due = None
    if state is ParcelState.STALLED and not reason:
        reason = _silence(ordered, now)
    return Parcel(
        courier=courier,
        courier_phone=courier_phone,
        tracking_number=tracking_number,
        state=state,
        shipped_at=shipped_at,
        due_on=due_on,
        new_due_on=new_due,
        is_late=is_late,
        delay_reason=reason if is_under_way else "",
        events=ordered,
    )


def _delay(events: Sequence[ParcelEvent]) -> tuple[str, int]:
    """The newest event that names a trouble, as a clause, and the days it usually adds."""
    for item in events:
        if OVERCOME.search(item.text):
            continue
        for words, clause, days in REASONS:
            if (
                words.startswith("爆仓")
                and "分拣中心" in item.text
                and not _is_congested(item.text)
            ):
                continue  # the name of a place, not a trouble
            if re.search(words, item.text):
                return clause.format(place=item.place), days
    return "", 1


def _silence(events: Sequence[ParcelEvent], now: datetime) -> str:
    if not events:
        return "快递还没有揽收扫描"
    return f"在{events[0].place or '上一站'}停了{(now - events[0].at).days}天没有新扫描"


def _is_congested(text: str) -> bool:
    return bool(re.search("爆仓|积压|件量|高峰|排队|延误", text))


def _is_recent(events: Sequence[ParcelEvent], reason: str, now: datetime) -> bool:
    """A trouble named in the last day, not one that the parcel has left behind."""
    recent = [item for item in events if now - item.at <= timedelta(days=1)]
    return _delay(recent)[0] == reason


def read_parcels(
    connection: Connection, numbers: Sequence[str], now: datetime, zone: tzinfo
) -> dict[str, Parcel]:
    """By order number; orders that have not left yet are missing."""
    events: dict[str, list[ParcelEvent]] = {}
    which = {"numbers": list(numbers)}
    for row in connection.execute(_EVENTS, which):
        events.setdefault(row.order_number, []).append(
            ParcelEvent(at=row.at, text=row.text, place=row.place)
        )
    rows: Any = connection.execute(_PARCELS, which)
    return {
        row.order_number: explain(
            courier=row.courier,
            courier_phone=row.courier_phone,
            tracking_number=row.tracking_number,
            shipped_at=row.shipped_at,
            due_on=row.due_on,
            events=events.get(row.order_number, ()),
            now=now,
            zone=zone,
        )
        for row in rows
    }


def is_known_number(connection: Connection, number: str) -> bool:
    """Whether an order or a parcel of the shop has this number."""
    orders, parcels = tables.orders.c, tables.parcels.c
    of_order = select(orders.number).where(orders.number == number)
    of_parcel = select(parcels.order_number).where(parcels.tracking_number == number)
    return any(connection.execute(query.limit(1)).first() for query in (of_order, of_parcel))
