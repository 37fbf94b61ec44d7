"""Questions that the page offers: predicted before the first word, completed while typing, next ones
after an answer. Pressing one says what typing it would, and is understood with certainty."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.facts import Moment, moment_of
from bot.channels.keys import CHANNEL, CLOCK, CONVERSATIONS, DATABASE, SETTINGS, SHOP
from bot.channels.order_tiles import tiles
from bot.channels.requests import identity
from bot.conversations import clicks
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Incoming
from bot.dialogue.questions import Question, next_of, plain_of, read_questions, shares_of
from bot.shop.words.errors import ShopError

log = structlog.get_logger(__name__)

_FIGURES_OF = timedelta(days=90)
_COUNTED_EVERY_S = 600.0
_FETCHES = "ask_human"  # the intent
_FIGURES = web.AppKey("figures", dict[str, Any])


async def questions(request: web.Request) -> web.Response:
    """GET ?all=1&product_id=: what is likely asked now, and with `all` every question there is."""
    who = identity(request)
    app, table = request.app, read_questions()
    talk = await app[CONVERSATIONS].running(buyer_id=who.buyer_id, channel=CHANNEL)
    product_id = request.query.get("product_id") or (talk.product_in_view if talk else None)
    moment = await moment_now(app, who.buyer_id, product_id)
    body: dict[str, Any] = {
        "questions": await _offered(app, talk, moment),
        "shortcuts": _at_hand(moment),
    }
    if request.query.get("all") == "1":
        shares = (await _figures(app))["shares"]
        possible = table.likeliest(moment.facts, shares, moment.sheet)
        body["all"] = [_shown(one) for one in possible]
    return web.json_response(body)


async def offered_now(
    app: web.Application, talk: Conversation, product_id: str | None
) -> dict[str, list[dict[str, Any]]]:
    """For a page that opens: predicted, where the talk has not begun or its last one is over."""
    moment = await moment_now(app, talk.buyer_id, product_id or talk.product_in_view)
    at_hand = _at_hand(moment)
    if not _is_over(app, talk):
        return {"questions": [], "orders": [], "shortcuts": at_hand}
    questions = await _offered(app, talk, moment)
    return {"questions": questions, "orders": tiles(moment), "shortcuts": at_hand}


async def _offered(
    app: web.Application, talk: Conversation | None, moment: Moment
) -> list[dict[str, str]]:
    """Predicted before the first word; afterwards what comes next."""
    table, figures = read_questions(), await _figures(app)
    if talk is None or _is_over(app, talk):
        likely = table.predicted(moment.facts, figures["shares"], sheet=moment.sheet)
        return [_shown(one) for one in likely]
    last = plain_of(await app[DATABASE].read(clicks.last_intent, talk.conversation_id))
    return [_shown(one) for one in table.next(last, moment.facts, figures["next"].get(last))]


def _is_over(app: web.Application, talk: Conversation) -> bool:
    if not talk.is_with_bot:
        return False
    silence = app[SETTINGS].shop.session_silence
    return talk.last_buyer_at is None or app[CLOCK]() - talk.last_buyer_at > silence


async def asked(
    app: web.Application,
    own_id: str,
    buyer_id: str,
    name: str,
    product_id: str,
    in_view: str | None = None,
) -> Incoming:
    """The message of a pressed question; about the order or product that it stood for.

    `product_id`: of a card's button; `in_view`: of the page.

    Raises ApiError for a question that is not in the table.
    """
    question = read_questions().all.get(name)
    # A question of the table is about what the talk is about; one of a sheet is about its product.
    seen = product_id or (in_view if question is None else None)
    moment = await moment_now(app, buyer_id, seen)
    question = question or read_questions().find(name, moment.sheet)
    if question is None:
        raise ApiError(404, "unknown_question", "这个问题换过了，直接打字问我就好")
    entities: dict[str, Any] = {}
    text = question.says
    if order := _order_for(question, moment):
        entities["order_number"] = order.number
    elif question.when & {"on_product", "sized"} and moment.product is not None:
        entities["product"] = moment.product.product_id
        if product_id:  # a card's button, and not the page: the agent reads which one
            text = f"{text}（{moment.product.name}）"
    return Incoming(
        message_id=own_id, text=text, payload={"intent": question.intent, "entities": entities}
    )


async def moment_now(app: web.Application, buyer_id: str, product_id: str | None) -> Moment:
    """A shop that does not answer knows nobody: the page still offers the plain questions."""
    shop, settings = app[SHOP], app[SETTINGS].shop
    try:
        orders = await shop.orders_of(buyer_id)
        cases = await shop.returns_of(buyer_id) if orders else ()
        product = await shop.product(product_id) if product_id else None
        has_campaign = bool(await shop.promotions())
    except ShopError as error:
        log.warning("questions.shop_away", error=type(error).__name__)
        orders, cases, product, has_campaign = (), (), None, False
    return moment_of(orders, cases, product, app[CLOCK](), settings.zone, has_campaign=has_campaign)


def _order_for(question: Question, moment: Moment) -> Any:
    return next((moment.orders[fact] for fact in sorted(question.when & set(moment.orders))), None)


def _shown(question: Question) -> dict[str, str]:
    return {"id": question.name, "text": question.says}


def _at_hand(moment: Moment) -> list[dict[str, Any]]:
    return [
        {"title": title, **_shown(one), "fetches_person": one.intent == _FETCHES}
        for title, one in read_questions().at_hand(moment.facts)
    ]


async def _figures(app: web.Application) -> dict[str, Any]:
    """The shop's own: shares of first wishes, and what is wished next after which."""
    kept = app[_FIGURES]
    now = time.monotonic()
    if now - kept.get("at", -_COUNTED_EVERY_S) >= _COUNTED_EVERY_S:
        kept["at"] = now  # who asks meanwhile need not count them, too
        since, read = app[CLOCK]() - _FIGURES_OF, app[DATABASE].read
        kept["shares"] = shares_of(await read(clicks.first_wishes, since))
        kept["next"] = next_of(await read(clicks.next_wishes, since))
    return kept


def prepare(app: web.Application) -> None:
    app[_FIGURES] = {"shares": {}, "next": {}}
