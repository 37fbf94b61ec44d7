"""What every request must keep to, and what every answer carries."""

from __future__ import annotations

from typing import Any

from aiohttp import hdrs, web

from bot.channels.errors import ApiError
from bot.database import one_request

_PERSONAL = ("/api/", "/webhooks/")


@web.middleware
async def plain_bodies(request: web.Request, handler: Any) -> web.StreamResponse:
    """Refuses packed bodies: what they unpack to is bounded by nothing, and no page of ours packs."""
    encoding = request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise ApiError(415, "packed_body", "请求内容不能压缩")
    response: web.StreamResponse = await handler(request)
    return response


@web.middleware
async def bounded_waits(request: web.Request, handler: Any) -> web.StreamResponse:
    """A request waits for a locked database once, however often it writes.

    A socket is as many requests as it has frames, and says so itself.
    """
    if request.headers.get(hdrs.UPGRADE, "").lower() == "websocket":
        response: web.StreamResponse = await handler(request)
        return response
    with one_request():
        response = await handler(request)
    return response


async def safe_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal, so that refusals of the framework itself get them too.

    Answers with somebody's data are kept by no cache, nothing is taken for another type than it
    says, and nobody is told versions.
    """
    headers = response.headers
    headers[hdrs.SERVER] = "dianxiaoer"
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if response.content_type == "application/json" or request.path.startswith(_PERSONAL):
        headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
