"""The campaigns and coupons that hold on a day, read from the shop's rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.rules.pricing import Campaign
from bot.shop.words.goods import Coupon, Promotion


def read_campaigns(connection: Connection, day: date) -> tuple[Campaign, ...]:
    """Those that run on this day."""
    table = tables.promotions
    return tuple(
        Campaign(
            promotion=Promotion(
                promotion_id=row.promotion_id,
                title=row.title,
                text=row.text,
                ends_on=row.ends_on,
                product_ids=tuple(row.product_ids),
                stacks=row.stacks,
            ),
            from_fen=row.from_fen,
            off_fen=row.off_fen,
            gift=row.gift,
        )
        for row in connection.execute(select(table).order_by(table.c.position))
        if (row.starts_on or day) <= day <= (row.ends_on or day)
    )


def read_coupons(
    connection: Connection, day: date, buyer_id: str | None, promised: Iterable[str] = ()
) -> tuple[Coupon, ...]:
    """Running coupons: public ones, this buyer's own and the promised; less those used up."""
    table, held = tables.coupons, tables.buyer_coupons
    mine = connection.execute(
        select(held.c.code, held.c.order_number).where(held.c.buyer_id == (buyer_id or ""))
    ).all()
    used = {row.code for row in mine if row.order_number}
    allowed = {row.code for row in mine} | set(promised)
    rows = connection.execute(
        select(table)
        .where(or_(table.c.is_public, table.c.code.in_(allowed)))
        .order_by(table.c.from_fen, table.c.code)
    )
    return tuple(
        Coupon(
            code=row.code,
            title=row.title,
            off_fen=row.off_fen,
            from_fen=row.from_fen,
            ends_on=row.ends_on,
            stacks=row.stacks,
        )
        for row in rows
        if row.code not in used and (row.ends_on is None or day <= row.ends_on)
    )
