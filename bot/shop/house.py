"""The shop's own settings: hours, limits and addresses that rules and replies go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop import tables
from bot.shop.codec import decode
from bot.shop.goods import ShippingPromise

HOUSE = "house"


@dataclass(frozen=True, kw_only=True)
class House:
    name: str = ""
    cutoff: str = "16:00"  # paid before: leaves the same day
    ships_on_weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5)  # 0 = Monday
    couriers: tuple[str, ...] = ()
    pays_within_hours: int = 24
    return_address: str = ""
    return_days: int = 7
    refund_days: int = 3  # after the goods came back, or at once where nothing comes back
    partial_refund_percent: int = 10


def read_house(connection: Connection) -> House:
    row = connection.execute(
        select(tables.settings.c.value).where(tables.settings.c.name == HOUSE)
    ).first()
    if row is None:
        return House()
    return decode(House, row.value)  # type: ignore[no-any-return]


def shipping_promise(house: House, now: datetime, zone: tzinfo) -> ShippingPromise:
    """For an order paid at `now`: the same day before the cut-off, else the next working day."""
    local = now.astimezone(zone)
    hour, minute = (int(part) for part in house.cutoff.split(":"))
    day = local.date()
    if (local.hour, local.minute) >= (hour, minute):
        day += timedelta(days=1)
    for _ in range(7):
        if day.weekday() in house.ships_on_weekdays:
            break
        day += timedelta(days=1)
    return ShippingPromise(cutoff=house.cutoff, ships_on=day, couriers=house.couriers)
