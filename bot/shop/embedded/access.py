"""How far an order opens to whom, and how strangers' guessing is held off without hurting anybody.

A wrong number and a wrong phone look alike. Wrong tries are counted per asker, order, origin and
shop, and the counts are stored: they survive a restart. Only the asker's own wrong tries (and very
many of one origin) shut the door; a stranger's tries on an order merely raise what is demanded, from
four digits, which stand on every parcel, to the whole phone with the receiver's name. Owners get in
whatever others tried: by their token, from the chat that placed the order, and where they have
proved the order before.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import and_, delete, func, insert, or_, select
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop.embedded import tables
from bot.shop.words.dealing import Access

log = logging.getLogger(__name__)

# Wrong tries within an hour, by who or what they are counted for.
TRIES_OF_ASKER = 5  # then this asker waits
TRIES_AT_ORDER = 5  # then four digits do not open this order
TRIES_FROM_ORIGIN = 10  # then four digits open nothing from there
MOST_FROM_ORIGIN = 60  # then nothing does
TRIES_AT_SHOP = 30  # then four digits open nothing at all
HOUR = timedelta(hours=1)
KEPT = timedelta(hours=24)
PROVED_FOR = timedelta(days=30)  # a proof once given needs no luck with the limits
PROVED = "proved"


class Door(Enum):
    CHANGE = "change"
    SEE = "see"
    SHUT = "shut"
    MORE = "more"  # four digits are not enough now; whether they were right is not said
    BLOCKED = "blocked"  # too many wrong tries


def knock(connection: Connection, number: str, access: Access, now: datetime) -> Door:
    """How far this access opens the order; a wrong try is counted, so commit what this writes."""
    owner, phone, name = _read(connection, number)
    if access.buyer_id is not None and _equal(owner, access.buyer_id):
        return Door.CHANGE
    is_whole = bool(access.phone and access.name)
    told = _digits(access.phone or access.phone_tail or "")
    if not (access.phone_tail or access.phone):
        return Door.SHUT  # nothing was guessed, nothing is counted or written
    asker = access.asker or "unknown"
    lock(connection, f"try:asker:{asker}", f"try:order:{number}")
    # What is stored of a missing order is empty; compared all the same, so it takes as long.
    is_tail = _equal(phone[-4:], told[-4:]) & (len(phone) >= 7) & (is_whole or len(told) == 4)
    is_right = is_tail & (
        not is_whole or _equal(phone, told) & _equal(_plain(name), _plain(access.name or ""))
    )
    opened = Door.CHANGE if is_whole else Door.SEE
    proof = hashlib.sha256(f"{asker}\n{number}\n{opened.value}".encode()).hexdigest()
    if is_right and _tries(connection, PROVED, proof, now - PROVED_FOR):
        return opened
    if (held_off := _held_off(connection, number, asker, access.origin, is_whole, now)) is not None:
        return held_off
    if is_right:
        _write(connection, {PROVED: proof}, now)
        return opened
    wrong = {"asker": asker, "order": number, "shop": "", "origin": access.origin}
    _write(connection, {k: v for k, v in wrong.items() if v or k == "shop"}, now)
    return Door.SHUT


def _held_off(
    connection: Connection, number: str, asker: str, origin: str, is_whole: bool, now: datetime
) -> Door | None:
    since = now - HOUR
    from_origin = _tries(connection, "origin", origin, since) if origin else 0
    if _tries(connection, "asker", asker, since) >= TRIES_OF_ASKER:
        return Door.BLOCKED
    if from_origin >= MOST_FROM_ORIGIN:
        log.warning("orders are guessed at: %d wrong tries from one origin", from_origin)
        return Door.BLOCKED
    if is_whole:
        return None
    at_shop = _tries(connection, "shop", "", since)
    if at_shop >= TRIES_AT_SHOP:
        log.warning("orders are guessed at: %d wrong tries within the hour", at_shop)
    is_guessed_at = (
        at_shop >= TRIES_AT_SHOP
        or from_origin >= TRIES_FROM_ORIGIN
        or _tries(connection, "order", number, since) >= TRIES_AT_ORDER
    )
    return Door.MORE if is_guessed_at else None


def _read(connection: Connection, number: str) -> tuple[str, str, str]:
    """Owner, the phone's digits, receiver's name."""
    table = tables.orders
    row = connection.execute(
        select(table.c.buyer_id, table.c.phone, table.c.receiver_name).where(
            table.c.number == number
        )
    ).first()
    return (row.buyer_id, _digits(row.phone), row.receiver_name) if row else ("", "", "")


def _digits(text: str) -> str:
    """Without blanks, dashes and the country: +86 139-0000-2222 is 13900002222."""
    digits = re.sub(r"[^0-9]", "", text)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def _plain(name: str) -> str:
    return "".join(name.split())


def _equal(one: str, other: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(one.encode(), other.encode()) and bool(other)


def _tries(connection: Connection, kind: str, key: str, since: datetime) -> int:
    table = tables.order_tries
    return int(
        connection.execute(
            select(func.count()).where(
                table.c.kind == kind, table.c.key == key[:160], table.c.at > since
            )
        ).scalar_one()
    )


def _write(connection: Connection, keys: dict[str, str], now: datetime) -> None:
    table = tables.order_tries
    connection.execute(
        delete(table).where(
            or_(
                and_(table.c.at < now - KEPT, table.c.kind != PROVED),
                table.c.at < now - PROVED_FOR,
            )
        )
    )
    connection.execute(
        insert(table), [{"kind": kind, "key": key[:160], "at": now} for kind, key in keys.items()]
    )
