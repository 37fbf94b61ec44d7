"""What every deed of an agent for a buyer shares: the chat is theirs, it is kept, the buyer is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CONVERSATIONS, SETTINGS, SHOP
from bot.channels.requests import json_object, text_field
from bot.conversations.conversation import Conversation, Status
from bot.desk.accounts import Agent
from bot.desk.who import acting_person
from bot.desk_settings import NO_LIMIT, MoneyLimit
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.words.dealing import Access, Order

OFFICE: web.AppKey[BackOffice | None] = web.AppKey("office")
_LONGEST_ID = 48  # the line that tells of the deed has it too, with a word behind


@dataclass(frozen=True, kw_only=True)
class Doing:
    """One deed: by whom, for whom, with what; `request_id` makes it happen once."""

    agent: Agent
    conversation: Conversation
    body: dict[str, Any]
    request_id: str

    @property
    def buyer_id(self) -> str:
        return self.conversation.buyer_id

    @property
    def access(self) -> Access:
        return Access(buyer_id=self.buyer_id, asker=f"desk:{self.agent.name}")


async def doing(request: web.Request) -> Doing:
    """Raises ApiError 409 `not_yours` where the agent has not taken the conversation."""
    agent = await acting_person(request)
    body = await json_object(request)
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    if found.status is not Status.WITH_AGENT or found.assignee != agent.name:
        raise ApiError(409, "not_yours", "先接入这位买家，再办")
    request_id = text_field(body, "id")
    if not 0 < len(request_id) <= _LONGEST_ID:
        raise ApiError(422, "bad_field", f"id 要是 1 到 {_LONGEST_ID} 个字符")
    return Doing(agent=agent, conversation=found, body=body, request_id=request_id)


def limit_of(request: web.Request, agent: Agent) -> MoneyLimit:
    return request.app[SETTINGS].shop.limits.get(agent.role.value, NO_LIMIT)


def office(request: web.Request) -> BackOffice:
    """Raises ApiError where the shop is kept elsewhere."""
    found = request.app[OFFICE]
    if found is None:
        raise ApiError(409, "not_our_shop", "订单在您自己的商城里，这一步请在那边办")
    return found


async def order_of(request: web.Request, deed: Doing) -> Order:
    """The buyer's own order that the address names. Raises ApiError."""
    order = await request.app[SHOP].order(request.match_info["number"], deed.access)
    if order is None:
        raise ApiError(404, "unknown_order", "这位买家没有这笔订单")
    return order


def line_of(order: Order, line_id: str) -> None:
    """Raises ApiError."""
    if all(one.line_id != line_id for one in order.lines):
        raise ApiError(404, "unknown_line", "这笔订单里没有这件")


async def tell(
    request: web.Request,
    deed: Doing,
    text: str,
    *,
    card: Mapping[str, Any] | None = None,
    buttons: Sequence[str] = (),
) -> None:
    """The agent's line of what was done; the same deed again says it once."""
    await request.app[CONVERSATIONS].say_as_agent(
        deed.conversation.conversation_id,
        deed.agent.name,
        f"{deed.request_id}-told",
        text,
        shown_name=deed.agent.shown_name,
        card=card,
        buttons=buttons,
    )


def fen_field(body: Mapping[str, Any], name: str) -> int:
    """Raises ApiError."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise ApiError(422, "bad_field", f"{name} 要是分为单位的整数")
    return value
