"""Returns, exchanges and reports of defects: from the wish to an opened case."""

from __future__ import annotations

from actions.after_order.cancelling import offer_cancel_of
from actions.after_order.order_changes import change_order
from actions.after_order.parcels import explain_delay
from actions.after_order.refunds import tell_refund
from actions.answering.answer import Answer
from actions.choosing.recommending import shows_another
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import sku_text
from actions.hearing.elsewhere import is_number, says_bought
from actions.hearing.order_wishes import order_wish
from actions.orders.asking import can_wait
from actions.orders.choosing_on import chooses_on
from actions.orders.order_state import tell_state
from actions.orders.orders import (
    SENT,
    goods_not_among,
    in_status,
    line_meant,
    order_meant,
    own_orders,
    that_may,
)
from actions.orders.parcel_news import is_coming_back, tell_coming_back
from actions.orders.refusing import tell_refusing
from actions.orders.return_road import REMEDY_TEXTS, begin, road_of
from actions.returns.danger import keeps_danger_in_mind
from actions.returns.exchanging import tell_open_exchange
from actions.returns.return_reading import reason_said, suggested, take_photos, take_wanted
from actions.returns.return_refusals import tell_refusal
from actions.returns.withdrawing import takes_it_back
from bot.shop.words.dealing import Order, OrderStatus, Reason, Remedy, ReturnStatus, Verb

_RECEIVED = in_status(OrderStatus.DELIVERED)
_OPEN = in_status(OrderStatus.PAID, OrderStatus.PACKED, *SENT[:2])
_SENT = in_status(*SENT)
_may_be_cancelled = that_may(Verb.CANCEL)
_NAMES_ONE = ("order_number", "tracking_number", "product", "kind", "ordinal")
_OVER = (ReturnStatus.DECLINED, ReturnStatus.WITHDRAWN)
_REPORTS = {
    "report_defect": Reason.DEFECT,
    "report_wrong_item": Reason.WRONG_ITEM,
    "not_received": Reason.NOT_RECEIVED,
}
_BY_REMEDY = {
    Remedy.EXCHANGE.value: "exchange_request",
    Remedy.RESEND.value: "report_wrong_item",
}
_SORRY = {"report_defect": "utter_defect_sorry", "report_wrong_item": "utter_wrong_item_sorry"}


class StartReturn(Answer):
    """退货, 换货, 坏了, 发错: one road, entered by different doors."""

    def name(self) -> str:
        return "action_start_return"

    async def answer(self, chat: Chat) -> None:
        wish = chat.turn.intent if chat.turn.intent in _DOORS else "return_request"
        if wish in ("return_request", "exchange_request") and await takes_it_back(chat):
            return
        if wish == "return_request" and (unpaid := await _unwanted_unpaid(chat)) is not None:
            await offer_cancel_of(chat, unpaid)
            return
        if wish.endswith("_request") and keeps_danger_in_mind(chat):
            return
        if wish == "exchange_request" and (
            await shows_another(chat) or await chooses_on(chat) or await tell_open_exchange(chat)
        ):
            return
        if wish == "return_request" and hears(chat.turn, "refund_when"):
            await tell_refund(chat)
            return
        if wish.endswith("_request") and chat.turn.value("remedy") == Remedy.RESEND.value:
            # 给我补发一个: nothing goes back; of what has not come, or of what was not in it
            is_lost = not any(map(_RECEIVED, await own_orders(chat)))
            await (_not_received if is_lost else _report_wrong_item)(chat)
            return
        if await _is_of_another_shop(chat):
            chat.reply("utter_only_with_our_order", goods=str(chat.slot("product_strange")))
            return
        is_not_told = chat.turn.value("return_reason") in (None, Reason.NOT_RECEIVED.value)
        if wish in _SORRY and is_not_told and await _is_under_way(chat):
            await explain_delay(chat)  # 我的杯子呢
            return
        # Nobody is sorry for what may not be ours.
        if wish in _SORRY and not await goods_not_among(chat, wish, await own_orders(chat)):
            chat.reply(_SORRY[wish])
        await _DOORS[wish](chat)


async def _unwanted_unpaid(chat: Chat) -> Order | None:
    """不想要了, of the order in talk that waits for its payment: nothing can come back of it."""
    if chat.turn.value("return_reason") != Reason.NO_REASON.value or chat.turn.has(*_NAMES_ONE):
        return None
    fits, number = in_status(OrderStatus.AWAITING_PAYMENT), chat.slot("order_in_talk")
    return next((one for one in await own_orders(chat) if one.number == number and fits(one)), None)


async def _is_of_another_shop(chat: Chat) -> bool:
    """笔尖坏了, after we said that we sell none: an order is needed before anybody is sorry."""
    turn, goods = chat.turn, str(chat.slot("product_strange") or "")
    is_named = turn.has("product", "kind", "order_number", "tracking_number") or says_bought(turn)
    if not goods or is_number(goods) or is_named or turn.in_form:
        return False
    return not await own_orders(chat)


async def _is_under_way(chat: Chat) -> bool:
    """Whether nothing has arrived yet that could be wrong or broken, and something is coming."""
    orders = await own_orders(chat)
    is_coming = any(map(in_status(OrderStatus.SHIPPED), orders))
    return is_coming and not any(map(_RECEIVED, orders))


@can_wait("return")
async def start_by_data(chat: Chat) -> None:
    """An order number with 退 or 换 beside it; 补给我, of what came incomplete."""
    await _DOORS[_BY_REMEDY.get(str(chat.turn.value("remedy")), "return_request")](chat)


@order_wish("return_request")
async def _return_request(chat: Chat) -> None:
    await _start(chat, "return_request")


@order_wish("exchange_request")
async def _exchange_request(chat: Chat) -> None:
    await _start(chat, "exchange_request")


@order_wish("report_defect")
async def _report_defect(chat: Chat) -> None:
    await _start(chat, "report_defect")


@order_wish("report_wrong_item")
async def _report_wrong_item(chat: Chat) -> None:
    await _start(chat, "report_wrong_item")


class ParcelLost(Answer):
    """Signed for and not there: the buyer chooses a remedy, a person speaks with the courier."""

    def name(self) -> str:
        return "action_parcel_lost"

    async def answer(self, chat: Chat) -> None:
        chat.reply("utter_parcel_lost")
        await _not_received(chat)


@order_wish("not_received")
async def _not_received(chat: Chat) -> None:
    order = await order_meant(chat, "not_received", _OPEN, _SENT)
    if order is None:
        return
    if _SENT(order):
        await _start_with(chat, order, "not_received")
    else:
        await tell_state(chat, order)


class PictureIsDefect(Answer):
    """Yes: the picture shows what is wrong; it is the first piece of evidence."""

    def name(self) -> str:
        return "action_picture_is_defect"

    async def answer(self, chat: Chat) -> None:
        chat.reply("utter_defect_sorry")
        await _report_defect(chat)


_DOORS = {
    "return_request": _return_request,
    "exchange_request": _exchange_request,
    "report_defect": _report_defect,
    "report_wrong_item": _report_wrong_item,
}


async def _start(chat: Chat, wish: str) -> None:
    first = _OPEN if wish == "return_request" else _RECEIVED
    busy = await _orders_with_open_case(chat)
    order = await order_meant(
        chat,
        wish,
        lambda order: first(order) and order.number not in busy,
        first,
        _OPEN,
        _SENT,
        must_choose=True,
    )
    if order is None:
        return
    if is_coming_back(order) and wish in ("return_request", "exchange_request"):
        tell_coming_back(chat, order)
        return
    if order.status is OrderStatus.SHIPPED and hears(chat.turn, "intercept"):
        await offer_cancel_of(chat, order)  # 拦截退款
        return
    if order.status is OrderStatus.SHIPPED and hears(chat.turn, "refuse"):
        tell_refusing(chat, order)  # 那我拒收
        return
    verb = Verb.EXCHANGE if wish == "exchange_request" else Verb.RETURN
    if wish == "return_request" and _may_be_cancelled(order):
        await offer_cancel_of(chat, order)
    elif wish == "exchange_request" and verb not in order.may and not order.shipped_at:
        await change_order(chat)
    elif verb in order.may:
        await _start_with(chat, order, wish)
    else:
        await tell_state(chat, order)


async def report_missing(chat: Chat) -> bool:
    """说好的赠品没有: with a parcel at hand, something that is not in it is a missing part.

    False where nothing was said to be missing or nothing has arrived.
    """
    told = chat.turn.value("return_reason")
    is_told = told in (Reason.WRONG_ITEM.value, Reason.NOT_RECEIVED.value)
    if chat.slot("return_line") and chat.slot("return_reason") == Reason.WRONG_ITEM.value:
        chat.reply("utter_missing_promised")
        chat.go_on_with("return_form")
        return True
    if not is_told and not hears(chat.turn, "missing"):
        return False
    if not any(map(_RECEIVED, await own_orders(chat))):
        return False
    chat.reply(_SORRY["report_wrong_item"])
    await _report_wrong_item(chat)
    return True


async def _orders_with_open_case(chat: Chat) -> set[str]:
    """What is on its way back already is rarely what a new wish is about."""
    if not chat.turn.signed_in:
        return set()
    cases = await chat.shop.returns_of(chat.turn.buyer_id)
    return {case.order_number for case in cases if case.status not in _OVER}


async def _start_with(chat: Chat, order: Order, wish: str) -> None:
    line = await line_meant(chat, order, wish)
    if line is None:
        return
    begin(chat, order, line)
    if reason := _REPORTS.get(wish) or reason_said(chat):
        chat.keep("return_reason", reason.value)
    elif order.status is OrderStatus.SHIPPED and order.parcel and order.parcel.is_late:
        # Who waits too long need not wait to be refunded.
        chat.keep("return_reason", Reason.NOT_RECEIVED.value)
    elif hears(chat.turn, "worn"):
        chat.keep("return_reason", Reason.OPENED.value)
    if wish == "exchange_request":
        chat.keep("return_remedy", Remedy.EXCHANGE.value)
    elif chat.turn.value("remedy") in (Remedy.RESEND.value, Remedy.PARTIAL_REFUND.value):
        remedy = Remedy(str(chat.turn.value("remedy")))  # 补给我, 那退一部分钱算了
        chat.keep("return_remedy", remedy.value)
        if chat.slot("picture_asked"):
            chat.reply("utter_remedy_noted", remedy=REMEDY_TEXTS[remedy])
    elif (
        chat.turn.value("remedy") == Remedy.REFUND.value
        and chat.slot("return_reason") == Reason.NOT_RECEIVED.value
    ):
        chat.keep("return_remedy", Remedy.REFUND_ONLY.value)
    _take_loose_photos(chat)
    road = await road_of(chat)
    if road is not None and wish == "exchange_request":
        product = await chat.shop.product(line.product_id)
        if product is not None and (sku := suggested(chat.turn.text, line, product)):
            chat.keep("return_wanted", sku_text(sku.colour, sku.size))
        if take_wanted(chat, road, product) and not road.reason and chat.turn.has("size"):
            chat.keep("return_reason", Reason.SIZE.value)
    await _go_on(chat)


def _take_loose_photos(chat: Chat) -> None:
    """Pictures sent before the wish was said count as evidence."""
    take_photos(chat)
    loose = chat.slot("picture_loose") or []
    if loose and not chat.slot("return_photos"):
        chat.keep("return_photos", list(loose))
    chat.keep("picture_loose", None)


async def _go_on(chat: Chat) -> None:
    road = await road_of(chat)
    if road is None:
        chat.reply("utter_order_unknown")
    elif not road.terms.allowed:
        await tell_refusal(chat, road)
    else:
        chat.go_on_with("return_form")
