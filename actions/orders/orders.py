"""Which of the buyer's orders is meant; by what right it may be seen stands in `order_access`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from actions.frame.chat import Chat, button
from actions.frame.phrasing import sku_text
from actions.hearing.elsewhere import is_what_came, number_of_a_page, strange_named
from actions.hearing.order_access import access_to as access_to
from actions.hearing.order_access import keep_proof as keep_proof
from actions.hearing.order_access import own_orders as own_orders
from actions.hearing.order_wishes import keep_wish, look_up, told_tail
from actions.hearing.pointing import lines_named, lines_written_down, told_apart, words_shared
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, OrderLine, OrderStatus, Right, Verb
from bot.shop.words.errors import ProofNeeded
from bot.shop.words.status_words import STATUS_TEXTS

Fits = Callable[[Order], bool]

NOT_SHIPPED = (OrderStatus.AWAITING_PAYMENT, OrderStatus.PAID, OrderStatus.PACKED)
SENT = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED)
_GONE = (OrderStatus.CANCELLED, OrderStatus.CLOSED)
MOST_BUTTONS = 3
_NUMBERS = ("order_number", "tracking_number")  # which of the two it is, the shop's data tell


def in_status(*statuses: OrderStatus) -> Fits:
    return lambda order: order.status in statuses


def that_may(verb: Verb) -> Fits:
    """Orders to which the shop lets this be done now."""
    return lambda order: verb in order.may


def any_order(_order: Order) -> bool:
    return True


# -- which one


async def order_meant(
    chat: Chat,
    wish: str,
    *tiers: Fits,
    must_choose: bool = False,
    right: Right = Right.CHANGE,
) -> Order | None:
    """The order this message is about; None where it, or a better proof of it, had to be asked for.

    The first tier that any order fits counts; without a fitting one all do. Of several, the one
    in talk or the newest is meant; with `must_choose` (deeds that change something) the buyer is
    asked. `wish` goes on afterwards. `right`: what is needed; to tell how it stands, SEE is enough.
    """
    if right is Right.CHANGE and _still_not_found(chat):
        chat.reply("utter_goods_in_no_order", goods=str(chat.slot("product_strange")))
        chat.keep("handoff_reason", HandOverReason.NO_DATA.value)
        chat.ask("hand_over", "utter_offer_person")
        return None
    order = await _order_meant(chat, wish, tiers, must_choose)
    if order is not None and order.right is not right and right is Right.CHANGE:
        look_up(chat, wish, number=order.number, is_whole=True)
        return None
    return order


async def _order_meant(
    chat: Chat, wish: str, tiers: Sequence[Fits], must_choose: bool
) -> Order | None:
    orders = await own_orders(chat)
    named = [str(value) for name in _NUMBERS for value in chat.turn.values(name)]
    if own := next((one for one in map(partial(own_by_number, orders), named) if one), None):
        chat.keep("order_in_talk", own.number)
        chat.keep("product_strange", None)  # whatever the goods were called, they are these
        return own
    if ids := [one for one in named if await chat.shop.product(one) is not None]:
        orders = [one for one in orders if _has_goods(one, ids)]
        if not orders:
            chat.reply("utter_number_is_goods")
            chat.keep("product_in_talk", ids[0])
            return None
    elif named and wish == "order_status" and (page := _number_of_no_order(chat, orders)):
        _tell_number_unknown(chat, page)
        return None
    elif named:
        return await _by_number(chat, wish, named[0])
    if not orders:
        if chat.turn.signed_in:
            chat.reply("utter_no_orders")
        else:
            look_up(chat, wish)
        return None
    if not named and (goods := await goods_not_among(chat, wish, orders)):
        chat.keep("product_strange", goods)
        likely = [one for one in orders if any(fits(one) for fits in tiers)]
        _ask_which(chat, wish, likely or orders, "utter_goods_not_in_orders", goods=goods)
        return None
    meant = await _narrowed(chat, orders)
    tier = next((fits for fits in tiers if any(map(fits, meant))), None)
    fitting = [order for order in meant if tier is None or tier(order)]
    in_talk = chat.slot("order_in_talk")
    order = next((one for one in fitting if one.number == in_talk), fitting[0])
    if must_choose and tier and len(fitting) > 1 and order.number != in_talk:
        _ask_which(chat, wish, fitting)
        return None
    chat.keep("order_in_talk", order.number)
    return order


def own_by_number(orders: Sequence[Order], number: str) -> Order | None:
    """By order number, else by the number of its parcel: buyers copy either."""
    by_order = (one for one in orders if one.number == number)
    by_parcel = (one for one in orders if one.parcel and _same(one.parcel.tracking_number, number))
    return next(by_order, None) or next(by_parcel, None)


def _same(one: str, other: str) -> bool:
    return one.upper() == other.upper()


def _has_goods(order: Order, product_ids: Sequence[str]) -> bool:
    return any(line.product_id in product_ids for line in order.lines)


async def _by_number(chat: Chat, wish: str, number: str) -> Order | None:
    turn = chat.turn
    access = access_to(chat, number)
    try:
        order = await chat.shop.order(number, access)
        if order is None and not turn.signed_in and not (access.phone or access.phone_tail):
            if (tail := told_tail(chat)) is None:
                look_up(chat, wish, number=number)
                return None
            access = turn.access(tail)
            order = await chat.shop.order(number, access)
    except ProofNeeded:
        look_up(chat, wish, number=number, is_whole=True)
        return None
    if order is None:
        if turn.signed_in:
            chat.reply("utter_order_unknown")
        else:
            chat.reply("utter_order_not_matching")
            look_up(chat, wish)
            chat.keep("lookup_phone_tail", None)  # either of the two may be wrong
        return None
    keep_proof(chat, order.number, access)
    chat.keep("order_in_talk", order.number)
    return order


def _number_of_no_order(chat: Chat, orders: Sequence[Order]) -> str:
    """A bare number as long as a page's; "" for others.

    What begins as the buyer's own orders do is a slip of one, and beside a phone's last digits it
    is an order's, whatever numbers a shop has.
    """
    page = number_of_a_page(chat.turn)
    is_order = told_tail(chat) or any(one.number[:4] == page[:4] for one in orders)
    return "" if is_order else page


def _tell_number_unknown(chat: Chat, number: str) -> None:
    """Once, by what it most likely is; the talk is about that page's goods from now on."""
    chat.keep("product_strange", number)
    is_known_buyer = chat.turn.signed_in
    response = "utter_number_unknown" if is_known_buyer else "utter_number_not_ours"
    chat.reply(response, number=number)


async def goods_not_among(chat: Chat, wish: str, orders: list[Order]) -> str:
    """Goods that this message names and none of the orders holds; "" where there is nothing to ask.

    It is asked once: who goes on without an answer means the order that is there. What was sent by
    mistake (收到的是牛奶) is in no order.
    """
    turn = chat.turn
    goods = next(iter(await strange_named(chat, orders)), "")
    was_asked = goods == chat.slot("product_strange") or chat.slot("order_in_talk")
    is_other = wish == "report_wrong_item" and is_what_came(turn)
    if not goods or was_asked or is_other or turn.has("ordinal", "line", "product", "kind"):
        return ""
    return "" if any([await lines_named(chat, one) for one in orders]) else goods


def goods_are_in_no_order(chat: Chat) -> bool:
    """Goods were named that no order holds, the buyer was asked where they are, and has not told."""
    goods = str(chat.slot("product_strange") or "")
    is_asked = goods and chat.slot("lookup_offered") and not goods.isdigit()
    return bool(is_asked) and not chat.slot("order_in_talk")


def _still_not_found(chat: Chat) -> bool:
    """… and the next line picks none of them: it is not guessed which."""
    picks = ("ordinal", "line", "product", "kind", "order_number", "tracking_number")
    return goods_are_in_no_order(chat) and not chat.turn.has(*picks)


async def _narrowed(chat: Chat, orders: list[Order]) -> list[Order]:
    """Those with the goods named in this message, or at the place named among those offered."""
    offered: Sequence[str] = chat.slot("lookup_offered") or ()
    ordinal = chat.turn.value("ordinal")
    if offered and ordinal is not None:
        place = int(ordinal) if int(ordinal) < 0 else int(ordinal) - 1
        if -len(offered) <= place < len(offered):
            return [one for one in orders if one.number == offered[place]] or orders
    having = [(order, await lines_named(chat, order)) for order in orders]
    pointed = [(order, lines) for order, lines in having if lines]
    if not pointed:
        return told_apart(chat.turn, orders) or orders
    text = chat.turn.text
    closeness = [max(words_shared(text, line.name) for line in lines) for _, lines in pointed]
    best = max(closeness)
    return [order for (order, _), close in zip(pointed, closeness, strict=True) if close == best]


async def line_meant(chat: Chat, order: Order, wish: str) -> OrderLine | None:
    """The line this message is about; None where it had to be asked for."""
    named = chat.turn.value("line")
    lines = [line for line in order.lines if line.line_id == named]
    lines = lines or await lines_named(chat, order) or lines_written_down(chat, order)
    lines = lines or list(order.lines)
    if len(lines) == 1:
        return lines[0]
    keep_wish(chat, wish)
    buttons = [
        button(
            f"{line.name} {sku_text(line.colour, line.size)}".strip(),
            "choose_order",
            order_number=order.number,
            line=line.line_id,
        )
        for line in lines[:MOST_BUTTONS]
    ]
    ask_anyway(chat, "which_order", "utter_which_line", buttons)
    return None


def _ask_which(
    chat: Chat, wish: str, orders: list[Order], response: str = "utter_which_order", **values: str
) -> None:
    keep_wish(chat, wish)
    shown = orders[:MOST_BUTTONS]
    chat.keep("lookup_offered", [order.number for order in shown])
    buttons = [
        button(
            f"{goods_text(order)}（{STATUS_TEXTS[order.status]}）",
            "choose_order",
            order_number=order.number,
        )
        for order in shown
    ]
    ask_anyway(chat, "which_order", response, buttons, **values)


def ask_in_which(chat: Chat, wish: str, orders: Sequence[Order], goods: str) -> None:
    """Goods that are in none of the orders: asks which is meant all the same, of those that came
    or are on their way first."""
    sent = [one for one in orders if one.status in SENT]
    alive = [one for one in orders if one.status not in _GONE]
    likely = sent or alive or list(orders)
    _ask_which(chat, wish, likely, "utter_goods_not_in_orders", goods=goods)


async def ask_for_bought(chat: Chat, goods: str) -> None:
    """我买的电饭煲: asks in which of the orders it is; a visitor's order has to be found first."""
    orders = await own_orders(chat)
    if orders:
        _ask_which(chat, "order_status", orders, "utter_goods_not_in_orders", goods=goods)
    elif chat.turn.signed_in:
        chat.reply("utter_no_orders")
    else:
        look_up(chat, "order_status")


def goods_text(order: Order) -> str:
    """Its first goods' name, with how many there are more."""
    first = order.lines[0].name if order.lines else "订单"
    more = len(order.lines) - 1
    return f"{first}等{more + 1}件" if more > 0 else first


def ask_anyway(
    chat: Chat,
    question: str,
    response: str,
    buttons: Sequence[dict[str, str]] = (),
    **values: Any,
) -> None:
    """Asks even while a form is open: its buttons work, the form's own question comes after."""
    if chat.turn.in_form:
        chat.reply(response, buttons, **values)
    else:
        chat.ask(question, response, buttons, **values)
