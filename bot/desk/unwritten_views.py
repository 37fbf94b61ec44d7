"""GET what buyers asked that the shop's data do not tell: for owners, to write it down."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.keys import CLOCK, DATABASE, SHOP
from bot.conversations.unwritten import Unwritten, unwritten
from bot.desk.masking import masked_text
from bot.desk.who import reading_owner

DAYS = 30


async def unwritten_questions(request: web.Request) -> web.Response:
    """{"questions": [{"product_id", "name", "texts", "times", "last_at"}]} of the last thirty days.

    Phones and the like stay hidden; `name` is "" where it was asked of no product.
    """
    await reading_owner(request)
    since = request.app[CLOCK]() - timedelta(days=DAYS)

    def read(connection: Connection) -> list[Unwritten]:
        return unwritten(connection, since)

    found = await request.app[DATABASE].read(read)
    shop = request.app[SHOP]
    names = {one.product_id: "" for one in found}
    for product_id in filter(None, names):
        product = await shop.product(product_id)
        names[product_id] = product.name if product else ""
    rows = [
        {
            "product_id": one.product_id,
            "name": names[one.product_id],
            "texts": [masked_text(text) for text in one.texts],
            "times": one.times,
            "last_at": one.last_at.isoformat(),
        }
        for one in found
    ]
    return web.json_response({"questions": rows})
