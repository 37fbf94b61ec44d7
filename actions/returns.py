"""Returns, exchanges and reports of defects: from the wish to an opened case."""

from __future__ import annotations

from actions.answer import Answer
from actions.asking import can_wait
from actions.cancelling import offer_cancel_of
from actions.chat import Chat
from actions.order_changes import change_order
from actions.order_state import tell_state
from actions.order_wishes import order_wish
from actions.orders import (
    SENT,
    access_to,
    goods_not_among,
    in_status,
    line_meant,
    order_meant,
    own_orders,
    that_may,
)
from actions.parcel_news import is_coming_back, tell_coming_back
from actions.parcels import explain_delay
from actions.phrasing import price_text, sku_text
from actions.refunds import asks_progress, tell_refund
from actions.return_cases import return_card
from actions.return_reading import reason_said, says_worn, suggested, take_photos, take_wanted
from actions.return_refusals import report_note, tell_refusal
from actions.return_road import REMEDY_TEXTS, SLOTS, Road, begin, road_of
from bot.handing_over import HandOverReason
from bot.shop.dealing import Order, OrderStatus, Reason, Remedy, ReturnStatus, Verb

_RECEIVED = in_status(OrderStatus.DELIVERED)
_OPEN = in_status(OrderStatus.PAID, OrderStatus.PACKED, *SENT[:2])
_SENT = in_status(*SENT)
_may_be_cancelled = that_may(Verb.CANCEL)
_OVER = (ReturnStatus.DECLINED, ReturnStatus.WITHDRAWN)
_REPORTS = {
    "report_defect": Reason.DEFECT,
    "report_wrong_item": Reason.WRONG_ITEM,
    "not_received": Reason.NOT_RECEIVED,
}
_SORRY = {"report_defect": "utter_defect_sorry", "report_wrong_item": "utter_wrong_item_sorry"}


class StartReturn(Answer):
    """退货, 换货, 坏了, 发错: one road, entered by different doors."""

    def name(self) -> str:
        return "action_start_return"

    async def answer(self, chat: Chat) -> None:
        wish = chat.turn.intent if chat.turn.intent in _DOORS else "return_request"
        if wish == "return_request" and asks_progress(chat.turn.text):
            await tell_refund(chat)
            return
        if wish in _SORRY and not chat.turn.has("return_reason") and await _is_under_way(chat):
            await explain_delay(chat)  # 我的杯子呢
            return
        # Nobody is sorry for what may not be ours.
        if wish in _SORRY and not await goods_not_among(chat, wish, await own_orders(chat)):
            chat.reply(_SORRY[wish])
        await _DOORS[wish](chat)


async def _is_under_way(chat: Chat) -> bool:
    """Whether nothing has arrived yet that could be wrong or broken, and something is coming."""
    orders = await own_orders(chat)
    is_coming = any(map(in_status(OrderStatus.SHIPPED), orders))
    return is_coming and not any(map(_RECEIVED, orders)) and not chat.turn.has("order_number")


@can_wait("return")
async def start_by_data(chat: Chat) -> None:
    """An order number with 退 or 换 beside it."""
    is_exchange = chat.turn.value("remedy") == Remedy.EXCHANGE.value
    await _DOORS["exchange_request" if is_exchange else "return_request"](chat)


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
    if chat.turn.value("return_reason") not in (Reason.WRONG_ITEM.value, Reason.NOT_RECEIVED.value):
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
    elif says_worn(chat.turn.text):
        chat.keep("return_reason", Reason.OPENED.value)
    if wish == "exchange_request":
        chat.keep("return_remedy", Remedy.EXCHANGE.value)
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


async def open_case(chat: Chat, road: Road) -> None:
    """The deed; what is our fault also goes to a person, with all the evidence.

    Raises RefundChanged.
    """
    assert road.remedy is not None and road.reason is not None and road.agreed is not None
    case = await chat.shop.open_return(
        road.order.number,
        access_to(chat, road.order.number),
        road.line.line_id,
        reason=road.reason,
        remedy=road.remedy,
        photos=road.photos,
        wanted=road.wanted or _same_again(road),
        expected_refund_fen=road.agreed.total_fen if road.refund_fen is not None else None,
        request_id=road.agreed.deed_id,
    )
    for slot in (*SLOTS, "return_line"):
        chat.keep(slot, None)
    chat.show(return_card(case))
    chat.reply(
        f"utter_return_opened_{road.remedy.value}",
        case=case.case_id,
        refund=price_text(case.refund_fen),
        wanted=case.wanted,
    )
    if road.remedy in (Remedy.REFUND, Remedy.EXCHANGE):
        pays = "buyer" if case.buyer_pays_postage else "shop"
        chat.reply(f"utter_return_postage_{pays}")
    if road.terms.is_our_fault:
        note = report_note(road, f"希望{REMEDY_TEXTS[road.remedy]}, 退货单 {case.case_id}")
        is_lost = road.reason is Reason.NOT_RECEIVED
        chat.hand_over(HandOverReason.MONEY if is_lost else HandOverReason.DEFECT, note)


def _same_again(road: Road) -> str:
    if road.remedy in (Remedy.EXCHANGE, Remedy.RESEND):
        return sku_text(road.line.colour, road.line.size)
    return ""
