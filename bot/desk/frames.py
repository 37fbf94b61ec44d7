"""What an agent's page says over its socket: that it lives, and which talk it shows."""

from __future__ import annotations

from typing import Any

from aiohttp import WSMsgType, web

from bot.channels.errors import ApiError
from bot.channels.keys import CONVERSATIONS, LOOKING
from bot.channels.requests import object_of, text_field
from bot.conversations.service import UnknownConversation


async def heard(
    request: web.Request, ws: web.WebSocketResponse, agent: str, received: Any
) -> dict[str, Any]:
    """Does what the frame says; the frame that answers it. Whatever it is, it is a sign of life."""
    if received.type is WSMsgType.TEXT:
        try:
            frame = object_of(received.data)
            if frame.get("type") == "looking":
                conversation_id = text_field(frame, "conversation_id", "")
                request.app[LOOKING].at(ws, agent, await _known(request, conversation_id))
        except ApiError:
            pass
    return {"type": "pong"}


async def _known(request: web.Request, conversation_id: str) -> str:
    if not conversation_id:
        return ""
    try:
        return (await request.app[CONVERSATIONS].find(conversation_id)).conversation_id
    except UnknownConversation:
        return ""
