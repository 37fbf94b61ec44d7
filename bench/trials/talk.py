"""Stretches of talk that several trials need."""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bench.trials.house import House
from bench.trials.visitors import Visitor
from bot.shop.embedded import tables

GOODS = "tee-sugan"
STREET = "浙江省杭州市西湖区文三路1号"
ORDER_NUMBER = re.compile(r"\d{16}")
_phones = itertools.count(13900000000)


def new_phone() -> str:
    return str(next(_phones))


async def to_the_summary(buyer: Visitor, *, goods: str = GOODS, phone: str = "") -> list[str]:
    """A visitor's talk up to 合计…对吗; what was said last."""
    await buyer.look_at(goods)
    await buyer.say("黑色L码来一件")
    return await buyer.say(f"王小山 {phone or new_phone()} {STREET}")


def summary_is_open(buyer: Visitor) -> bool:
    """Whether the last thing said asks to confirm an order."""
    said = buyer.said()
    return bool(said) and "order_summary" in str([one.get("card") for one in said[-3:]])


def orders_of(house: House, buyer_id: str) -> list[dict[str, Any]]:
    """Oldest first."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        table = tables.orders
        query = sa.select(table).where(table.c.buyer_id == buyer_id).order_by(table.c.created_at)
        return [dict(row._mapping) for row in connection.execute(query)]

    return house.stored(read)


def order(house: House, number: str) -> dict[str, Any]:
    def read(connection: Connection) -> dict[str, Any]:
        query = sa.select(tables.orders).where(tables.orders.c.number == number)
        return dict(connection.execute(query).one()._mapping)

    return house.stored(read)


def placed_since(house: House, moment: datetime) -> list[dict[str, Any]]:
    """Every order stored since then."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        query = sa.select(tables.orders).where(tables.orders.c.created_at >= moment)
        return [dict(row._mapping) for row in connection.execute(query)]

    return house.stored(read)


def refunds_of(house: House, number: str) -> int:
    """Fen that are given back or promised, all cases of an order together."""

    def read(connection: Connection) -> int:
        table = tables.returns
        query = sa.select(sa.func.coalesce(sa.func.sum(table.c.refund_fen), 0)).where(
            table.c.order_number == number, table.c.status.not_in(["declined", "withdrawn"])
        )
        return int(connection.execute(query).scalar_one())

    return house.stored(read)


def stock_of(house: House, product_id: str) -> tuple[int, int]:
    """(on hand, reserved) pieces of all SKUs of a product."""

    def read(connection: Connection) -> tuple[int, int]:
        table = tables.skus
        query = sa.select(sa.func.sum(table.c.on_hand), sa.func.sum(table.c.reserved)).where(
            table.c.product_id == product_id
        )
        on_hand, reserved = connection.execute(query).one()
        return int(on_hand), int(reserved)

    return house.stored(read)


def visitor_id(buyer: Visitor) -> str:
    """The buyer id of a visitor, as orders hold it."""
    import jwt

    claims = jwt.decode(buyer.token, options={"verify_signature": False})
    return f"visitor:{claims['sub']}" if claims["kind"] == "visitor" else str(claims["sub"])
