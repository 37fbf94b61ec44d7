"""Deeds at a buyer's order: receiver, price, remark, card; each once, kept, and told to the buyer."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from actions.frame.cards import order_card, product_card
from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, CONVERSATIONS, DATABASE, SHOP
from bot.channels.requests import json_object, text_field
from bot.desk.audit import Deed
from bot.desk.deeds import Doing, doing, fen_field, limit_of, office, order_of, tell
from bot.desk.remarks import LONGEST_REMARK, add_remark, remarks_on
from bot.desk.reveals import What, existing, note
from bot.desk.shown import kept
from bot.desk.who import acting_person
from bot.shop.embedded.agents_deeds import PriceChange
from bot.shop.words.dealing import Access, Order, Receiver
from bot.shop.words.errors import BeyondLimit, CannotDeliver, PriceChanged
from bot.shop.words.prices import price_text

_LONGEST = {"name": 20, "phone": 20, "address": 200}
_CHANGED = "订单刚变了金额，看过新的再办一次"


async def quote_address(request: web.Request) -> web.Response:
    """POST {id, name?, phone?, address?}: what the order would cost; nothing is changed."""
    deed = await doing(request)
    order = await order_of(request, deed)
    after = await _at_new_address(request, deed, order, is_quote=True)
    return web.json_response(
        {
            "total_fen": after.total_fen,
            "total": price_text(after.total_fen),
            "differs": after.total_fen != order.total_fen,
        }
    )


async def change_address(request: web.Request) -> web.Response:
    """POST {id, name?, phone?, address?, total_fen}: before packing; `total_fen` as it was quoted."""
    deed = await doing(request)
    order = await order_of(request, deed)
    after = await _at_new_address(request, deed, order, is_quote=False)
    await kept(request, deed.agent, Deed.ADDRESS, about=order.number)
    await tell(request, deed, "收货信息改好了，您核对一下", card=order_card(after))
    return web.json_response({"total": price_text(after.total_fen)})


async def _at_new_address(
    request: web.Request, deed: Doing, order: Order, *, is_quote: bool
) -> Order:
    told = {name: text_field(deed.body, name, "").strip() for name in _LONGEST}
    if not any(told.values()):
        raise ApiError(422, "bad_field", "收件人、电话、地址至少写一项")
    for name, text in told.items():
        if len(text) > _LONGEST[name]:
            raise ApiError(422, "bad_field", f"{name} 最多 {_LONGEST[name]} 字")
    shop, receiver = request.app[SHOP], Receiver(**told)
    try:
        if is_quote:
            return await shop.quote_receiver(order.number, deed.access, receiver)
        return await shop.change_receiver(
            order.number,
            deed.access,
            receiver,
            expected_total_fen=fen_field(deed.body, "total_fen"),
            request_id=deed.request_id,
        )
    except PriceChanged:
        raise ApiError(409, "price_changed", _CHANGED) from None
    except CannotDeliver as error:
        raise ApiError(409, "cannot_deliver", f"{error.region}送不到，换个地址") from None


async def change_price(request: web.Request) -> web.Response:
    """POST {id, total_fen, seen_fen}: of an unpaid order, within the role's limit.

    `seen_fen`: the sum on the agent's page; the full price again takes the change back.
    """
    deed = await doing(request)
    order = await order_of(request, deed)
    wanted = PriceChange(
        total_fen=fen_field(deed.body, "total_fen"),
        seen_fen=fen_field(deed.body, "seen_fen"),
        most_percent=limit_of(request, deed.agent).price_percent,
    )
    try:
        after = await office(request).change_price(order.number, wanted, request_id=deed.request_id)
    except PriceChanged:
        raise ApiError(409, "price_changed", _CHANGED) from None
    except BeyondLimit as error:
        least, most = price_text(error.least_fen), price_text(error.most_fen)
        raise ApiError(
            403, "beyond_limit", f"您能改到 {least} 至 {most} 之间，再低请主管或店主来改"
        ) from None
    about = f"{order.number}：{price_text(wanted.seen_fen)}改到{price_text(after.total_fen)}"
    await kept(request, deed.agent, Deed.PRICE, about=about)
    await tell(
        request, deed, f"价格改好了，一共{price_text(after.total_fen)}", card=order_card(after)
    )
    return web.json_response({"total": price_text(after.total_fen)})


async def remark(request: web.Request) -> web.Response:
    """POST {text}: for colleagues, on the order; the buyer never reads it."""
    agent = await acting_person(request)
    text = text_field(await json_object(request), "text").strip()
    if not 0 < len(text) <= LONGEST_REMARK:
        raise ApiError(422, "bad_field", f"备注写 1 到 {LONGEST_REMARK} 字")
    order = await _order_read(request, agent.name)
    database, now = request.app[DATABASE], request.app[CLOCK]()
    await database.run(add_remark, order.number, agent.shown_name, text, now)
    await kept(request, agent, Deed.REMARK, about=order.number)
    found = await database.read(remarks_on, [order.number])
    return web.json_response(found[order.number])


async def reveal_receiver(request: web.Request) -> web.Response:
    """POST {}: the receiver as it is; who asked is written down first."""
    agent = await acting_person(request)
    order = await _order_read(request, agent.name)
    now = request.app[CLOCK]()

    def write(connection: Connection) -> None:
        conversation = existing(connection, request.match_info["conversation_id"])
        note(connection, conversation, What.RECEIVER, agent.name, now)

    await request.app[DATABASE].run(write)
    told = order.receiver
    return web.json_response({"name": told.name, "phone": told.phone, "address": told.address})


async def send_order(request: web.Request) -> web.Response:
    """POST {id}: the order's card into the chat."""
    deed = await doing(request)
    order = await order_of(request, deed)
    await tell(request, deed, "", card=order_card(order))
    await kept(request, deed.agent, Deed.CARD, about=order.number)
    return web.json_response({})


async def send_product(request: web.Request) -> web.Response:
    """POST {id}: the card of goods into the chat."""
    deed = await doing(request)
    product = await request.app[SHOP].product(request.match_info["product_id"])
    if product is None:
        raise ApiError(404, "unknown_product", "没有找到这件商品")
    await tell(request, deed, "", card=product_card(product))
    await kept(request, deed.agent, Deed.CARD, about=product.name)
    return web.json_response({})


async def _order_read(request: web.Request, agent: str) -> Order:
    """Of this conversation's buyer, whoever has the conversation."""
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    access = Access(buyer_id=found.buyer_id, asker=f"desk:{agent}")
    order = await request.app[SHOP].order(request.match_info["number"], access)
    if order is None:
        raise ApiError(404, "unknown_order", "这位买家没有这笔订单")
    return order
