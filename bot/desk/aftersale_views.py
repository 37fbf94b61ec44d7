"""Deeds after a sale, and coupons: what the rules allow, offered, opened, settled; each once and kept."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from actions.frame.cards import coupon_card
from bot.channels.errors import ApiError
from bot.channels.keys import CONVERSATIONS, SHOP
from bot.channels.requests import text_field
from bot.conversations.messages import Author
from bot.desk.audit import Deed
from bot.desk.beside import CASE_TEXTS, REMEDY_TEXTS, case_beside
from bot.desk.deeds import Doing, doing, fen_field, limit_of, line_of, office, order_of, tell
from bot.desk.shown import kept
from bot.shop.words.dealing import Order, Reason, Remedy, ReturnStatus, ReturnTerms
from bot.shop.words.errors import (
    BeyondLimit,
    PhotosMissing,
    RefundChanged,
    UnknownCase,
    UnknownCoupon,
    WrongMoment,
)
from bot.shop.words.prices import price_text

_READ_FOR_PHOTOS = 100  # newest lines
_MOST_PHOTOS = 6
_REFUSALS = {
    "too_late": "过了退换期限",
    "opened": "拆封用过，不支持无理由",
    "custom_made": "定制商品不支持无理由",
    "clearance": "清仓商品不支持无理由",
    "fresh": "生鲜不支持无理由",
    "not_signed": "还没签收",
    "not_paid": "还没付款",
    "already_open": "这件已经在办售后",
    "not_sent": "几件一起的单还没发货，先取消整单或改单",
}
_SETTLED = {
    ReturnStatus.GOODS_RECEIVED: "您寄回的包裹收到了，马上给您办",
    ReturnStatus.REFUNDED: "退款办好了，按原路退回",
    ReturnStatus.EXCHANGED: "换的那件给您寄出了",
    ReturnStatus.DECLINED: "这次的售后申请没能通过，有疑问您跟我说",
}


async def terms(request: web.Request) -> web.Response:
    """POST {id, line_id, reason}: remedies with sums, or why not; nothing is changed."""
    deed = await doing(request)
    order = await order_of(request, deed)
    return web.json_response(_terms_shown(await _terms(request, deed, order)))


async def offer(request: web.Request) -> web.Response:
    """POST {id, line_id, reason}: lays the remedies before the buyer, a button each."""
    deed = await doing(request)
    order = await order_of(request, deed)
    found = await _terms(request, deed, order)
    if not found.allowed:
        raise ApiError(409, "not_allowed", _REFUSALS.get(found.refusal, "规则不允许"))
    titles = [_remedy_text(one, found.refund_fen(one)) for one in found.remedies]
    about = next(one.name for one in order.lines if one.line_id == found.line_id)
    await tell(request, deed, f"{about}可以这样处理，您看选哪种？", buttons=titles)
    await kept(request, deed.agent, Deed.OFFER, about=order.number)
    return web.json_response({"offered": titles})


async def open_return(request: web.Request) -> web.Response:
    """POST {id, line_id, reason, remedy, refund_fen}: opens the case; `refund_fen` as in the terms.

    The buyer's pictures of this talk are its proof.
    """
    deed = await doing(request)
    order = await order_of(request, deed)
    line_id = text_field(deed.body, "line_id")
    line_of(order, line_id)
    remedy, refund = _remedy(deed.body), fen_field(deed.body, "refund_fen")
    _demand_within(limit_of(request, deed.agent).refund_fen, refund)
    try:
        case = await request.app[SHOP].open_return(
            order.number,
            deed.access,
            line_id,
            reason=_reason(deed.body),
            remedy=remedy,
            photos=await _photos(request, deed),
            wanted=text_field(deed.body, "wanted", "")[:120],
            expected_refund_fen=refund,
            request_id=deed.request_id,
        )
    except PhotosMissing as error:
        raise ApiError(409, "photos_missing", f"还要买家发 {error.needed} 张照片才能开") from None
    except RefundChanged:
        raise ApiError(409, "refund_changed", "可退的金额刚变了，看过新的再办") from None
    except WrongMoment as error:
        raise ApiError(409, "wrong_moment", _REFUSALS.get(error.status, "现在办不了")) from None
    await kept(request, deed.agent, Deed.OPEN_RETURN, about=f"{order.number} {case.case_id}")
    where = f"，请寄到：{case.send_to}" if case.send_to else ""
    told = _remedy_text(case.remedy, case.refund_fen)
    await tell(request, deed, f"给您登记好了，售后单 {case.case_id}，{told}{where}")
    return web.json_response(case_beside(case))


async def settle(request: web.Request) -> web.Response:
    """POST {id, status, refund_fen}: goods_received, refunded, exchanged or declined."""
    deed = await doing(request)
    status = _settled(deed.body)
    limit = limit_of(request, deed.agent).refund_fen
    try:
        case = await office(request).settle_case(
            request.match_info["case_id"],
            status,
            buyer_id=deed.buyer_id,
            seen_refund_fen=fen_field(deed.body, "refund_fen"),
            most_refund_fen=limit,
            request_id=deed.request_id,
        )
    except UnknownCase:
        raise ApiError(404, "unknown_case", "这位买家没有这张售后单") from None
    except RefundChanged:
        raise ApiError(409, "refund_changed", "可退的金额刚变了，看过新的再办") from None
    except BeyondLimit as error:
        raise _beyond(error.most_fen) from None
    except WrongMoment:
        raise ApiError(409, "wrong_moment", "这张售后单已经办过了，刷新看看") from None
    about = f"{case.case_id} {CASE_TEXTS[status]}"
    await kept(request, deed.agent, Deed.SETTLE_RETURN, about=about)
    await tell(request, deed, f"售后单 {case.case_id}：{_SETTLED[status]}")
    return web.json_response(case_beside(case))


async def give_coupon(request: web.Request) -> web.Response:
    """POST {id, code}: within the role's limit; the buyer gets its card."""
    deed = await doing(request)
    limit = limit_of(request, deed.agent).coupon_fen
    try:
        coupon = await office(request).give_coupon(
            deed.buyer_id,
            text_field(deed.body, "code"),
            most_fen=limit,
            request_id=deed.request_id,
        )
    except UnknownCoupon:
        raise ApiError(404, "unknown_coupon", "没有这张券，或者过期了") from None
    except BeyondLimit as error:
        most = price_text(error.most_fen)
        raise ApiError(403, "beyond_limit", f"您最多送 {most} 的券，再大请主管或店主来送") from None
    except WrongMoment:
        raise ApiError(409, "had_already", "这张券买家已经有了") from None
    await kept(request, deed.agent, Deed.COUPON, about=coupon.title)
    await tell(request, deed, "送您一张券，下单自动抵扣", card=coupon_card(coupon))
    return web.json_response({"title": coupon.title})


async def _terms(request: web.Request, deed: Doing, order: Order) -> ReturnTerms:
    line_id = text_field(deed.body, "line_id")
    line_of(order, line_id)
    return await request.app[SHOP].return_terms(
        order.number, deed.access, line_id, reason=_reason(deed.body)
    )


async def _photos(request: web.Request, deed: Doing) -> list[str]:
    """Ids of the pictures that the buyer sent in this talk, oldest first."""
    lines = await request.app[CONVERSATIONS].history(
        deed.conversation.conversation_id, limit=_READ_FOR_PHOTOS
    )
    since = deed.conversation.session_seq
    found = [
        str(one.picture["picture_id"])
        for one in lines
        if one.author is Author.BUYER and one.picture is not None and one.seq >= since
    ]
    return found[-_MOST_PHOTOS:]


def _terms_shown(found: ReturnTerms) -> dict[str, Any]:
    return {
        "allowed": found.allowed,
        "refusal": _REFUSALS.get(found.refusal, found.refusal),
        "needs_photos": found.needs_photos,
        "remedies": [
            {
                "remedy": one.value,
                "text": _remedy_text(one, found.refund_fen(one)),
                "refund_fen": found.refund_fen(one) or 0,
            }
            for one in found.remedies
        ],
    }


def _remedy_text(remedy: Remedy, refund_fen: int | None) -> str:
    """退货退款 299元"""
    return REMEDY_TEXTS[remedy] + (f" {price_text(refund_fen)}" if refund_fen else "")


def _demand_within(most_fen: int | None, refund_fen: int) -> None:
    if most_fen is not None and refund_fen > most_fen:
        raise _beyond(most_fen)


def _beyond(most_fen: int) -> ApiError:
    return ApiError(
        403, "beyond_limit", f"您最多同意退 {price_text(most_fen)}，再多请主管或店主来办"
    )


def _reason(body: dict[str, Any]) -> Reason:
    try:
        return Reason(body.get("reason"))
    except ValueError:
        raise ApiError(422, "bad_field", "reason 要是一种退换原因") from None


def _remedy(body: dict[str, Any]) -> Remedy:
    try:
        return Remedy(body.get("remedy"))
    except ValueError:
        raise ApiError(422, "bad_field", "remedy 要是一种处理办法") from None


def _settled(body: dict[str, Any]) -> ReturnStatus:
    for status in _SETTLED:
        if status.value == body.get("status"):
            return status
    raise ApiError(422, "bad_field", "status 要是 goods_received、refunded、exchanged 或 declined")
