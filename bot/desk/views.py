"""The desk's JSON API and its socket. What it tells of a buyer is masked (masking.py)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import (
    CLOCK,
    CONVERSATIONS,
    DATABASE,
    NEWS,
    ORIGINS,
    SETTINGS,
    SHOP,
    TURNS,
)
from bot.channels.origins import is_secure
from bot.channels.requests import json_object, message_id, origin_of, text_field, whole_number
from bot.channels.socket import SOCKETS, let_go, tell_while_open
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Message
from bot.conversations.news import DESK, Subscription
from bot.desk.accounts import SIGNED_IN_FOR
from bot.desk.crowds import crowded
from bot.desk.masking import (
    known_addresses,
    masked_message,
    masked_summary,
    masked_text,
    whole_message,
)
from bot.desk.reveals import NothingThere, reveal_message, reveal_summary
from bot.desk.sign_in_limits import SignInLimits
from bot.desk.who import (
    ACCOUNTS,
    COOKIE,
    acting_agent,
    demand_own_origin,
    demand_own_page,
    reading_agent,
)

SIGN_IN_LIMITS = web.AppKey("sign_in_limits", SignInLimits)
# No path is told: browsers take the folder of the address they asked, …/api/desk, with whatever path
# a proxy has put before it.
_THIS_FOLDER = ""
_HEARTBEAT_S = 25.0
_LONGEST_GIST, _READ_OF_GIST = 100, 300  # characters
_LISTED = (Status.WAITING, Status.WITH_AGENT, Status.WITH_BOT)


async def login(request: web.Request) -> web.Response:
    demand_own_page(request)
    body = await json_object(request)
    name, password = text_field(body, "name"), text_field(body, "password")
    limits, origin = request.app[SIGN_IN_LIMITS], origin_of(request)
    if not limits.allows(name, origin):
        raise ApiError(429, "too_many_tries", "试得太频繁了,过几分钟再来")
    token = await request.app[ACCOUNTS].sign_in(name, password)
    if token is None:
        raise ApiError(401, "wrong_login", "账号或密码不对")
    limits.succeeded(name, origin)
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
    await request.app[ACCOUNTS].sign_out(request.cookies.get(COOKIE, ""))
    response = web.json_response({})
    response.del_cookie(COOKIE, path=_THIS_FOLDER)
    return response


async def me(request: web.Request) -> web.Response:
    name = await reading_agent(request)
    return web.json_response({"name": name, "is_owner": await request.app[ACCOUNTS].is_owner(name)})


async def conversations(request: web.Request) -> web.Response:
    """GET ?offset=0: the agent's own, who waits, who is with others or the bot; 200 a page.

    Many visitors of one place who wait at once come behind the others (`is_behind`).

    X-Total-Count says how many there are.
    """
    agent = await reading_agent(request)
    offset = whole_number(request.query.get("offset", "0"))
    if offset is None:
        raise ApiError(422, "bad_field", "offset 要是一个数字")
    behind = await _crowded(request.app)
    found, count = await request.app[CONVERSATIONS].in_status(
        _LISTED, mine=agent, behind=behind, offset=offset
    )
    crowd = frozenset(behind)
    return web.json_response(
        [await _listed(request.app, one, crowd) for one in found],
        headers={"X-Total-Count": str(count)},
    )


async def conversation(request: web.Request) -> web.Response:
    """GET one: its lines, what the bot understood, and the summary of the hand-over."""
    await reading_agent(request)
    found = await request.app[CONVERSATIONS].find(_id(request))
    messages = await request.app[CONVERSATIONS].history(found.conversation_id, limit=200)
    known = known_addresses(found.summary)
    # In a thread: a long talk takes a tenth of a second, and buyers are not to wait for it.
    shown = await asyncio.to_thread(lambda: [masked_message(one, known) for one in messages])
    return web.json_response(
        {
            "conversation": await _listed(request.app, found),
            "summary": await asyncio.to_thread(masked_summary, found.summary, known),
            "messages": shown,
        }
    )


async def reveal(request: web.Request) -> web.Response:
    """POST {seq} or {}: the line, or the summary, as it is; who asked is written down first."""
    agent, now = await acting_agent(request), request.app[CLOCK]()
    seq = (await json_object(request)).get("seq")
    database = request.app[DATABASE]
    try:
        if seq is None:
            whole = await database.run(reveal_summary, _id(request), agent, now)
            return web.json_response({"summary": whole})
        if not isinstance(seq, int) or isinstance(seq, bool):
            raise ApiError(422, "bad_field", "seq 要是一条消息的编号")
        message = await database.run(reveal_message, _id(request), seq, agent, now)
    except NothingThere:
        raise ApiError(404, "unknown_message", "没有找到这条消息") from None
    return web.json_response({"message": whole_message(message)})


async def take(request: web.Request) -> web.Response:
    agent = await acting_agent(request)
    taken = await request.app[CONVERSATIONS].take(_id(request), agent)
    return web.json_response(await _listed(request.app, taken))


async def say(request: web.Request) -> web.Response:
    """POST {id, text}: the agent's line; taking over comes with it."""
    agent = await acting_agent(request)
    body = await json_object(request)
    message = await request.app[CONVERSATIONS].say_as_agent(
        _id(request), agent, message_id(body), text_field(body, "text")
    )
    return web.json_response(await asyncio.to_thread(masked_message, message))


async def give_back(request: web.Request) -> web.Response:
    await acting_agent(request)
    back = await request.app[CONVERSATIONS].give_back(_id(request))
    request.app[TURNS].wake(back.conversation_id)  # what was done meanwhile is told at once
    return web.json_response(await _listed(request.app, back))


async def close(request: web.Request) -> web.Response:
    """POST {seen}: refused where the buyer has written since that line."""
    await acting_agent(request)
    seen = (await json_object(request)).get("seen")
    if not isinstance(seen, int):
        raise ApiError(422, "bad_field", "seen 要是页面上最后一条消息的 seq")
    closed = await request.app[CONVERSATIONS].close(_id(request), seen=seen)
    return web.json_response(await _listed(request.app, closed))


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Everything that moves, as it moves."""
    await reading_agent(request)
    if "Origin" not in request.headers:
        raise ApiError(403, "foreign_page", "请从客服工作台连接")
    demand_own_origin(request)
    ws = web.WebSocketResponse(heartbeat=_HEARTBEAT_S)
    await ws.prepare(request)
    request.app[SOCKETS][ws] = request
    try:
        with request.app[NEWS].subscribe(DESK) as news:
            telling = asyncio.create_task(tell_while_open(ws, _tell(request, ws, news)))
            try:
                async for _ in ws:  # agents act by POST; here they only listen
                    continue
            finally:
                telling.cancel()
    finally:
        request.app[SOCKETS].pop(ws, None)
        await let_go(ws, request)
    return ws


async def _tell(request: web.Request, ws: web.WebSocketResponse, news: Subscription) -> None:
    app = request.app
    while (event := await news.next()) is not None:
        await reading_agent(request)  # signed out, or the password changed: nothing more is told
        shown: dict[str, Any] = dict(event)
        if isinstance(shown.get("message"), Message):
            shown["message"] = await asyncio.to_thread(masked_message, shown["message"])
        if isinstance(shown.get("conversation"), Conversation):
            shown["conversation"] = await _listed(app, shown["conversation"])
        await ws.send_json(shown)


async def _crowded(app: web.Application) -> list[str]:
    return crowded(await app[CONVERSATIONS].waiting_visitors(), app[ORIGINS].of)


async def _listed(
    app: web.Application, one: Conversation, crowd: frozenset[str] | None = None
) -> dict[str, Any]:
    if crowd is None:
        can_be_behind = one.status is Status.WAITING and not one.signed_in
        crowd = frozenset(await _crowded(app)) if can_be_behind else frozenset()
    buyer = await app[SHOP].buyer(one.buyer_id) if one.signed_in else None
    last = await app[CONVERSATIONS].history(one.conversation_id, limit=1)
    known = known_addresses(one.summary)
    return {
        "conversation_id": one.conversation_id,
        "status": one.status.value,
        "buyer_name": buyer.nickname if buyer else f"访客 {one.buyer_id[-4:]}",
        "waiting_since": one.waiting_since.isoformat() if one.waiting_since else None,
        # In a thread: what strangers wrote may be long, and reading addresses takes its time.
        "summary": await asyncio.to_thread(masked_summary, one.summary, known),
        "last_text": gist(last[0], known) if last else "",
        "last_at": last[0].at.isoformat() if last else one.opened_at.isoformat(),
        "assignee": one.assignee,
        "is_behind": one.conversation_id in crowd,
    }


def gist(message: Message, known: Collection[str] = ()) -> str:
    """The beginning of a line, masked ahead of its end: no number is cut in the middle of it."""
    if not message.text:
        return {"picture": "[图片]", "card": "[卡片]"}.get(message.kind, "")
    return masked_text(message.text[:_READ_OF_GIST], known)[:_LONGEST_GIST]


def _id(request: web.Request) -> str:
    return request.match_info["conversation_id"]
