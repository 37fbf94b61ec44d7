"""What happened in the shop, as it is told to whoever follows it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class HappeningKind(Enum):
    PLACED = "placed"  # an order that waits for its payment
    PAID = "paid"
    SHIPPED = "shipped"
    DUE = "due"  # the parcel was promised for today
    LATE = "late"  # it will not come as promised, or has not moved for long
    SIGNED = "signed"
    RESTOCKED = "restocked"  # for the buyer who asked to be told
    PRICE_FALLEN = "price_fallen"  # of a product; no buyer's in particular
    CASE_CLOSED = "case_closed"  # refunded, exchanged or declined
    GOOD_REVIEW = "good_review"
    BAD_REVIEW = "bad_review"
    BIRTHDAY = "birthday"


# What each kind has to name: fields of a happening, or names in its `about`.
TELLS: Mapping[HappeningKind, tuple[str, ...]] = {
    HappeningKind.PLACED: ("buyer_id", "order_number"),
    HappeningKind.PAID: ("buyer_id", "order_number"),
    HappeningKind.SHIPPED: ("buyer_id", "order_number"),
    HappeningKind.DUE: ("buyer_id", "order_number"),
    HappeningKind.LATE: ("buyer_id", "order_number"),
    HappeningKind.SIGNED: ("buyer_id", "order_number"),
    HappeningKind.RESTOCKED: ("buyer_id", "product_id"),
    HappeningKind.PRICE_FALLEN: ("product_id", "before_fen", "now_fen"),
    HappeningKind.CASE_CLOSED: ("buyer_id", "order_number", "case_id", "status"),
    HappeningKind.GOOD_REVIEW: ("buyer_id", "order_number", "stars"),
    HappeningKind.BAD_REVIEW: ("buyer_id", "order_number", "stars"),
    HappeningKind.BIRTHDAY: ("buyer_id",),
}


@dataclass(frozen=True, kw_only=True)
class Happening:
    """`key` is the one thing that happened: the same key never happens twice.

    `number` grows from happening to happening; who reads the feed remembers the last one.
    """

    number: int
    kind: HappeningKind
    key: str
    at: datetime
    buyer_id: str = ""
    order_number: str = ""
    product_id: str = ""
    about: tuple[tuple[str, str], ...] = ()  # what the kind knows besides: colour, before_fen, …

    def told(self, name: str) -> str:
        return dict(self.about).get(name, "")

    @property
    def columns(self) -> dict[str, Any]:
        """As a row keeps it, but for its number, which the table gives."""
        return {
            "kind": self.kind.value,
            "key": self.key,
            "at": self.at,
            "buyer_id": self.buyer_id,
            "order_number": self.order_number,
            "product_id": self.product_id,
            "about": [list(pair) for pair in self.about],
        }


def happening_of(row: Any, *, number: int) -> Happening:
    """Of a row that has the columns of `Happening.columns`."""
    return Happening(
        number=number,
        kind=HappeningKind(row.kind),
        key=row.key,
        at=row.at,
        buyer_id=row.buyer_id,
        order_number=row.order_number,
        product_id=row.product_id,
        about=tuple((str(name), str(value)) for name, value in row.about),
    )
