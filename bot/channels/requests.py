"""Reads what requests carry: JSON objects, tokens, message ids."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any, TypeVar

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import SETTINGS, TOKENS
from bot.channels.origins import address_of, range_of
from bot.channels.tokens import BadToken, Identity

T = TypeVar("T")

BODY_WITHIN_S = 10.0
_LONGEST_ID = 64
LARGEST_JSON = 64 * 1024  # bytes; 5,000 characters take 30 KB however they are written
HIGHEST_SEQ = 2**31 - 1


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object. Raises ApiError."""
    return object_of(await raw_body(request) or b"{}")


async def raw_body(request: web.Request) -> bytes:
    """Raises ApiError."""
    return bytes(await arriving(_body(request)))


async def _body(request: web.Request) -> bytearray:
    content = bytearray()
    async for chunk in request.content.iter_chunked(16 * 1024):
        content += chunk
        if len(content) > LARGEST_JSON:
            raise ApiError(413, "too_large", f"请求内容最多 {LARGEST_JSON // 1024} KB")
    return content


async def arriving(part: Awaitable[T], within_s: float | None = None) -> T:
    """What comes of it within BODY_WITHIN_S, or the given time; what never arrives is let go.

    Raises ApiError.
    """
    try:
        return await asyncio.wait_for(part, BODY_WITHIN_S if within_s is None else within_s)
    except asyncio.TimeoutError:
        raise ApiError(408, "too_slow", "等了太久没收到内容，再试一次吧") from None


def origin_of(request: web.Request) -> str:
    """The address range that a request counts for."""
    return range_of(address_of(request, request.app[SETTINGS].trusted_proxies))


def object_of(text: str | bytes | bytearray) -> dict[str, Any]:
    """A JSON object from the outside. Raises ApiError."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):  # also numbers and nestings beyond Python's limits
        body = None
    if not isinstance(body, dict):
        raise ApiError(400, "bad_json", "内容要是一个有效的 JSON 对象")
    return body


def text_field(body: dict[str, Any], name: str, default: str | None = None) -> str:
    """A string of the body; `default` where it is missing or null. Raises ApiError."""
    value = body.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise ApiError(422, "bad_field", f"{name} 要是一段文字")
    # Lone surrogates and NUL are JSON, but no text that a database takes.
    return value.encode("utf-8", "replace").decode().replace("\x00", "")


def number_field(body: dict[str, Any], name: str, default: int | None = None) -> int:
    """A message number of the body, from 0. Raises ApiError."""
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= HIGHEST_SEQ:
        raise ApiError(422, "bad_field", f"{name} 要是一个数字")
    return value


def whole_number(text: str) -> int | None:
    """None for anything but a message number in plain digits."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        return None
    return min(int(text), HIGHEST_SEQ)


def message_id(body: dict[str, Any], name: str = "id") -> str:
    """The sender's own id of a message; without one, repeats could not be told. Raises ApiError."""
    value = text_field(body, name)
    if not 0 < len(value) <= _LONGEST_ID or value.startswith(("bot-", "system-", "follow-up-")):
        raise ApiError(422, "bad_field", f"{name} 要是 1 到 {_LONGEST_ID} 个字符")
    return value


def bearer(request: web.Request) -> str:
    """The token of `Authorization: Bearer …`, "" without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def identity(request: web.Request) -> Identity:
    """Whose chat this is. Raises ApiError 401."""
    return identity_of(request.app, bearer(request))


def identity_of(app: web.Application, token: str) -> Identity:
    try:
        return app[TOKENS].read(token)
    except BadToken:
        raise ApiError(401, "bad_token", "登录过期了，刷新一下页面") from None
