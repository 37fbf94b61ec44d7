"""What a buyer's frame does, by whichever way it came: over the socket or by a request of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.frames import incoming, product_in_view
from bot.channels.keys import CONVERSATIONS, MESSAGE_RATE, ORIGINS, TURNS, TYPING_RATE
from bot.channels.requests import number_field, text_field
from bot.conversations.ratings import Score

_TOO_FAST = "发得有点快，我还在看前面的"


@dataclass(frozen=True, kw_only=True)
class Speaking:
    """Who sends frames, into which conversation, from which address range."""

    conversation_id: str
    buyer_id: str
    origin: str


async def take(app: web.Application, who: Speaking, frame: dict[str, Any]) -> dict[str, Any] | None:
    """Does what the frame asks; the frame that answers it, if any.

    Raises ApiError, Unsendable, UnknownConversation.
    """
    kind = frame.get("type")
    if kind in ("typing", "ping"):
        if not app[TYPING_RATE].allows(who.buyer_id):
            raise ApiError(429, "too_fast", _TOO_FAST)
        if kind == "ping":
            return {"type": "pong"}
        if app[TURNS].is_waiting(who.conversation_id):
            app[TURNS].wake(who.conversation_id)
        await app[CONVERSATIONS].buyer_types(who.conversation_id)
        return None
    if not app[MESSAGE_RATE].allows(who.buyer_id):
        raise ApiError(429, "too_fast", _TOO_FAST)
    if kind == "send":
        return await _receive(app, who, frame)
    if kind == "rate":
        return await _rate(app, who, frame)
    if kind == "unhelpful":
        seq = number_field(frame, "seq")
        await app[CONVERSATIONS].unhelpful(who.conversation_id, seq)
        return {"type": "unhelpful", "seq": seq}
    if kind == "viewing":
        await app[CONVERSATIONS].view(who.conversation_id, product_in_view(frame))
        return None
    raise ApiError(422, "bad_frame", "看不懂这种消息")


async def _rate(app: web.Application, who: Speaking, frame: dict[str, Any]) -> dict[str, Any]:
    """{"seq": of the card that asks, "score", "words"?}: it is no line, and opens nothing again."""
    try:
        score = Score(frame.get("score"))
    except ValueError:
        raise ApiError(422, "bad_field", "score 要是 good、fair 或 bad") from None
    seq, words = number_field(frame, "seq"), text_field(frame, "words", "")
    rated = await app[CONVERSATIONS].rate(who.conversation_id, seq, score, words)
    return {"type": "rated", "seq": rated.seq, "score": score.value}


async def _receive(app: web.Application, who: Speaking, frame: dict[str, Any]) -> dict[str, Any]:
    message = await incoming(app, who.conversation_id, who.buyer_id, frame)
    app[ORIGINS].heard(who.conversation_id, who.origin)
    receipt = await app[CONVERSATIONS].receive(who.conversation_id, message)
    # A page that repeats what it did not hear acknowledged has said nothing new.
    if not receipt.is_new and app[TYPING_RATE].allows(who.buyer_id):
        app[MESSAGE_RATE].give_back(who.buyer_id)
    # Woken before the buyer is told: a socket that breaks now has been heard all the same.
    app[TURNS].wake(who.conversation_id)
    return {"type": "ack", "id": message.message_id, "seq": receipt.seq}
