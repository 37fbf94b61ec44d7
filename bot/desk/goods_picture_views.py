"""Pictures of goods, put in at the desk by owners: drawn anew as buyers' pictures are."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.chat import uploaded_file
from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE, PICTURES
from bot.channels.pictures import UNUSED_FOR, StoredPicture
from bot.channels.requests import arriving, origin_of
from bot.desk.shop_row_views import demand_own_shop
from bot.desk.who import acting_owner
from bot.shop.editing import pictures

_UPLOADED_WITHIN_S = 60.0


async def upload(request: web.Request) -> web.Response:
    """POST multipart, field "file" → {"url", "width", "height"}: what the goods' picture is then.

    One that nothing names within an hour goes again.
    """
    owner = await acting_owner(request)
    demand_own_shop(request)
    _, content = await arriving(uploaded_file(request), _UPLOADED_WITHIN_S)

    def keep(connection: Connection, picture: StoredPicture) -> None:
        pictures.add(connection, picture.picture_id, owner, request.app[CLOCK]())

    try:
        stored = await request.app[PICTURES].store(
            content, keep, origin=f"desk:{origin_of(request)}"
        )
    except pictures.TooMany:
        what = f"商品图片最多 {pictures.MOST} 张，先换掉一些"
        raise ApiError(422, "too_many_pictures", what) from None
    url = pictures.url_of(stored.picture_id)
    return web.json_response({"url": url, "width": stored.width, "height": stored.height})


async def forget_unused(app: web.Application) -> int:
    """Files of pictures that nothing names; how many."""
    before = app[CLOCK]() - UNUSED_FOR
    unused = await app[DATABASE].run(pictures.take_unused, before)
    app[PICTURES].forget(unused)
    return len(unused)
