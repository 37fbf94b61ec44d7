"""The embedded shop as a JSON API over aiohttp, and the one place where its errors become HTTP."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.shop.wire.endpoints import ENDPOINTS, ROOT, Endpoint, from_wire
from bot.shop.wire.faults import body_of, fault_of
from bot.shop.words.codec import BadShape, encode
from bot.shop.words.errors import ShopError
from bot.shop.words.port import Shop

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024
BODY_WITHIN_S = 10.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(shop: Shop, *, token: str) -> list[web.RouteDef]:
    """All endpoints, for `app.add_routes`. `token`: what callers must send as a bearer."""
    if not token:
        raise ValueError("the shop's API needs a token")
    return [
        web.route(endpoint.method, _pattern(endpoint), _view(shop, endpoint, token))
        for endpoint in ENDPOINTS
    ]


def _pattern(endpoint: Endpoint) -> str:
    """Names in the path may hold anything but a slash, braces too (aiohttp leaves those out)."""
    return ROOT + endpoint.path.replace("}", ":[^/]+}")


def _view(shop: Shop, endpoint: Endpoint, token: str) -> Handler:
    verb = getattr(shop, endpoint.verb)

    async def view(request: web.Request) -> web.StreamResponse:
        if not _is_allowed(request, token):
            return _refuse(401, "unauthorised", "请带上正确的访问令牌")
        try:
            values = from_wire(endpoint, request.match_info, await _sent(request))
            answer = await verb(**values)
        except BadShape as error:
            return _refuse(400, "bad_request", "请求里有不对的内容", {"at": str(error)})
        except ShopError as error:
            fault = fault_of(error)
            return _refuse(fault.status, fault.code, fault.message, fault.details(error))
        except ValueError:  # a rule of the shop: unknown reason, attribute, a quantity of 0
            return _refuse(400, "bad_request", "请求里有不对的内容")
        except Exception:
            # The last door before the wire: aiohttp would answer in HTML and tell the traceback.
            log.exception("shop api: %s failed", endpoint.verb)
            return _refuse(500, "failed", "店铺出了点问题，请稍后再试")
        return web.json_response(encode(answer), dumps=_dumps)

    return view


def _is_allowed(request: web.Request, token: str) -> bool:
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    return (
        hmac.compare_digest(sent.encode("utf-8", "replace"), token.encode())
        and scheme.lower() == "bearer"
    )


async def _sent(request: web.Request) -> dict[str, Any]:
    if request.method == "GET":
        return dict(request.query)
    if (request.content_length or 0) > MOST_BYTES:
        raise BadShape("body", f"at most {MOST_BYTES} bytes")
    try:
        data = await asyncio.wait_for(_read(request), BODY_WITHIN_S)
    except asyncio.TimeoutError:
        raise BadShape("body", f"all of it within {BODY_WITHIN_S:g} s") from None
    if len(data) > MOST_BYTES:
        raise BadShape("body", f"at most {MOST_BYTES} bytes")
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise BadShape("body", "JSON") from None
    if not isinstance(body, dict):
        raise BadShape("body", "an object")
    return body


async def _read(request: web.Request) -> bytes:
    data = await request.content.read(MOST_BYTES + 1)
    while len(data) <= MOST_BYTES and not request.content.at_eof():
        data += await request.content.read(MOST_BYTES + 1 - len(data))
    return data


def _refuse(
    status: int, code: str, message: str, details: dict[str, Any] | None = None
) -> web.Response:
    return web.json_response(body_of(code, message, details), status=status, dumps=_dumps)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
