"""What left the house and what could not, for owners; a dead one is tried again."""

from __future__ import annotations

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE
from bot.channels.requests import whole_number
from bot.desk.who import acting_owner, reading_owner
from bot.outgoing import outbox
from bot.outgoing.delivery import DeliveryStatus


async def listed(request: web.Request) -> web.Response:
    """GET ?status=dead: the newest hundred."""
    await reading_owner(request)
    try:
        status = DeliveryStatus(request.query.get("status", DeliveryStatus.DEAD.value))
    except ValueError:
        known = "、".join(one.value for one in DeliveryStatus)
        raise ApiError(422, "bad_field", f"status 要是 {known} 中的一个") from None
    rows = await request.app[DATABASE].read(outbox.listed, status)
    moments = ("created_at", "ended_at")
    return web.json_response(
        [{**row, **{name: row[name] and row[name].isoformat() for name in moments}} for row in rows]
    )


async def again(request: web.Request) -> web.Response:
    await acting_owner(request)
    number = whole_number(request.match_info["delivery_id"])
    now = request.app[CLOCK]()
    if not await request.app[DATABASE].run(outbox.try_again, number or 0, now):
        raise ApiError(404, "unknown_delivery", "没有找到发不出去的这一条")
    return web.json_response({})
