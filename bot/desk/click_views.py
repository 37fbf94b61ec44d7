"""How buyers ask: the share of their lines that is pressed instead of typed, for owners."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE
from bot.channels.requests import whole_number
from bot.conversations import clicks
from bot.desk.who import reading_owner

_LONGEST_DAYS = 365


async def click_share(request: web.Request) -> web.Response:
    """GET ?days=30: buyers' lines of words since then, and how many of them were pressed."""
    await reading_owner(request)
    days = whole_number(request.query.get("days", "30"))
    if days is None or not 1 <= days <= _LONGEST_DAYS:
        raise ApiError(422, "bad_field", f"days 要是 1 到 {_LONGEST_DAYS} 的数字")
    since = request.app[CLOCK]() - timedelta(days=days)
    found = await request.app[DATABASE].read(clicks.counted, since)
    return web.json_response(
        {
            "days": days,
            "lines": found.lines,
            "buttons": found.buttons,
            "questions": found.questions,
            "share": round(found.share, 4),
        }
    )
