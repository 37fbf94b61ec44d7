"""Beside the chat: the buyer, orders, parcels, goods in question, cases, coupons, earlier talks."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.errors import ApiError
from bot.channels.keys import CONVERSATIONS, DATABASE, SHOP
from bot.channels.requests import json_object
from bot.desk.attribute_words import NotUnderstood, attribute_meant
from bot.desk.audit import Deed
from bot.desk.beside import (
    ATTRIBUTE_LABELS,
    buyer_beside,
    case_beside,
    coupon_beside,
    goods_beside,
    in_question,
    limits_beside,
    order_beside,
)
from bot.desk.deeds import OFFICE, limit_of
from bot.desk.earlier import talks_of
from bot.desk.kept import notes_of
from bot.desk.remarks import remarks_on
from bot.desk.shown import kept
from bot.desk.who import acting_person, reading_person
from bot.shop.embedded.buyers import UnknownAttribute

_ORDERS, _LINES_READ = 10, 40
_LONGEST_VALUE = 200


async def beside(request: web.Request) -> web.Response:
    """GET: all of it; what a deed may be done to says so itself."""
    agent = await reading_person(request)
    app = request.app
    found = await app[CONVERSATIONS].find(request.match_info["conversation_id"])
    shop, office = app[SHOP], app[OFFICE]
    buyer = await shop.buyer(found.buyer_id)
    orders = await shop.orders_of(found.buyer_id, limit=_ORDERS)
    cases = await shop.returns_of(found.buyer_id)
    lines = await app[CONVERSATIONS].history(found.conversation_id, limit=_LINES_READ)
    wanted = in_question(found.product_in_view, (one.card for one in lines), orders)
    goods = [one for one in [await shop.product(name) for name in wanted] if one is not None]
    coupons = await office.coupons_to_give(found.buyer_id) if office is not None else []

    def read(connection: Connection) -> tuple[dict[str, Any], list[Any], list[Any]]:
        return (
            remarks_on(connection, [one.number for one in orders]),
            talks_of(connection, found.buyer_id),
            notes_of(connection, found.conversation_id),
        )

    remarks, talks, notes = await app[DATABASE].read(read)
    limit = limit_of(request, agent)
    return web.json_response(
        {
            "buyer": buyer_beside(buyer),
            "labels": ATTRIBUTE_LABELS,
            "orders": [order_beside(one, remarks.get(one.number, ())) for one in orders],
            "goods": [goods_beside(one) for one in goods],
            "cases": [case_beside(one) for one in cases],
            "coupons": [coupon_beside(one, limit) for one in coupons],
            "talks": talks,
            "notes": notes,
            "limits": limits_beside(limit),
            "is_our_shop": office is not None,
        }
    )


async def change_attributes(request: web.Request) -> web.Response:
    """POST {name: value}: what was learned of the buyer; "" forgets one."""
    agent = await acting_person(request)
    body = await json_object(request)
    if not all(isinstance(value, str) and len(value) <= _LONGEST_VALUE for value in body.values()):
        raise ApiError(422, "bad_field", f"每一项写文字，最多 {_LONGEST_VALUE} 字")
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    try:
        meant = {name: attribute_meant(name, value) for name, value in body.items()}
        await request.app[SHOP].remember(found.buyer_id, meant)
    except NotUnderstood as error:
        raise ApiError(422, "bad_field", str(error)) from None
    except UnknownAttribute:
        raise ApiError(422, "bad_field", "没有这一项资料") from None
    about = "、".join(ATTRIBUTE_LABELS[name] for name in body)
    await kept(request, agent, Deed.ATTRIBUTES, about=about)
    return web.json_response(buyer_beside(await request.app[SHOP].buyer(found.buyer_id)))
