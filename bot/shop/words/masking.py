"""An order as whoever knows only four digits of its phone may see it: its state and its parcel."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.shop.words.dealing import Order, Parcel, Receiver, Right
from bot.shop.words.regions import find_region

# Pick-up codes, lockers, phones of couriers and neighbours.
_FIGURES = re.compile(r"[0-9A-Za-z]*\d[0-9A-Za-z-]{2,}")
HIDDEN = "***"


def masked(order: Order) -> Order:
    """Without goods, sums, notes and buyer; the receiver by surname, last four digits and city."""
    held = order.receiver
    region = find_region(held.address)
    return Order(
        number=order.number,
        buyer_id="",
        status=order.status,
        lines=(),
        goods_fen=0,
        postage_fen=0,
        off_fen=0,
        total_fen=0,
        gift="",
        note="",
        receiver=Receiver(
            name=held.name[:1] + "**",
            phone="*" * 7 + held.phone[-4:],
            address=(region.name if region else "") + HIDDEN,
        ),
        created_at=order.created_at,
        pays_until=order.pays_until,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        signed_at=order.signed_at,
        parcel=_masked_parcel(order.parcel) if order.parcel else None,
        ships_on=order.ships_on,
        ships_late=order.ships_late,
        right=Right.SEE,
    )


def _masked_parcel(parcel: Parcel) -> Parcel:
    events = tuple(replace(event, text=_FIGURES.sub(HIDDEN, event.text)) for event in parcel.events)
    return replace(parcel, events=events)
