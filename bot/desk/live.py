"""The desk's socket: everything that moves, as it moves. What it tells of a buyer is masked."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import LOOKING, NEWS
from bot.channels.socket import SOCKETS, let_go, tell_while_open
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Message
from bot.conversations.news import DESK, Subscription
from bot.desk.frames import heard
from bot.desk.listed import one_listed
from bot.desk.masking import masked_message
from bot.desk.who import PRESENCE, demand_own_origin, reading_agent

_HEARTBEAT_S = 16.0  # a dead line is noticed within 24 seconds


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Everything that moves, as it moves."""
    agent = await reading_agent(request)
    if "Origin" not in request.headers:
        raise ApiError(403, "foreign_page", "请从客服工作台连接")
    demand_own_origin(request)
    ws = web.WebSocketResponse(heartbeat=_HEARTBEAT_S)
    await ws.prepare(request)
    request.app[SOCKETS][ws] = request
    await request.app[PRESENCE].seen(agent)
    try:
        with request.app[NEWS].subscribe(DESK) as news:
            telling = asyncio.create_task(tell_while_open(ws, _tell(request, ws, news)))
            try:
                async for received in ws:  # agents act by POST; here they only listen
                    await request.app[PRESENCE].seen(agent)
                    await ws.send_json(await heard(request, ws, agent, received))
            finally:
                telling.cancel()
                request.app[LOOKING].at(ws, agent, "")
    except ConnectionResetError:
        pass  # the page went away in mid-answer
    finally:
        request.app[SOCKETS].pop(ws, None)
        await let_go(ws, request)
    return ws


async def _tell(request: web.Request, ws: web.WebSocketResponse, news: Subscription) -> None:
    app = request.app
    while (event := await news.next()) is not None:
        # Signed out, or the password changed: nothing more is told.
        agent = await reading_agent(request)
        shown: dict[str, Any] = dict(event)
        if shown["type"] == "buyer_typing" and shown.pop("agent") != agent:
            continue
        if isinstance(shown.get("message"), Message):
            shown["message"] = await asyncio.to_thread(masked_message, shown["message"])
        if isinstance(shown.get("conversation"), Conversation):
            shown["conversation"] = await one_listed(app, shown["conversation"])
        await ws.send_json(shown)
