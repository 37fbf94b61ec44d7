"""The shop's own settings: hours, limits and addresses that rules and replies go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.words.codec import decode

HOUSE = "house"
FACE = "face"  # what of the settings file was written at the desk


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A time in which nothing is sent; both days included."""

    first: date
    last: date
    note: str = ""  # for buyers: 春节放假


@dataclass(frozen=True, kw_only=True)
class ReturnRule:
    """What the shop says of the returns of some of its goods."""

    goods: tuple[str, ...] = ()  # categories or kinds; () = all that no other rule names
    returnable: str = ""  # "": as elsewhere, only the days are told
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class House:
    name: str = ""
    cutoff: str = "16:00"  # paid before: leaves the same day; 26:00 is two at night
    earlier_cutoffs: tuple[str, ...] = ()  # of a shop whose parcels are picked up more than once
    ships_on_weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5)  # 0 = Monday
    ships_on_holidays: bool = False  # public ones; else their made-up workdays count, too
    ships_also_on: tuple[date, ...] = ()
    pauses: tuple[Pause, ...] = ()
    couriers: tuple[str, ...] = ()
    pays_within_hours: int = 24
    # For buyers nobody signed in: a name and a phone are quickly invented, and stock is held.
    visitor_pays_within_minutes: int = 30
    visitor_unpaid_orders: int = 2  # at a time, per visitor and per phone
    visitor_pieces: int = 5  # in one order
    return_address: str = ""
    return_days: int = 7
    return_rules: tuple[ReturnRule, ...] = ()  # those of whole categories and kinds
    refund_days: int = 3  # after the goods came back, or at once where nothing comes back
    partial_refund_percent: int = 10
    late_coupon: str = ""  # code of what a buyer gets who waits for a late parcel
    late_coupons_a_month: int | None = None  # in the whole shop; None: no limit
    late_coupons_per_buyer: int | None = None  # a month; None: once, in whatever month

    def return_rule(
        self, kind: str, category: str, own: str = "", own_days: int | None = None
    ) -> tuple[str, int]:
        """(rule, days) of goods: their own, else their kind's, their category's, the shop's."""
        told = [ReturnRule(returnable=own, days=own_days)]
        told += [one for name in (kind, category) for one in self.return_rules if name in one.goods]
        told += [one for one in self.return_rules if not one.goods]
        rule = next((one.returnable for one in told if one.returnable), "seven_days")
        days = next((one.days for one in told if one.days), self.return_days)
        return rule, days

    @property
    def cutoffs(self) -> tuple[str, ...]:
        """Earliest first."""
        return (*self.earlier_cutoffs, self.cutoff)


_HOUSE = select(tables.settings.c.value).where(tables.settings.c.name == HOUSE)


def read_house(connection: Connection) -> House:
    row = connection.execute(_HOUSE).first()
    if row is None:
        return House()
    return decode(House, row.value)  # type: ignore[no-any-return]
