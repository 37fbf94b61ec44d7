"""Postage by region and weight: zones of a first and a following weight, dearer when far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.words.goods import PostageQuote
from bot.shop.words.regions import find_region


@dataclass(frozen=True, kw_only=True)
class Zone:
    """Regions that cost the same; without regions it stands for all that no other zone names."""

    zone: str
    regions: tuple[str, ...]
    courier: str
    first_g: int
    first_fen: int
    next_g: int
    next_fen: int
    free_from_fen: int | None
    surcharge_fen: int
    days: tuple[int, int] | None
    can_deliver: bool


def read_zones(connection: Connection) -> tuple[Zone, ...]:
    table = tables.postage_zones
    return tuple(
        Zone(
            zone=row.zone,
            regions=tuple(row.regions),
            courier=row.courier,
            first_g=row.first_g,
            first_fen=row.first_fen,
            next_g=row.next_g,
            next_fen=row.next_fen,
            free_from_fen=row.free_from_fen,
            surcharge_fen=row.surcharge_fen,
            days=None if row.days_min is None else (row.days_min, row.days_max),
            can_deliver=row.can_deliver,
        )
        for row in connection.execute(select(table).order_by(table.c.position))
    )


def quote(
    zones: tuple[Zone, ...],
    region_text: str,
    *,
    weight_g: int,
    paid_fen: int,
    is_promised_free: bool = False,
) -> PostageQuote:
    """`paid_fen`: what the goods cost after all discounts; 0 with nothing chosen yet.

    An unknown place is quoted as a usual region, and the answer's `region` stays empty.
    """
    region = find_region(region_text)
    name = region.name if region else ""
    if region is not None and region.is_abroad:
        return _undeliverable(name)
    usual = next((zone for zone in zones if not zone.regions), None)
    named = next(
        (zone for zone in zones if region and {region.city, region.province} & set(zone.regions)),
        None,
    )
    zone = named or usual
    if zone is None or not zone.can_deliver:
        return _undeliverable(name)
    steps = max(0, -(-(weight_g - zone.first_g) // zone.next_g)) if zone.next_g else 0
    heavy = steps * zone.next_fen
    is_free = is_promised_free or (
        zone.free_from_fen is not None and paid_fen > 0 and paid_fen >= zone.free_from_fen
    )
    if is_free:
        heavy = 0
        fee = 0 if is_promised_free else zone.surcharge_fen
    else:
        fee = zone.first_fen + heavy + zone.surcharge_fen
    return PostageQuote(
        region=name,
        fee_fen=fee,
        is_free=fee == 0,
        free_from_fen=zone.free_from_fen,
        heavy_extra_fen=heavy,
        days=zone.days,
        courier=zone.courier,
    )


def _undeliverable(name: str) -> PostageQuote:
    return PostageQuote(
        region=name, fee_fen=0, is_free=False, free_from_fen=None, can_deliver=False
    )
