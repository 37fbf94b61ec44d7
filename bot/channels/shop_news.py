"""The door by which a shop of its own tells what happened, signed; its feed may tell it, too."""

from __future__ import annotations

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE, SETTINGS
from bot.channels.requests import object_of, raw_body
from bot.followups import heard
from bot.followups.hearing import read_happening
from bot.outgoing.signature import BadSignature, NotFresh, demand_signed
from bot.shop.words.codec import BadShape


async def tell(request: web.Request) -> web.Response:
    """POST: written down before it is answered; `is_new` is false where it was known.

    A 4xx wants no other try; after anything else the shop tells it again.
    """
    body, app = await raw_body(request), request.app
    now = app[CLOCK]()
    try:
        demand_signed(app[SETTINGS].shop_webhook_secrets, request.headers, body, now)
    except BadSignature:
        raise ApiError(401, "bad_signature", "签名不对，请核对 SHOP_WEBHOOK_SECRET") from None
    except NotFresh:
        raise ApiError(401, "not_fresh", "签名的时间差了五分钟以上，请核对两边的钟") from None
    try:
        told = read_happening(object_of(body))
    except BadShape as problem:
        raise ApiError(400, "bad_request", f"请求里有不对的内容：{problem}") from None
    is_new = await app[DATABASE].run(heard.hear, told, now)
    return web.json_response({"is_new": is_new})


SHOP_NEWS = web.post("/api/shop-news", tell)
