"""The chat without a WebSocket, for networks and pages that let none through.

The same frames as on the socket: one request each for what the buyer says, and requests that wait
for what there is to hear. The store is the truth here too: whoever names the last `seq` it has
seen gets what came after it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.channels.chat import shown
from bot.channels.errors import ApiError
from bot.channels.keys import CHANNEL, CONVERSATIONS, NEWS, POLL_RATE
from bot.channels.requests import identity, json_object, origin_of, whole_number
from bot.channels.taking import Speaking, take
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Message
from bot.conversations.news import Subscription

_LONGEST_WAIT_S = 25


async def say(request: web.Request) -> web.Response:
    """POST a frame of the buyer's → the frame that answers it, {} where none does."""
    frame = await json_object(request)
    who = identity(request)
    conversation = await request.app[CONVERSATIONS].open(
        buyer_id=who.buyer_id, signed_in=who.signed_in, channel=CHANNEL
    )
    speaking = Speaking(
        conversation_id=conversation.conversation_id,
        buyer_id=who.buyer_id,
        origin=origin_of(request),
    )
    return web.json_response(await take(request.app, speaking, frame) or {})


async def hear(request: web.Request) -> web.Response:
    """GET ?after=<seq>&wait=<seconds>: what was said since, at once or as soon as there is any."""
    after = whole_number(request.query.get("after", ""))
    wait_s = whole_number(request.query.get("wait", "0"))
    if after is None or wait_s is None:
        raise ApiError(422, "bad_field", "after 和 wait 要是数字")
    if not request.app[POLL_RATE].allows(identity(request).buyer_id):
        raise ApiError(429, "too_fast", "问得有点快，稍等再来")
    conversations, who = request.app[CONVERSATIONS], identity(request)
    conversation = await conversations.running(buyer_id=who.buyer_id, channel=CHANNEL)
    if conversation is None:  # asking alone opens none: a row is made when somebody is there
        return web.json_response({"status": "with_bot", "messages": [], "last_seq": 0})
    with request.app[NEWS].subscribe(conversation.conversation_id) as news:
        # Subscribed first, read second: what is written in between is read, not missed.
        said = await conversations.after(conversation.conversation_id, after)
        typing = None
        if wait_s and not said:
            typing = await _something(news, min(wait_s, _LONGEST_WAIT_S), conversation)
            identity(request)  # taken back, or run out meanwhile: nothing more is told
            said = await conversations.after(conversation.conversation_id, after)
            conversation = await conversations.find(conversation.conversation_id)
    return web.json_response(_told(request, conversation, said, typing))


async def _something(
    news: Subscription, within_s: float, conversation: Conversation
) -> dict[str, Any] | None:
    """Waits for the first thing that a buyer notices; the typing sign, if it is that."""

    async def notable() -> dict[str, Any] | None:
        while (event := await news.next()) is not None:
            if event["type"] == "typing":
                return dict(event)
            if event["type"] == "message" or event.get("status") != conversation.status.value:
                return None
        return None

    try:
        return await asyncio.wait_for(notable(), within_s)
    except asyncio.TimeoutError:
        return None


def _told(
    request: web.Request,
    conversation: Conversation,
    said: list[Message],
    typing: dict[str, Any] | None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "conversation_id": conversation.conversation_id,
        "status": conversation.status.value,
        "messages": shown(request, said),
        "read_seq": conversation.read_seq,
        "last_seq": max([conversation.last_seq, *(one.seq for one in said)]),
    }
    if typing is not None:
        told["typing"] = bool(typing.get("on"))
    return told
