"""What only owners of the shop do at the desk: read who looked what up."""

from __future__ import annotations

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import DATABASE
from bot.channels.requests import whole_number
from bot.desk.reveals import newest_reveals
from bot.desk.who import reading_owner


async def reveals(request: web.Request) -> web.Response:
    """GET ?offset=0: which agent saw a phone or an address in full, the newest first; 200 a page."""
    await reading_owner(request)
    offset = whole_number(request.query.get("offset", "0"))
    if offset is None:
        raise ApiError(422, "bad_field", "offset 要是一个数字")
    found = await request.app[DATABASE].read(newest_reveals, offset=offset)
    return web.json_response([one.as_json() for one in found])
