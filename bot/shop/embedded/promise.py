"""On which day an order leaves: the one place where that is reckoned.

What is promised before payment, told after it and measured against when it is late comes from
here: cut-off times (two pick-ups a day, or one after midnight), the weekdays on which the shop
ships, public holidays with their made-up workdays, and the owner's own pauses and extra days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.shop.embedded.house import House
from bot.shop.rules import public_days
from bot.shop.words.goods import ShippingPromise

DAY = timedelta(days=1)
_LONGEST = 120  # days without a departure; behind them the weekdays alone are counted


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Of a paid order that is still here."""

    ships_on: date  # the day promised; while it is not late, no day that has passed
    is_late: bool


def ships(house: House, day: date) -> bool:
    """Whether parcels leave on this day. An extra day counts within a pause, too."""
    if day in house.ships_also_on:
        return True
    if any(pause.first <= day <= pause.last for pause in house.pauses):
        return False
    if not house.ships_on_holidays:
        if public_days.is_day_off(day):
            return False
        if public_days.is_made_up(day):
            return True
    return day.weekday() in house.ships_on_weekdays


def next_shipping_day(house: House, day: date) -> date:
    """This day or the first one after it."""
    for ahead in range(_LONGEST):
        if ships(house, day + ahead * DAY):
            return day + ahead * DAY
    return day + _LONGEST * DAY


def leaves_on(house: House, paid: datetime) -> date:
    """The day on which an order paid at `paid` (shop time) is promised to leave.

    A cut-off of 26:00 is two at night: until then an order still leaves with the evening's.
    """
    day, minute = paid.date(), paid.hour * 60 + paid.minute
    last = max(_minutes(cutoff) for cutoff in house.cutoffs)
    if minute + 24 * 60 < last and ships(house, day - DAY):
        return day
    return next_shipping_day(house, day if minute < last else day + DAY)


def departure(house: House, paid: datetime, now: datetime) -> Departure:
    """Both in shop time. Late is what was not sent on the shipping day after the promised one.

    That one day of grace is for a parcel that is packed and not scanned.
    """
    promised, today = leaves_on(house, paid), now.date()
    if today > next_shipping_day(house, promised + DAY):
        return Departure(ships_on=promised, is_late=True)
    if promised >= today:
        return Departure(ships_on=promised, is_late=False)
    return Departure(ships_on=next_shipping_day(house, today), is_late=False)


def shipping_promise(
    house: House, now: datetime, zone: tzinfo, paid_on: date | None = None
) -> ShippingPromise:
    """For an order paid now, or early on the day `paid_on`."""
    local = now.astimezone(zone)
    if paid_on is not None:
        local = datetime(paid_on.year, paid_on.month, paid_on.day, 9, tzinfo=zone)
    ships_on = leaves_on(house, local)
    closed_since, why = _closed(house, local.date(), ships_on)
    return ShippingPromise(
        cutoff=clock_text(house.cutoffs[-1]),
        ships_on=ships_on,
        couriers=house.couriers,
        pick_ups=tuple(map(clock_text, house.cutoffs)),
        closed_since=closed_since,
        closed_why=why,
    )


def _closed(house: House, day: date, ships_on: date) -> tuple[date | None, str]:
    """Since when nothing leaves, and why, where a pause or a holiday lies before `ships_on`."""
    waits = [day + ahead * DAY for ahead in range((ships_on - day).days)]
    if day == ships_on or not any(_is_exception(house, one) for one in waits):
        return None, ""
    first = next(one for one in waits if not ships(house, one))
    while not ships(house, first - DAY) and (day - first).days < _LONGEST:
        first -= DAY
    stretch = [first + ahead * DAY for ahead in range((ships_on - first).days)]
    notes = [p.note for p in house.pauses for one in stretch if p.first <= one <= p.last]
    return first, next(filter(None, notes), "") or public_days.name_of(stretch)


def _is_exception(house: House, day: date) -> bool:
    return not ships(house, day) and (
        day.weekday() in house.ships_on_weekdays or public_days.is_day_off(day)
    )


def _minutes(cutoff: str) -> int:
    hour, minute = cutoff.split(":")
    return int(hour) * 60 + int(minute)


def clock_text(cutoff: str) -> str:
    """16:00 → 16:00, 26:00 → 次日02:00."""
    hours, minutes = divmod(_minutes(cutoff), 60)
    return f"次日{hours - 24:02}:{minutes:02}" if hours >= 24 else f"{hours:02}:{minutes:02}"
