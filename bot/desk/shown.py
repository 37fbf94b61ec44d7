"""People, buyers and orders as the desk's JSON; and the record of a deed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from bot.channels.keys import CLOCK, DATABASE
from bot.conversations.joining import OtherTalk
from bot.desk.accounts import Agent
from bot.desk.audit import Deed, note
from bot.desk.masking import masked_text
from bot.shop.words.dealing import Buyer, Order
from bot.shop.words.prices import price_text
from bot.shop.words.status_words import STATUS_TEXTS

_READ_OF_TEXT, _LONGEST_TEXT = 120, 40  # characters


def agent_shown(one: Agent, now: datetime) -> dict[str, Any]:
    return {
        "name": one.name,
        "display_name": one.shown_name,
        "role": one.role.value,
        "role_text": one.role.text,
        "department": one.department,
        "is_in": one.is_in,
        "is_there": one.is_there(now),
        "is_owner": one.role.value == "owner",
        "may_answer": one.role.may_answer,
        "may_lead": one.role.may_lead,
        "may_teach": one.role.may_teach,
    }


def buyer_shown(buyer: Buyer | None) -> dict[str, Any] | None:
    """Without phone and address: those are on the order, a reveal away."""
    if buyer is None:
        return None
    return {
        "nickname": buyer.nickname,
        "orders_count": buyer.orders_count,
        "spent": price_text(buyer.spent_fen),
        "attributes": [list(one) for one in buyer.attributes],
    }


def order_shown(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "status": order.status.value,
        "status_text": STATUS_TEXTS[order.status],
        "total": price_text(order.total_fen),
        "created_at": order.created_at.isoformat(),
        "lines": [
            " ".join(filter(None, (one.name, one.colour, one.size))) + f" ×{one.quantity}"
            for one in order.lines
        ],
        "parcel": None
        if order.parcel is None
        else {
            "courier": order.parcel.courier,
            "tracking_number": order.parcel.tracking_number,
            "last": order.parcel.events[0].text if order.parcel.events else "",
        },
    }


def other_shown(one: OtherTalk) -> dict[str, Any]:
    """Another chat of the same person: what was said before a sign-in, or since."""
    return {
        "conversation_id": one.conversation_id,
        "is_visitors": one.is_visitors,
        "opened_at": one.opened_at.isoformat(),
        "first_text": masked_text(one.first_text[:_READ_OF_TEXT])[:_LONGEST_TEXT],
    }


async def kept(request: web.Request, agent: Agent, deed: Deed, about: str = "") -> None:
    """Writes the deed down, of the conversation in the address if there is one."""
    await request.app[DATABASE].run(
        note,
        agent.name,
        deed,
        request.app[CLOCK](),
        conversation_id=request.match_info.get("conversation_id", ""),
        about=about,
    )
