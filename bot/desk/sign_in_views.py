"""Where one is signed in at the desk, and ending a single sign-in: a lost laptop, a public computer."""

from __future__ import annotations

from aiohttp import web

from bot.channels.errors import ApiError
from bot.desk.accounts import sign_in_id_of
from bot.desk.who import ACCOUNTS, COOKIE, acting_agent, reading_agent


async def sign_ins(request: web.Request) -> web.Response:
    """GET: one's own; an owner sees everybody's. `is_this`: the one that asks."""
    agent = await reading_agent(request)
    accounts = request.app[ACCOUNTS]
    found = await accounts.sign_ins(None if await accounts.is_owner(agent) else agent)
    this = sign_in_id_of(request.cookies.get(COOKIE, ""))
    return web.json_response(
        [
            {
                "sign_in_id": one.sign_in_id,
                "agent": one.agent,
                "since": one.since.isoformat(),
                "until": one.until.isoformat(),
                "is_this": one.sign_in_id == this,
            }
            for one in found
        ]
    )


async def end(request: web.Request) -> web.Response:
    """POST: that browser is signed out at once, its open page hears nothing more."""
    agent = await acting_agent(request)
    accounts = request.app[ACCOUNTS]
    of = None if await accounts.is_owner(agent) else agent
    if not await accounts.end_sign_in(request.match_info["sign_in_id"], of=of):
        raise ApiError(404, "unknown_sign_in", "没有这处登录，可能已经退出了")
    return web.json_response({})
