"""Another colour, size or quantity for an order that is not packed yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.answering.answer import Answer
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import sku_text
from actions.hearing.order_lines import products_said, said_lines
from actions.hearing.order_wishes import order_wish
from actions.hearing.profile import profile_of, tell_reason
from actions.hearing.references import own_colour
from actions.orders.asking import answer_named
from actions.orders.choosing_on import chooses_on, tells_it_can_be_changed
from actions.orders.order_state import tell_state
from actions.orders.orders import (
    goods_text,
    in_status,
    line_meant,
    order_meant,
    own_orders,
    that_may,
)
from actions.returns.withdrawing import takes_it_back
from bot.handing_over import HandOverReason
from bot.shop.rules.sizing import size_further
from bot.shop.words.dealing import Order, OrderLine, OrderStatus, Verb
from bot.shop.words.goods import Product

_CAN_BE_CHANGED = that_may(Verb.CHANGE_LINE)
_DOWN_TO_ONE = re.compile(r"(?:改成?|只要|就要|留)(?P<count>[一1])[件双个条只副顶]")
_TIERS = (
    _CAN_BE_CHANGED,
    in_status(OrderStatus.PACKED),
    in_status(OrderStatus.SHIPPED, OrderStatus.DELIVERED),
)
_MOST_BUTTONS = 4
_WITH_PERSON = "change:person:"  # kept with the order: 改成三十二吧 goes on with what a person does
_FOR_A_PERSON = ("for_a_person", "change_price")


class ChangeOrder(Answer):
    def name(self) -> str:
        return "action_change_order"

    async def answer(self, chat: Chat) -> None:
        is_summing = chat.slot("open_question") == "order_it" or chat.slot("goods_in_talk")
        if is_summing and hears(chat.turn, "add_line") and not chat.slot("order_in_talk"):
            await answer_named("price", chat)  # 再加一双袜子呢, behind a price that was told
        elif hears(chat.turn, "change_price") and not await _has_orders(chat):
            await answer_named("bargain", chat)  # 拍下给我改价吧, of what nobody has ordered yet
        elif await tells_it_can_be_changed(chat):
            return
        elif not await chooses_on(chat) and not await takes_it_back(chat):
            await change_order(chat)


async def _has_orders(chat: Chat) -> bool:
    return chat.turn.has("order_number") or bool(await own_orders(chat))


@order_wish("change_order")
async def change_order(chat: Chat) -> None:
    """Reads back what was said clearly; else asks what it shall be."""
    order = await order_meant(chat, "change_order", *_TIERS, must_choose=True)
    if order is None:
        return
    if (added := await _goods_beside(chat, order)) is not None:
        chat.keep("product_in_talk", added.product_id)
        chat.ask("order_it", "utter_placed_takes_no_more", name=added.name)
        return
    can_be_changed = _CAN_BE_CHANGED(order)
    is_packed = order.status is OrderStatus.PACKED and not can_be_changed
    names_it = chat.turn.has("colour", "size", "quantity", "size_step")
    is_with_person = f"{_WITH_PERSON}{order.number}" in profile_of(chat).reasons and not names_it
    is_for_person = chat.turn.has("money") or hears(chat.turn, *_FOR_A_PERSON) or is_with_person
    if is_packed or is_for_person:
        tell_reason(chat, [f"{_WITH_PERSON}{order.number}"])
        chat.reply("utter_change_by_person")
        reason = (
            HandOverReason.CHANGE_AFTER_PACKING if is_packed else HandOverReason.CHANGE_BY_PERSON
        )
        chat.hand_over(reason, f"改订单 {order.number}: {chat.turn.text[:60]}")
    elif can_be_changed:
        await _begin(chat, order)
    elif order.status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        chat.reply("utter_change_too_late", goods=goods_text(order), order_number=order.number)
    else:
        await tell_state(chat, order)


async def _goods_beside(chat: Chat, order: Order) -> Product | None:
    """刚拍的那单能加双袜子不: goods that are not in the order, which takes no more of them."""
    if not hears(chat.turn, "add_line") or not chat.turn.has("product", "kind"):
        return None
    held = [line.product_id for line in order.lines]
    said = await products_said(chat, said_lines(chat.turn), (), None)
    return next((one for one in said if one is not None and one.product_id not in held), None)


async def _begin(chat: Chat, order: Order) -> None:
    line = await line_meant(chat, order, "change_order")
    if line is None:
        return
    chat.keep("change_line", {"number": order.number, "line_id": line.line_id})
    for slot in ("change_to", "change_shown", "change_confirmed"):
        chat.keep(slot, None)
    product = await chat.shop.product(line.product_id)
    if product is not None:
        chat.about(product)
    if not take_change(chat, line, product) or can_be_asked(chat, order, line):
        chat.go_on_with("change_form")


def take_change(chat: Chat, line: OrderLine, product: Product | None) -> bool:
    """Keeps what is wanted if it can be had; False where the message names nothing of it."""
    wanted = _wanted(chat, line, product)
    if wanted is None or product is None:
        return False
    before = chat.slot("change_to") or {}
    colour = wanted.colour or before.get("colour") or line.colour
    size = wanted.size or before.get("size") or line.size
    quantity = wanted.quantity or before.get("quantity") or line.quantity
    sku = next((one for one in product.skus if (one.colour, one.size) == (colour, size)), None)
    what = sku_text(colour, size)
    if sku is None:
        chat.reply("utter_change_no_such", what=what, name=line.name)
    elif sku.stock < quantity and (colour, size) != (line.colour, line.size):
        there = [one for one in product.skus if one.size == size and one.stock >= quantity]
        others = "、".join(sku_text(one.colour, one.size) for one in there[:3])
        response = "utter_change_out_but" if others else "utter_change_out"
        chat.reply(response, what=what, others=others)
    else:
        chat.keep("change_to", {"colour": colour, "size": size, "quantity": quantity})
    return True


@dataclass(frozen=True)
class _Wanted:
    colour: str
    size: str
    quantity: int


def _wanted(chat: Chat, line: OrderLine, product: Product | None) -> _Wanted | None:
    """What differs from the line counts (38换39: 39), the last where several do."""
    turn = chat.turn
    colours = [own_colour(product, str(value)) for value in turn.values("colour")]
    sizes = [str(value) for value in turn.values("size")]
    quantities = [int(value) for value in turn.values("quantity")]
    if match := _DOWN_TO_ONE.search(turn.text):
        quantities.append(int(match["count"]) if match["count"].isdigit() else 1)
    if step := float(turn.value("size_step") or 0):
        further = size_further(product.sizes if product else (), line.size, step)
        sizes += [further] if further else []
    if not colours and not sizes and not quantities:
        return None
    return _Wanted(
        next((one for one in reversed(colours) if one != line.colour), ""),
        next((one for one in reversed(sizes) if one != line.size), ""),
        next((one for one in reversed(quantities) if one != line.quantity), 0),
    )


def can_be_asked(chat: Chat, order: Order, line: OrderLine) -> bool:
    """False, and said, where what is wanted needs no yes: it is so already, or for a person.

    More or fewer pieces of what is already paid for are for a person: money has to move.
    """
    if not (to := chat.slot("change_to")):
        return True
    if (to["colour"], to["size"], to["quantity"]) == (line.colour, line.size, line.quantity):
        chat.reply("utter_change_is_so_already", what=change_text(to))
    elif to["quantity"] != line.quantity and Verb.CHANGE_QUANTITY not in order.may:
        chat.reply("utter_change_by_person")
        chat.hand_over(
            HandOverReason.CHANGE_AFTER_PAYMENT,
            f"订单 {order.number} 改数量: {line.name} 改成 {change_text(to)}",
        )
    else:
        return True
    chat.keep("change_to", None)
    return False


def change_text(to: Mapping[str, Any]) -> str:
    return f"{sku_text(to['colour'], to['size'])} {to['quantity']}件".strip()


def change_what(chat: Chat) -> str:
    where, to = chat.slot("change_line") or {}, chat.slot("change_to") or {}
    return "|".join(map(str, (*where.values(), *to.values())))
