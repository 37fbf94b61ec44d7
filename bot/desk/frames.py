"""What an agent's page says over its socket: that it lives, and which talk it shows how far."""

from __future__ import annotations

from typing import Any

import structlog
from aiohttp import WSMsgType, web

from bot.channels.errors import ApiError
from bot.channels.keys import CONVERSATIONS
from bot.channels.requests import number_field, object_of, text_field
from bot.conversations.service import UnknownConversation
from bot.database import DatabaseUnavailable
from bot.desk.looking import LOOKING
from bot.desk.telling import Page
from bot.desk.who import ACCOUNTS

log = structlog.get_logger(__name__)


async def heard(request: web.Request, page: Page, received: Any) -> dict[str, Any]:
    """Does what the frame says; the frame that answers it. Whatever it is, it is a sign of life."""
    if received.type is WSMsgType.TEXT:
        try:
            frame = object_of(received.data)
            if frame.get("type") == "looking":
                conversation_id = await _known(request, text_field(frame, "conversation_id", ""))
                await request.app[LOOKING].at(page.page_id, page.agent, conversation_id)
                await _read(request, page.agent, conversation_id, number_field(frame, "seq", 0))
        except ApiError:
            pass
        except DatabaseUnavailable:  # the page is told what moves all the same
            log.warning("desk.looking_postponed")
    return {"type": "pong"}


async def _read(request: web.Request, agent: str, conversation_id: str, seq: int) -> None:
    """Buyers are told of who may answer them; a trainer who reads along is nobody's person."""
    if not conversation_id or not seq:
        return
    person = await request.app[ACCOUNTS].find(agent)
    if person is not None and person.role.may_answer:
        await request.app[CONVERSATIONS].read_by_people(conversation_id, seq)


async def _known(request: web.Request, conversation_id: str) -> str:
    if not conversation_id:
        return ""
    try:
        return (await request.app[CONVERSATIONS].find(conversation_id)).conversation_id
    except UnknownConversation:
        return ""
