"""An agent's own over HTTP: it is the same on every computer they sign in from."""

from __future__ import annotations

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CONVERSATIONS, DATABASE, NEWS
from bot.channels.requests import json_object, number_field
from bot.conversations.news import DESK
from bot.desk.own import keep_seen, own_of
from bot.desk.who import ACCOUNTS, acting_agent, reading_agent


async def own(request: web.Request) -> web.Response:
    """GET: {seen, mentions, notices}."""
    agent = await reading_agent(request)
    return web.json_response(await request.app[DATABASE].read(own_of, agent))


async def see(request: web.Request) -> web.Response:
    """POST {seq}: the talk is read up to this line; the agent's other pages hear it."""
    agent = await acting_agent(request)
    seq = number_field(await json_object(request), "seq")
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    seq = min(seq, found.last_seq)
    if await request.app[DATABASE].run(keep_seen, agent, found.conversation_id, seq):
        frame = {"type": "seen", "conversation_id": found.conversation_id, "seq": seq}
        request.app[NEWS].publish(DESK, {**frame, "to_agent": agent})
    return web.json_response({})


async def switch_notices(request: web.Request) -> web.Response:
    """POST {sound, desktop}"""
    agent = await acting_agent(request)
    body = await json_object(request)
    sound, desktop = body.get("sound"), body.get("desktop")
    if not isinstance(sound, bool) or not isinstance(desktop, bool):
        raise ApiError(422, "bad_field", "sound 和 desktop 要是 true 或 false")
    await request.app[ACCOUNTS].change(agent, rings=sound, pops_up=desktop)
    return web.json_response({})
