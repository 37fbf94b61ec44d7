"""The shop's orders: found by who leads; paid, sent, closed, refunded by owners. Each deed is kept.

The buyer is told by what follows up such things (docs/follow-up.md), not by a line from here.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Any, TypeVar

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE, SHOP
from bot.channels.requests import json_object, text_field, whole_number
from bot.desk.audit import Deed, note
from bot.desk.beside import CASE_TEXTS, case_beside, order_beside
from bot.desk.deeds import fen_field, office
from bot.desk.remarks import remarks_on
from bot.desk.reveals import What, note_order
from bot.desk.roles import Role
from bot.desk.shop_row_views import leader
from bot.desk.who import acting_owner
from bot.shop.embedded.order_desk import SENT, UNSENT, OrderDesk, Whole
from bot.shop.words.dealing import Access, Order, OrderStatus, ParcelEvent, ReturnStatus
from bot.shop.words.errors import (
    BeyondLimit,
    PriceChanged,
    RefundChanged,
    UnknownCase,
    WrongMoment,
)
from bot.shop.words.prices import price_text
from bot.shop.words.status_words import STATUS_TEXTS

T = TypeVar("T")
ORDER_DESK: web.AppKey[OrderDesk | None] = web.AppKey("order_desk")
MOST_WORDS, LONGEST_REASON, LONGEST_COURIER = 5, 60, 20
_TRACKING = re.compile(r"[A-Za-z0-9-]{6,40}")
_MOMENTS = {
    "already_open": "这件有一张售后单还没办完，先办那张",
    "refund_open": "这单有钱正要退，先办完售后单再发",
    "whole": "没发货的单要全退，请用“取消订单”，货也会回到库存",
}
_SHOWN = [one for one in OrderStatus if one is not OrderStatus.DRAFT]


async def listed(request: web.Request) -> web.Response:
    """GET ?status=paid&q=…&offset=0: a page of orders, the newest first."""
    agent = await leader(request)
    status, offset = request.query.get("status", ""), request.query.get("offset", "0")
    start = whole_number(offset)
    known = {one.value: one for one in _SHOWN}
    if start is None or (status and status not in known):
        raise ApiError(422, "bad_field", "status 要是一种订单状态，offset 要是一个数字")
    words = request.query.get("q", "")[:60].split()[:MOST_WORDS]
    statuses = [known[status]] if status else []
    found = await _desk(request).search(statuses=statuses, words=words, offset=start)
    return web.json_response(
        {
            "orders": [_in_list(one) for one in found.orders],
            "total": found.total,
            "statuses": [
                {
                    "status": one.value,
                    "text": STATUS_TEXTS[one],
                    "count": found.counts.get(one.value, 0),
                }
                for one in _SHOWN
            ],
            "couriers": list(found.couriers),
            "may_edit": agent.role is Role.OWNER,
        }
    )


async def one(request: web.Request) -> web.Response:
    """GET: an order with its lines' money, cases and remarks."""
    await leader(request)
    return web.json_response(await _shown(request))


async def paid(request: web.Request) -> web.Response:
    """POST {id, total_fen}: the money came in another way than by the shop's own page."""
    owner, body = await _deed(request)
    seen = fen_field(body, "total_fen")
    work = _desk(request).confirm_paid(_number(request), seen_fen=seen, request_id=_id(body))
    await _tried(work)
    return await _told(request, owner, f"收到 {price_text(seen)}")


async def ship(request: web.Request) -> web.Response:
    """POST {courier, tracking_number}: it has left; of one that is on its way, the right number."""
    owner, body = await _deed(request)
    courier = text_field(body, "courier").strip()
    tracking = re.sub(r"\s", "", text_field(body, "tracking_number"))
    if not 0 < len(courier) <= LONGEST_COURIER:
        raise ApiError(422, "bad_field", f"快递写 1 到 {LONGEST_COURIER} 字")
    if not _TRACKING.fullmatch(tracking):
        raise ApiError(422, "bad_field", "快递单号是 6 到 40 位字母和数字，核对一下")
    number, desk = _number(request), _desk(request)
    before = await desk.whole(number)
    if before.order.status is OrderStatus.SHIPPED:
        await _tried(desk.correct_parcel(number, courier=courier, tracking_number=tracking))
    else:
        work = office(request).ship_order(
            number, courier=courier, courier_phone="", tracking_number=tracking,
            due_on=await desk.due_on(number),
        )  # fmt: skip
        await _tried(work)
    return await _told(request, owner, f"发货 {courier} {tracking}")


async def signed(request: web.Request) -> web.Response:
    """POST: the buyer has it; from this day the days of returning count."""
    owner, _ = await _deed(request)
    number = _number(request)
    if (await _desk(request).whole(number)).order.status is not OrderStatus.SHIPPED:
        raise _moment("")
    event = ParcelEvent(at=request.app[CLOCK](), text="已签收")
    await _tried(office(request).record_parcel_event(number, event))
    return await _told(request, owner, "已签收")


async def close(request: web.Request) -> web.Response:
    """POST {id, reason}: of an order that nobody has paid."""
    owner, body = await _deed(request)
    reason = _reason(body)
    work = _desk(request).close_unpaid(_number(request), reason=reason, request_id=_id(body))
    await _tried(work)
    return await _told(request, owner, f"关闭：{reason}")


async def cancel(request: web.Request) -> web.Response:
    """POST {id, reason, refund_fen}: of one that is paid and not sent; all of its money goes back."""
    owner, body = await _deed(request)
    reason, refund = _reason(body), fen_field(body, "refund_fen")
    number = _number(request)
    order = (await _desk(request).whole(number)).order
    if order.status not in UNSENT:
        raise _moment("")
    access = Access(buyer_id=order.buyer_id, asker=f"desk:{owner}")
    work = request.app[SHOP].cancel_order(
        number, access, reason=reason, expected_refund_fen=refund, request_id=_id(body)
    )
    await _tried(work)
    return await _told(request, owner, f"取消，退 {price_text(refund)}：{reason}")


async def refund(request: web.Request) -> web.Response:
    """POST {id, line_id, refund_fen, reason}: of one line, at most what is left of it."""
    owner, body = await _deed(request)
    reason, fen = _reason(body), fen_field(body, "refund_fen")
    work = _desk(request).refund_line(
        _number(request), text_field(body, "line_id"), refund_fen=fen, why=reason,
        request_id=_id(body),
    )  # fmt: skip
    case = await _tried(work)
    return await _told(request, owner, f"退 {price_text(fen)}（{case.case_id}）：{reason}")


async def settle(request: web.Request) -> web.Response:
    """POST {id, status, refund_fen}: a case of the order moves on."""
    owner, body = await _deed(request)
    status = next((one for one in ReturnStatus if one.value == body.get("status")), None)
    if status is None:
        raise ApiError(422, "bad_field", "status 要是售后单的一种状态")
    number, case_id = _number(request), request.match_info["case_id"]
    whole = await _desk(request).whole(number)
    if all(one.case_id != case_id for one in whole.cases):
        raise ApiError(404, "unknown_case", "这笔订单没有这张售后单")
    work = office(request).settle_case(
        case_id, status, buyer_id=whole.order.buyer_id,
        seen_refund_fen=fen_field(body, "refund_fen"), most_refund_fen=None, request_id=_id(body),
    )  # fmt: skip
    await _tried(work)
    return await _told(request, owner, f"售后单 {case_id} {CASE_TEXTS[status]}")


async def reveal(request: web.Request) -> web.Response:
    """POST: the receiver as it is, to send the parcel; who asked is written down first."""
    owner, _ = await _deed(request)
    order = (await _desk(request).whole(_number(request))).order
    now = request.app[CLOCK]()
    await request.app[DATABASE].run(note_order, What.RECEIVER, owner, order.buyer_id, now)
    told = order.receiver
    return web.json_response({"name": told.name, "phone": told.phone, "address": told.address})


def _in_list(order: Order) -> dict[str, Any]:
    shown = order_beside(order, ())
    names = ("number", "status", "status_text", "total", "created_at", "lines", "receiver")
    return {name: shown[name] for name in names} | {"ships_late": order.ships_late}


async def _shown(request: web.Request) -> dict[str, Any]:
    number = _number(request)
    whole = await _desk(request).whole(number)
    found = await request.app[DATABASE].read(remarks_on, [number])
    order = whole.order
    return {
        "order": order_beside(order, found.get(number, ())),
        "nickname": whole.nickname,
        "close_reason": order.close_reason,
        "left_fen": whole.left_fen,
        "lines_left_fen": whole.lines_left_fen,
        "cases": [case_beside(one) for one in whole.cases],
        "may": _may(whole),
    }


def _may(whole: Whole) -> list[str]:
    """Deeds that the page offers now."""
    status = whole.order.status
    offered = {
        "paid": status is OrderStatus.AWAITING_PAYMENT,
        "close": status is OrderStatus.AWAITING_PAYMENT,
        "ship": status in UNSENT,
        "correct": status is OrderStatus.SHIPPED,
        "signed": status is OrderStatus.SHIPPED,
        "cancel": status in UNSENT,
        "refund": status in (*SENT, *UNSENT) and whole.left_fen > 0,
    }
    return [name for name, is_offered in offered.items() if is_offered]


async def _told(request: web.Request, owner: str, about: str) -> web.Response:
    """Keeps the deed, and answers the order as it is now."""
    now, number = request.app[CLOCK](), _number(request)

    def write(connection: Connection) -> None:
        note(connection, owner, Deed.ORDER, now, about=f"{number}：{about}")

    await request.app[DATABASE].run(write)
    return web.json_response(await _shown(request))


async def _tried(work: Awaitable[T]) -> T:
    """What comes of the verb. Raises ApiError."""
    try:
        return await work
    except WrongMoment as error:
        raise _moment(error.status) from None
    except (PriceChanged, RefundChanged):
        raise ApiError(409, "price_changed", "订单刚变了金额，看过新的再办一次") from None
    except BeyondLimit as error:
        most = price_text(error.most_fen)
        what = f"这一件最多还能退 {most}" if error.most_fen else "这一件付的钱已经都退了"
        raise ApiError(409, "beyond_limit", what) from None
    except UnknownCase:
        raise ApiError(404, "unknown_case", "这笔订单没有这张售后单") from None


def _moment(status: str) -> ApiError:
    what = _MOMENTS.get(status, "订单刚变了状态，这一步办不了，看看现在的")
    return ApiError(409, "wrong_moment", what)


async def _deed(request: web.Request) -> tuple[str, dict[str, Any]]:
    return await acting_owner(request), await json_object(request)


def _desk(request: web.Request) -> OrderDesk:
    found = request.app[ORDER_DESK]
    if found is None:
        raise ApiError(409, "not_our_shop", "订单在您自己的商城里，请在那边办")
    return found


def _number(request: web.Request) -> str:
    return request.match_info["number"]


def _id(body: dict[str, Any]) -> str:
    told = text_field(body, "id")
    if not 0 < len(told) <= 48:
        raise ApiError(422, "bad_field", "id 要是 1 到 48 个字符")
    return told


def _reason(body: dict[str, Any]) -> str:
    told = text_field(body, "reason").strip()
    if not 0 < len(told) <= LONGEST_REASON:
        raise ApiError(422, "bad_field", f"原因写 1 到 {LONGEST_REASON} 字")
    return told
