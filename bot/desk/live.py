"""The desk's socket: everything that moves, as it moves. What it tells of a buyer is masked."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.socket import SOCKETS, let_go, tell_while_open
from bot.desk.frames import heard
from bot.desk.looking import LOOKING
from bot.desk.telling import Page
from bot.desk.who import COOKIE, PRESENCE, TELLING, demand_own_origin, reading_agent

_HEARTBEAT_S = 16.0  # a dead line is noticed within 24 seconds


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Everything that moves, as it moves."""
    agent = await reading_agent(request)
    if "Origin" not in request.headers:
        raise ApiError(403, "foreign_page", "请从客服工作台连接")
    demand_own_origin(request)
    # Not compressed: it would be done anew for every page, of frames that are rendered once for all.
    ws = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, compress=False)
    await ws.prepare(request)
    request.app[SOCKETS][ws] = request
    await request.app[PRESENCE].seen(agent)
    page = Page(agent, request.cookies[COOKIE])
    try:
        with request.app[TELLING].joined(page):
            telling = asyncio.create_task(tell_while_open(ws, _tell(ws, page)))
            try:
                async for received in ws:  # agents act by POST; here they only listen
                    await request.app[PRESENCE].seen(agent)
                    await ws.send_json(await heard(request, page, received))
            finally:
                telling.cancel()
                request.app[LOOKING].leave(page.page_id, agent)
    except ConnectionResetError:
        pass  # the page went away in mid-answer
    finally:
        request.app[SOCKETS].pop(ws, None)
        await let_go(ws, request)
    return ws


async def _tell(ws: web.WebSocketResponse, page: Page) -> None:
    while (frame := await page.next()) is not None:
        await ws.send_str(frame)
