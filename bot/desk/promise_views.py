"""Promises at the desk: what was read in an agent's line is confirmed with one key; what stands is listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE, NEWS, SHOP
from bot.channels.requests import json_object, text_field, whole_number
from bot.conversations import store
from bot.conversations.messages import Message
from bot.conversations.news import DESK
from bot.desk.follow_up_keys import KINDS
from bot.desk.who import acting_person, reading_agent
from bot.followups import promises
from bot.followups.promise import Matter, Promise, PromiseStatus
from bot.nlu.promising import Day, Promised, read_promise
from bot.settings import ShopSettings
from bot.shop.words.dealing import OrderStatus
from bot.shop.words.errors import ShopError
from bot.shop.words.port import Shop

_UNSENT = (OrderStatus.PAID, OrderStatus.PACKED)


async def standing(request: web.Request) -> web.Response:
    """GET: all that are to be kept, the soonest due first."""
    await reading_agent(request)
    found = await request.app[DATABASE].read(promises.standing, (PromiseStatus.OPEN,))
    return web.json_response([promise_shown(one) for one in found])


async def confirm(request: web.Request) -> web.Response:
    """POST {due_at?}: what was read in the agent's line is a promise; by another time, if told."""
    await acting_person(request)
    promise = await _of(request)
    app, now = request.app, request.app[CLOCK]()
    due_at = _moment(await json_object(request), promise.due_at)
    if due_at <= now:
        raise ApiError(422, "bad_field", "约好的时间已经过了，换一个以后的时间")
    order_number = promise.order_number or await _order_of(app[SHOP], promise)
    confirmed = await app[DATABASE].run(
        promises.confirm, promise, app[KINDS], now, due_at=due_at, order_number=order_number
    )
    return await _told(request, promise, confirmed)


async def dismiss(request: web.Request) -> web.Response:
    """POST: it was no promise."""
    agent = await acting_person(request)
    return await _end(request, PromiseStatus.DISMISSED, (PromiseStatus.FOUND,), agent.name)


async def kept(request: web.Request) -> web.Response:
    """POST: it is done, where no row of the shop tells."""
    agent = await acting_person(request)
    return await _end(request, PromiseStatus.KEPT, (PromiseStatus.OPEN,), agent.name)


def finds_promise(shop: ShopSettings, now: datetime) -> Callable[[Connection, Message], None]:
    """Writes down what an agent's line promises, in the transaction that stores it."""

    def look(connection: Connection, message: Message) -> None:
        found = read_in(shop, message.text, now)
        conversation = store.find(connection, message.conversation_id)
        if found is None or conversation is None:
            return
        promises.make(
            connection,
            conversation_id=message.conversation_id,
            buyer_id=conversation.buyer_id,
            seq=message.seq,
            matter=Matter(found.matter),
            text=message.text,
            made_at=now,
            due_at=found.due,
            made_by=message.agent,
            product_id=conversation.product_in_view or "",
            status=PromiseStatus.FOUND,
        )

    return look


def read_in(shop: ShopSettings, text: str, now: datetime) -> Promised | None:
    hours = shop.hours
    local = now.astimezone(shop.zone)
    window = hours.of(local.date())
    closing = window.end if window else shop.follow_ups.quiet.start
    return read_promise(text, Day(now=local, closing=closing, opens=hours.next_opening(now)))


async def found_in(request: web.Request, message: Message) -> dict[str, Any] | None:
    """What was found in this line and waits for the agent's key."""
    of_talk = await request.app[DATABASE].read(promises.of_conversation, message.conversation_id)
    for one in of_talk:
        if one.seq == message.seq and one.status is PromiseStatus.FOUND:
            return promise_shown(one)
    return None


def promise_shown(one: Promise) -> dict[str, Any]:
    return {
        "promise_id": one.promise_id,
        "conversation_id": one.conversation_id,
        "seq": one.seq,
        "made_by": one.made_by,
        "matter": one.matter.value,
        "matter_text": one.matter.text,
        "text": one.text,
        "order_number": one.order_number,
        "due_at": one.due_at.isoformat(),
        "status": one.status.value,
        "is_warned": one.warned_at is not None,
        "is_told": one.told_at is not None,
    }


async def _of(request: web.Request) -> Promise:
    promise_id = whole_number(request.match_info["promise_id"])
    found = await request.app[DATABASE].read(promises.find, promise_id or 0)
    if found is None:
        raise ApiError(404, "unknown_promise", "没有找到这条承诺")
    return found


async def _end(
    request: web.Request,
    status: PromiseStatus,
    before: tuple[PromiseStatus, ...],
    agent: str,
) -> web.Response:
    promise = await _of(request)
    ended = promise.status in before and await request.app[DATABASE].run(
        promises.end, promise, status, agent, request.app[CLOCK]()
    )
    return await _told(request, promise, ended)


async def _told(request: web.Request, before: Promise, changed: bool) -> web.Response:
    """409 where it stands otherwise meanwhile."""
    if not changed:
        raise ApiError(409, "promise_moved", "这条承诺已经有结果了，刷新看看")
    now = await _of(request)
    topic = {"type": "promise", "conversation_id": before.conversation_id}
    request.app[NEWS].publish(DESK, topic)
    return web.json_response(promise_shown(now))


async def _order_of(shop: Shop, promise: Promise) -> str:
    """The buyer's newest order that has not left, where shipping was promised."""
    if promise.matter is not Matter.SHIP:
        return ""
    try:
        orders = await shop.orders_of(promise.buyer_id, limit=5)
    except ShopError:
        return ""
    return next((one.number for one in orders if one.status in _UNSENT), "")


def _moment(body: dict[str, Any], usual: datetime) -> datetime:
    text = text_field(body, "due_at", "")
    if not text:
        return usual
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(timezone.utc) if moment.tzinfo else _naive()
    except (ValueError, OverflowError):
        told = "due_at 要是带时区的时间，例如 2027-03-04T12:00+08:00"
        raise ApiError(422, "bad_field", told) from None


def _naive() -> datetime:
    raise ValueError("a time without its zone")
