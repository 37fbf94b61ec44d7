"""What was promised to a buyer for a product, kept for ever: new chats find the same offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop import tables
from bot.shop.bargaining import Floor, Ladder, Rung, Standing, at_price, descend, start
from bot.shop.codec import decode, encode
from bot.shop.dealing import Offer, Step
from bot.shop.goods import Product

NEVER_BULK = 20  # pieces, where the shop set no ladder


def bargain(
    connection: Connection,
    product: Product,
    *,
    buyer_id: str,
    quantity: int,
    ask_fen: int | None,
    now: datetime,
) -> Offer:
    """One rung further down for this buyer; what is given is stored."""
    lock(connection, f"offer:{buyer_id}:{product.product_id}")
    ladder = _read_ladder(connection, product)
    held = _read_standing(connection, product.product_id, buyer_id)
    before = held or start(product.product_id, product.price_fen)
    offer, after = descend(
        ladder, before, price_fen=product.price_fen, quantity=quantity, ask_fen=ask_fen
    )
    if after != held:
        _store(connection, buyer_id, after, now)
    return offer


def standing_offers(
    connection: Connection, products: Iterable[Product], buyer_id: str
) -> dict[str, Offer]:
    """By product id, seen from today's prices; products never bargained over are left out."""
    prices = {product.product_id: product.price_fen for product in products}
    table = tables.offers
    rows = connection.execute(
        select(table.c.product_id, table.c.offer).where(
            table.c.buyer_id == buyer_id, table.c.product_id.in_(list(prices))
        )
    )
    return {
        row.product_id: at_price(decode(Offer, row.offer), prices[row.product_id]) for row in rows
    }


def _read_ladder(connection: Connection, product: Product) -> Ladder:
    table = tables.ladders
    row = connection.execute(select(table).where(table.c.product_id == product.product_id)).first()
    if row is None:  # no ladder: the shop explains the value and stays at its price
        points = product.selling_points[:1]
        return Ladder(
            rungs=tuple(Rung(step=Step.VALUE, text=point) for point in points),
            floor=Floor(product.price_fen),
            bulk_from=NEVER_BULK,
        )
    coupons = {
        coupon.code: coupon
        for coupon in connection.execute(
            select(tables.coupons).where(
                tables.coupons.c.code.in_([rung.get("coupon_code", "") for rung in row.rungs])
            )
        )
    }
    return Ladder(
        rungs=tuple(_rung(rung, coupons) for rung in row.rungs),
        floor=Floor(row.floor_fen),
        bulk_from=row.bulk_from,
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


def _read_standing(connection: Connection, product_id: str, buyer_id: str) -> Standing | None:
    table = tables.offers
    row = connection.execute(
        select(table).where(table.c.buyer_id == buyer_id, table.c.product_id == product_id)
    ).first()
    if row is None:
        return None
    return Standing(rung=row.rung, last_cut_fen=row.last_cut_fen, offer=decode(Offer, row.offer))


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
