"""What was promised to a buyer for a product: for a week, the same in every chat.

A promise ends early where it would no longer hold: its coupon is used up, or the floor rose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop.embedded import price_cuts, tables
from bot.shop.rules.bargaining import (
    Floor,
    Ladder,
    Rung,
    Standing,
    at_price,
    coupon_off_of,
    descend,
    start,
)
from bot.shop.words.codec import decode, encode
from bot.shop.words.dealing import Offer, Step
from bot.shop.words.goods import Product

NEVER_BULK = 20  # pieces, where the shop set no ladder
LASTS = timedelta(days=7)  # from the last step down


def bargain(
    connection: Connection,
    product: Product,
    *,
    buyer_id: str,
    quantity: int,
    ask_fen: int | None,
    now: datetime,
    day: date,
) -> Offer:
    """One rung further down for this buyer; what is given is stored."""
    lock_promises(connection, buyer_id)
    ladder = _read_ladders(connection, [product])[product.product_id]
    standings = _read_standings(connection, buyer_id, now)
    held = standings.pop(product.product_id, None)
    usable = _usable_coupons(connection, buyer_id, day, ladder)
    elsewhere = {standing.offer.coupon_code for standing in standings.values()}
    if held is not None:
        held = _still_good(held, ladder, usable, product.price_fen)
    codes = {rung.coupon_code for rung in ladder.rungs}
    ladder = replace(ladder, gone_coupons=frozenset((codes - usable) | (codes & elsewhere)))
    before = held or start(product.product_id, product.price_fen)
    offer, after = descend(
        ladder, before, price_fen=product.price_fen, quantity=quantity, ask_fen=ask_fen
    )
    if after != held:
        _store(connection, buyer_id, after, now)
    return offer


def lock_promises(connection: Connection, buyer_id: str) -> None:
    """Until the transaction ends nobody else promises this buyer anything, or uses a coupon."""
    lock(connection, f"promises:{buyer_id}")


def standing_offers(
    connection: Connection,
    products: Iterable[Product],
    buyer_id: str,
    *,
    now: datetime,
    day: date,
) -> dict[str, Offer]:
    """By product id, seen from today's prices; products never bargained over are left out."""
    bargained = {product.product_id: product for product in products}
    standings = _read_standings(connection, buyer_id, now)
    wanted = [bargained[one] for one in standings if one in bargained]
    if not wanted:
        return {}
    ladders = _read_ladders(connection, wanted)
    usable = _usable_coupons(connection, buyer_id, day, *ladders.values())
    found = {}
    for product in wanted:
        standing = _still_good(
            standings[product.product_id],
            ladders[product.product_id],
            usable,
            product.price_fen,
        )
        if standing is not None:
            found[product.product_id] = at_price(standing.offer, product.price_fen)
    return found


def _still_good(
    standing: Standing, ladder: Ladder, usable: set[str], price_fen: int
) -> Standing | None:
    """Without a coupon that cannot be used any more; None below a floor that rose meanwhile."""
    offer = at_price(standing.offer, price_fen)
    if offer.coupon_code and offer.coupon_code not in usable:
        offer = replace(offer, coupon_code="")
    is_given = offer.off_fen or offer.coupon_code
    if is_given and not ladder.floor.allows(offer.unit_price_fen - coupon_off_of(ladder, offer)):
        return None
    return replace(standing, offer=replace(standing.offer, coupon_code=offer.coupon_code))


def _usable_coupons(connection: Connection, buyer_id: str, day: date, *ladders: Ladder) -> set[str]:
    """Codes on these ladders that run today and that this buyer has not used."""
    codes = {rung.coupon_code for ladder in ladders for rung in ladder.rungs if rung.coupon_code}
    if not codes:
        return set()
    coupons = price_cuts.read_coupons(connection, day, buyer_id, codes)
    return codes & {coupon.code for coupon in coupons}


def _read_ladders(connection: Connection, products: Iterable[Product]) -> dict[str, Ladder]:
    """By product id; a product without a ladder has one that only explains its value."""
    by_id = {product.product_id: product for product in products}
    table = tables.ladders
    rows = connection.execute(select(table).where(table.c.product_id.in_(list(by_id)))).all()
    codes = {rung.get("coupon_code", "") for row in rows for rung in row.rungs}
    coupons = {
        coupon.code: coupon
        for coupon in connection.execute(
            select(tables.coupons).where(tables.coupons.c.code.in_(sorted(codes)))
        )
    }
    ladders = {product_id: _without_ladder(product) for product_id, product in by_id.items()}
    for row in rows:
        ladders[row.product_id] = Ladder(
            rungs=tuple(_rung(rung, coupons) for rung in row.rungs),
            floor=Floor(row.floor_fen),
            bulk_from=row.bulk_from,
        )
    return ladders


def _without_ladder(product: Product) -> Ladder:
    """The shop explains the value and stays at its price."""
    points = product.selling_points[:1]
    return Ladder(
        rungs=tuple(Rung(step=Step.VALUE, text=point) for point in points),
        floor=Floor(product.price_fen),
        bulk_from=NEVER_BULK,
    )


def _rung(value: dict[str, Any], coupons: dict[str, Any]) -> Rung:
    coupon = coupons.get(value.get("coupon_code", ""))
    return Rung(
        step=Step(value["step"]),
        text=value.get("text", ""),
        gift=value.get("gift", ""),
        coupon_code=coupon.code if coupon else "",
        coupon_off_fen=coupon.off_fen if coupon else 0,
        coupon_from_fen=coupon.from_fen if coupon else 0,
        cut_fen=value.get("cut_fen", 0),
    )


def _read_standings(connection: Connection, buyer_id: str, now: datetime) -> dict[str, Standing]:
    """By product id; what was promised too long ago is left out."""
    table = tables.offers
    rows = connection.execute(
        select(table).where(table.c.buyer_id == buyer_id, table.c.made_at > now - LASTS)
    )
    return {
        row.product_id: Standing(
            rung=row.rung, last_cut_fen=row.last_cut_fen, offer=decode(Offer, row.offer)
        )
        for row in rows
    }


def _store(connection: Connection, buyer_id: str, standing: Standing, now: datetime) -> None:
    table, product_id = tables.offers, standing.offer.product_id
    connection.execute(
        delete(table).where(table.c.buyer_id == buyer_id, table.c.product_id == product_id)
    )
    connection.execute(
        insert(table).values(
            buyer_id=buyer_id,
            product_id=product_id,
            rung=standing.rung,
            last_cut_fen=standing.last_cut_fen,
            offer=encode(standing.offer),
            made_at=now,
        )
    )
