"""Signing in and out of the desk, where one is signed in, and ending it: a lost laptop, a public computer."""

from __future__ import annotations

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE, SETTINGS
from bot.channels.origins import is_secure
from bot.channels.requests import json_object, origin_of, text_field
from bot.desk.audit import Deed, note
from bot.desk.people_views import SIGN_IN_LIMITS
from bot.desk.shown import agent_shown
from bot.desk.sign_ins import SIGNED_IN_FOR, sign_in_id_of
from bot.desk.who import (
    ACCOUNTS,
    COOKIE,
    PRESENCE,
    acting_agent,
    demand_own_page,
    reading_agent,
    reading_person,
)

# No path is told: browsers take the folder of the address they asked, …/api/desk, with whatever path
# a proxy has put before it.
_THIS_FOLDER = ""


async def login(request: web.Request) -> web.Response:
    demand_own_page(request)
    body = await json_object(request)
    name, password = text_field(body, "name"), text_field(body, "password")
    limits, origin = request.app[SIGN_IN_LIMITS], origin_of(request)
    if not limits.allows(name, origin):
        raise ApiError(429, "too_many_tries", "试得太频繁了，过几分钟再来")
    token = await request.app[ACCOUNTS].sign_in(name, password)
    if token is None:
        raise ApiError(401, "wrong_login", "账号或密码不对")
    limits.succeeded(name, origin)
    await request.app[PRESENCE].seen(name)
    await request.app[PRESENCE].sweep()  # nobody waits for who is gone
    await request.app[DATABASE].run(note, name, Deed.SIGN_IN, request.app[CLOCK]())
    response = web.json_response({"name": name})
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SIGNED_IN_FOR.total_seconds()),
        httponly=True,
        samesite="Strict",
        # A Secure cookie set over plain HTTP is thrown away, and nobody could sign in.
        secure=is_secure(request, request.app[SETTINGS].trusted_proxies),
        path=_THIS_FOLDER,
    )
    return response


async def logout(request: web.Request) -> web.Response:
    demand_own_page(request)
    cookie = request.cookies.get(COOKIE, "")
    agent = await request.app[ACCOUNTS].agent_of(cookie)
    await request.app[ACCOUNTS].sign_out(cookie)
    if agent is not None:
        await request.app[DATABASE].run(note, agent, Deed.SIGN_OUT, request.app[CLOCK]())
        if not await request.app[ACCOUNTS].has_sign_in(agent):
            await request.app[PRESENCE].gone(agent)
    response = web.json_response({})
    response.del_cookie(COOKIE, path=_THIS_FOLDER)
    return response


async def me(request: web.Request) -> web.Response:
    return web.json_response(agent_shown(await reading_person(request), request.app[CLOCK]()))


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
