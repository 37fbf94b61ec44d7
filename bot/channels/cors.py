"""Lets the widget on a shop's own pages call the chat API; nothing else crosses origins.

The chat API carries no cookies: the token in the request is the only right, so any origin may ask.
The desk works with cookies and answers its own origin alone.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

_OPEN = ("/api/chat/", "/uploads/", "/pictures/")
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Max-Age": "86400",
}


@web.middleware
async def cors(request: web.Request, handler: Any) -> web.StreamResponse:
    if not request.path.startswith(_OPEN) or "Origin" not in request.headers:
        response: web.StreamResponse = await handler(request)
        return response
    if request.method == "OPTIONS":
        return web.Response(status=204, headers=_HEADERS)
    response = await handler(request)
    if not response.prepared:
        response.headers.update(_HEADERS)
    return response
