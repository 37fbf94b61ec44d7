"""A line tried on the bot that answers now: thought with a shop that is only looked at, kept nowhere."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import structlog
from aiohttp import web

from actions.frame.intent_titles import intent_titles
from bot.channels.errors import ApiError
from bot.channels.keys import TURNS
from bot.channels.requests import json_object, text_field
from bot.desk.inbox_views import PROJECT
from bot.desk.who import demand_own_page, reading_person
from bot.desk.why_views import OUTCOMES, decided_text, reply_places, row_place
from bot.dialogue.situations import SITUATIONS
from bot.engine.turns import Reply, Said, Speaker, TurnResult, Understood
from bot.shop.wire.looking import only_looking
from bot.side_by_side import SideBySide

log = structlog.get_logger(__name__)

MOST_LINES, LONGEST, WITHIN_S = 6, 500, 10.0
_OUTCOMES = {outcome.value: text for outcome, text in OUTCOMES.items()}
LONGEST_ID = 64
_SPEAKER = Speaker(
    buyer_id="visitor:trying", signed_in=False, asker="visitor:trying", channel="trying"
)


@runtime_checkable
class Situates(Protocol):
    """An engine that can be put into a situation."""

    def memory_after(self, situation: str) -> str: ...


async def tried(request: web.Request) -> web.Response:
    """POST {"lines": ["…"], "situation"?, "product"?}: {"wishes", "replies"} of the last line, said
    after the ones before it; `situation`: as if the shop had just said something of it; `product`: by
    somebody who looks at it. Buyers' turns, orders and records are not touched."""
    demand_own_page(request)
    await _who_may_try(request)
    body = await json_object(request)
    product = text_field(body, "product", "")[:LONGEST_ID]
    lines, situation = body.get("lines"), text_field(body, "situation", "")
    if (
        not isinstance(lines, list)
        or not 0 < len(lines) <= MOST_LINES
        or not all(isinstance(one, str) and 0 < len(one.strip()) <= LONGEST for one in lines)
    ):
        raise ApiError(422, "bad_field", f"lines 要是 1 到 {MOST_LINES} 句话")
    if situation and situation not in SITUATIONS:
        raise ApiError(422, "bad_field", "没有这个情境")
    try:
        result = await asyncio.wait_for(_thought(request, lines, situation, product), WITHIN_S)
    except Exception as error:  # the edge to the engine: told, and nothing else happens
        log.warning("trying.failed", error=type(error).__name__)
        raise ApiError(503, "busy", "没能试出来，过一会儿再试") from None
    root = request.app[PROJECT]
    places = await asyncio.to_thread(
        reply_places, root, {one.response for one in result.replies if one.response}
    )
    return web.json_response(
        {
            "wishes": [_wish(one, root) for one in result.understood],
            "replies": [_reply(one, places) for one in result.replies],
            "hands_over": result.hand_over is not None,
        }
    )


async def _who_may_try(request: web.Request) -> None:
    """Who teaches the bot, and who leads and sees the shop's data. Raises ApiError."""
    role = (await reading_person(request)).role
    if not (role.may_teach or role.may_lead):
        raise ApiError(403, "trainers_only", "这一项是训练师、主管和店主做的")


async def _thought(
    request: web.Request, lines: list[str], situation: str, product: str
) -> TurnResult:
    engine = request.app[TURNS].engine
    if isinstance(engine, SideBySide):  # not once by this one and once by the other
        engine = engine.present
    talk = f"trying:{uuid.uuid4().hex}"
    memory = ""
    speaker = replace(_SPEAKER, product_in_view=product or None)
    if situation and isinstance(engine, Situates):
        memory = engine.memory_after(situation)
    result: TurnResult | None = None
    with only_looking():
        for at, line in enumerate(lines):
            said = Said(
                request_id=f"{talk}:{at}", text=line.encode("utf-8", "replace").decode().strip()
            )
            result = await engine.answer(talk, memory, [said], speaker)
            memory = result.memory
    assert result is not None  # there is a line at least
    return result


def _wish(one: Understood, root: Path) -> dict[str, Any]:
    titles = intent_titles()
    second = next((other for other in one.ranking if other[0] != one.intent), None)
    return {
        "text": one.text,
        "intent": one.intent,
        "title": titles.get(one.intent, one.intent),
        "sureness": round(one.confidence, 3),
        "second": titles.get(second[0], second[0]) if second else "",
        "second_sureness": round(second[1], 3) if second else 0.0,
        "decided_by": decided_text(one.decided_by),
        "decided_at": row_place(root, one.decided_by),
        "outcome_text": _OUTCOMES.get(one.outcome, ""),
    }


def _reply(one: Reply, places: dict[str, str]) -> dict[str, Any]:
    return {
        "text": one.text or f"〔卡片：{(one.card or {}).get('name', '')}〕",
        "buttons": [button.title for button in one.buttons],
        "response": one.response,
        "place": places.get(one.response, ""),
    }
