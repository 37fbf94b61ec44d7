"""A talk about goods that are in none of the buyer's orders: this is told before anything is
answered, admitted or written down of ours; kindly, then shorter, then the way to the right shop.

Which goods are meant is `actions/hearing/elsewhere.py`'s; it ends where some of ours are named or
the order that was shown is agreed to be meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from actions.answering.answer import comes_first
from actions.answering.handoff import is_with_a_person, was_just_offered
from actions.answering.plain import wish_of
from actions.frame.chat import Chat, button
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.elsewhere import (
    is_number,
    names_own,
    only_tells_of_strange,
    says_bought,
    strange_named,
    tell_strange,
)
from actions.hearing.order_access import own_orders
from actions.hearing.order_wishes import keep_wish, waits_for_an_order
from actions.orders.concerning import ASKED, HALF, NO_GOODS, SHORTER, TOLD, is_concerned
from actions.orders.left_to_person import leave_to_the_person
from actions.orders.orders import (
    ask_anyway,
    ask_in_which,
    goods_text,
    own_by_number,
)
from actions.orders.promised import tells_of_promised
from bot.dialogue.files import read_matters
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, Reason

_HOLDS_OTHER = "utter_order_holds_other"
_NOT_SOLD, _STILL = "utter_not_sold_here", "utter_elsewhere_still"
_BESIDE_BUYING = ("ask_courier", "ask_postage", "ask_ship_time", "ask_delivery_time")
_IN_FORM = ("report_defect", "ask_usage", "inform", *HALF)
_HOW_TO_SHOW = "faq/report_defect"  # where a picture is sent: a plain question of the page
_SAYS_WHICH = ("inform", "affirm", "order_status")  # … beside a number
_STATE = "order_status"
_WAYS = frozenset(("utter_ship_ways", "utter_delay_ways"))  # of an order of ours that is late
_NUMBERS = ("order_number", "tracking_number")


@comes_first
async def tells_it_is_not_ours(chat: Chat) -> bool:
    """False where the line is about ours, about no goods, or agrees that an order of ours is meant."""
    turn = chat.turn
    remembered = str(chat.slot("product_strange") or "")
    if _wants_to_buy_it(chat, remembered):
        tell_strange(chat, remembered)
        return turn.intent == "place_order"
    if _tells_of_a_page(chat, remembered):
        chat.reply("utter_elsewhere_heard")  # 我头一回买才399
        return True
    remembered = "" if is_number(remembered) else remembered
    if turn.in_form or not (remembered or turn.has("goods")):
        return False
    orders = await own_orders(chat)
    named = await strange_named(chat, orders)
    order = _by_number(turn, orders)
    if _was_agreed(chat, remembered):
        return False
    if _WAYS & set(turn.told_before) and not named:
        chat.keep("product_strange", None)  # 那不要了 chooses among these
        return False
    if _agrees(chat, order, named):
        chat.keep("product_strange", None)
        return False
    goods = next(iter(named), remembered)
    if not goods:
        return False
    wish = _wish(turn)
    if wish not in NO_GOODS and tells_of_promised(chat, named, goods, wish, orders):
        return True
    if order is not None:
        return _tell_what_it_holds(chat, order, goods, wish)
    if not is_concerned(chat, named, wish, bool(orders)):
        _tell_beside_a_parcel(chat, named, wish, orders)
        return False
    chat.keep("product_strange", remembered or goods)
    if turn.is_first_of_burst or not TOLD & set(turn.told_before):  # 可以退吗 或者换一款: told once
        _tell(chat, goods, orders, wish)
    return True


def _wants_to_buy_it(chat: Chat, remembered: str) -> bool:
    """那我要两个, 不能买啊, of what was said to be none of ours; 先拿两罐 发什么快递 asks more, which
    is answered behind it."""
    turn = chat.turn
    is_free = not (chat.slot("product_in_talk") or chat.slot("product_shown") or turn.in_form)
    is_theirs = bool(remembered) and is_free and not turn.product_in_view
    names_other = turn.has("product", "kind", "category", "goods", *_NUMBERS)
    is_buying = hears(turn, "buying") and turn.is_first_of_burst and turn.intent in _BESIDE_BUYING
    return is_theirs and not names_other and (turn.intent == "place_order" or is_buying)


def _tells_of_a_page(chat: Chat, remembered: str) -> bool:
    """What was once paid for goods of a page that is not ours: nothing of our orders is looked up."""
    turn = chat.turn
    is_of_price = is_number(remembered) and turn.intent == "price_protection" and not turn.in_form
    return is_of_price and only_tells_of_strange(turn) and not turn.has("product", *_NUMBERS)


def _by_number(turn: Turn, orders: Sequence[Order]) -> Order | None:
    numbers = [str(value) for name in _NUMBERS for value in turn.values(name)]
    return next((one for one in map(partial(own_by_number, orders), numbers) if one), None)


def _was_agreed(chat: Chat, remembered: str) -> bool:
    """The buyer was told what the order holds and said yes to it: what the goods are called, or
    what came with them, is no question any more."""
    was_told = "utter_order_holds_other" in chat.turn.told_in_talk
    return was_told and not remembered and bool(chat.slot("order_in_talk"))


def _agrees(chat: Chat, order: Order | None, named: Sequence[str]) -> bool:
    """The order is picked by button or place, sent once more after it was said what it holds, or
    spoken of as 这单; goods of ours are named."""
    turn = chat.turn
    if named:
        return False
    if names_own(chat) or set(_NUMBERS) & turn.pressed:
        return True
    if chat.slot("lookup_offered") and turn.has("ordinal"):
        return True
    was_told = "utter_order_holds_other" in turn.told_in_talk
    in_talk = chat.slot("order_in_talk")
    if order is not None:
        return was_told and order.number == in_talk
    return was_told and bool(in_talk) and hears(turn, "this_order")


def _wish(turn: Turn) -> str:
    """The likeliest wish, without which part of it is asked."""
    label = next(iter(turn.ranking), "") if turn.intent in HALF else turn.label
    return label if label.startswith(_HOW_TO_SHOW) else wish_of(label)


def _tell_what_it_holds(chat: Chat, order: Order, goods: str, wish: str) -> bool:
    """手机坏了, and the number is of an order of cups: which it is, and whether that is meant.

    False where a parcel is asked for: its state is told beside it.
    """
    chat.keep("product_strange", goods)
    if wish in read_matters().parcel:
        chat.reply("utter_order_is_of", own=goods_text(order), goods=goods)
        return False
    _ask_for_this(chat, order, goods, wish)
    return True


def _tell_beside_a_parcel(
    chat: Chat, named: Sequence[str], wish: str, orders: Sequence[Order]
) -> None:
    """电饭煲也没到啊, of a parcel of ours that was told of: what is in it, before how it stands."""
    sent = next((one for one in orders if one.number == chat.slot("order_in_talk")), None)
    if named and sent is not None and sent.parcel and wish in read_matters().parcel:
        chat.reply("utter_order_is_of", own=goods_text(sent), goods=named[0])


def _tell(chat: Chat, goods: str, orders: Sequence[Order], wish: str) -> None:
    told = chat.turn.told_in_talk
    in_talk = next((one for one in orders if one.number == chat.slot("order_in_talk")), None)
    if not orders:
        is_told = "utter_only_with_our_order" in told
        chat.reply("utter_not_ours_still" if is_told else "utter_only_with_our_order", goods=goods)
    elif _is_only_asked_of(chat, wish):
        chat.reply(_STILL)
    elif not ASKED & told:
        if in_talk is not None:
            _ask_for_this(chat, in_talk, goods, wish)
        else:
            ask_in_which(chat, _that_waits(wish, chat.turn), orders, goods)
            _forget_goods(chat)
    elif is_with_a_person(chat, *TOLD):
        leave_to_the_person(chat, goods)
    elif SHORTER in told and (was_just_offered(chat) or _HOLDS_OTHER in chat.turn.told_before):
        chat.keep("handoff_reason", None)
        chat.hand_over(HandOverReason.NO_DATA, f"买家说的{goods}不在名下订单里")
    elif wish == "complain" or "utter_not_ours_still" in told:
        chat.reply(SHORTER, goods=goods)
        chat.hand_over(HandOverReason.NO_DATA, f"买家说的{goods}不在名下订单里")
    elif SHORTER in told:
        chat.reply("utter_not_ours_still", goods=goods)
    else:
        chat.reply(SHORTER, goods=goods)
        chat.keep("handoff_reason", HandOverReason.NO_DATA.value)
        chat.ask("hand_over", "utter_offer_person")


def _is_only_asked_of(chat: Chat, wish: str) -> bool:
    """那个怎么登录, of goods that we said we do not sell: nobody has told that they were bought here."""
    turn = chat.turn
    was_denied = _NOT_SOLD in turn.told_in_talk and not TOLD & turn.told_in_talk
    is_told = says_bought(turn) or hears(turn, "missing") or turn.has("return_reason")
    is_of_bought = wish in read_matters().bought and wish != "ask_usage"
    return was_denied and not is_told and not is_of_bought


async def means_others(chat: Chat, order: Order, reason: Reason | None) -> bool:
    """我是说键盘没反应, while a return of ours is written down: it is not that; told, and True.

    What was sent by mistake is no goods of ours either, and what the goods were agreed to be is not
    asked again.
    """
    turn = chat.turn
    remembered = str(chat.slot("product_strange") or "")
    if reason is Reason.WRONG_ITEM or not hears(turn, "meant", "instead", "not"):
        return False
    if turn.intent not in _IN_FORM or _was_agreed(chat, remembered):
        return False
    named = await strange_named(chat, await own_orders(chat))
    if named:
        chat.keep("product_strange", named[0])
        _ask_for_this(chat, order, named[0], "report_defect")
    return bool(named)


def _ask_for_this(chat: Chat, order: Order, goods: str, wish: str) -> None:
    if wish in _SAYS_WHICH and chat.slot("lookup_wish") not in (None, _STATE):
        pass  # the number alone: what was told before it still waits
    else:
        keep_wish(chat, _that_waits(wish, chat.turn))
        _forget_goods(chat)
    chat.keep("order_in_talk", order.number)
    chat.keep("lookup_offered", [order.number])
    own = goods_text(order)
    buttons = [
        button("就是这单", "choose_order", order_number=order.number),
        button("不是", "deny"),
    ]
    ask_anyway(chat, "which_order", "utter_order_holds_other", buttons, own=own, goods=goods)


def _that_waits(wish: str, turn: Turn) -> str:
    """A fault that is told, however little of the line was understood, is what goes on later."""
    if turn.intent in HALF and hears(turn, "broken_down"):
        return "report_defect"
    return wish if waits_for_an_order(wish) else _STATE


def _forget_goods(chat: Chat) -> None:
    """What waits is answered once an order of ours is agreed to be meant: then of its goods."""
    said = chat.slot("lookup_said") or {}
    kept = [one for one in said.get("entities", ()) if one.get("entity") != "goods"]
    chat.keep("lookup_said", {**said, "entities": kept})
