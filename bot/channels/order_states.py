"""How the orders and return cases stand that a page shows in its cards, so that no card tells of yesterday."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, SETTINGS, SHOP, TOKENS
from bot.channels.requests import identity, json_object
from bot.channels.showing import way_to_pay
from bot.channels.storefront import is_demo
from bot.shop.words.dealing import Access, OrderStatus, Right
from bot.shop.words.port import Shop
from bot.shop.words.status_words import STATUS_TEXTS, case_text, send_to

_MOST = 20
_LONGEST_NUMBER = 40


async def order_states(request: web.Request) -> web.Response:
    """POST {"numbers", "cases"?} → those that are this buyer's, as they stand now."""
    who = identity(request)
    body = await json_object(request)
    numbers = _named(body.get("numbers"), "numbers 要是一列订单号")
    cases = _named(body.get("cases", []), "cases 要是一列售后单号")
    access = Access(buyer_id=who.buyer_id, asker=who.buyer_id)
    states = []
    for number in list(dict.fromkeys(numbers))[:_MOST]:
        order = await request.app[SHOP].order(number, access)
        if order is None or order.right is not Right.CHANGE:
            continue
        state: dict[str, Any] = {
            "number": order.number,
            "status": order.status.value,
            "status_text": STATUS_TEXTS[order.status],
        }
        if order.status is OrderStatus.AWAITING_PAYMENT:
            demo = is_demo(request)
            ticket = ""
            if demo:
                now = request.app[CLOCK]()
                ticket = request.app[TOKENS].for_payment(who.buyer_id, order.number, now)
            state |= way_to_pay(order.number, request.app[SETTINGS], demo=demo, ticket=ticket)
        states.append(state)
    returned = await _cases(request.app[SHOP], who.buyer_id, cases[:_MOST]) if cases else []
    return web.json_response({"orders": states, "cases": returned})


async def _cases(shop: Shop, buyer_id: str, wanted: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "case_id": case.case_id,
            "status": case.status.value,
            "status_text": case_text(case),
            "send_to": send_to(case),
        }
        for case in await shop.returns_of(buyer_id)
        if case.case_id in wanted
    ]


def _named(given: Any, problem: str) -> list[str]:
    if not isinstance(given, list) or not all(_is_number(one) for one in given):
        raise ApiError(422, "bad_field", problem)
    return given


def _is_number(given: Any) -> bool:
    return isinstance(given, str) and 0 < len(given) <= _LONGEST_NUMBER and given.isascii()
