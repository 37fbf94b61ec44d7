"""The shop's errors as codes on the wire and back: one JSON shape, one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.shop.words.codec import decode, encode
from bot.shop.words.dealing import WantedLine
from bot.shop.words.errors import (
    CannotDeliver,
    OutOfStock,
    PhotosMissing,
    PriceChanged,
    ProofNeeded,
    ReceiverIncomplete,
    RefundChanged,
    ShopError,
    ShopUnavailable,
    TooManyTries,
    UnknownCase,
    UnknownOrder,
    UnknownProduct,
    UnknownSku,
    VisitorLimit,
    WrongMoment,
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    kind: type[ShopError]
    code: str
    status: int
    message: str  # for people, in Chinese
    details: Callable[[Any], dict[str, Any]] = lambda error: {}
    rebuild: Callable[[Any], ShopError] | None = None


FAULTS = (
    Fault(
        kind=ShopUnavailable,
        code="unavailable",
        status=503,
        message="店铺暂时读不到，请稍后再试",
    ),
    Fault(kind=TooManyTries, code="too_many_tries", status=429, message="试得太多了，过一小时再查"),
    Fault(
        kind=ProofNeeded,
        code="proof_needed",
        status=403,
        message="要核对收货人姓名和完整的手机号",
    ),
    Fault(
        kind=OutOfStock,
        code="out_of_stock",
        status=409,
        message="库存不够了",
        details=lambda error: {"wanted": encode(error.wanted), "left": error.left},
        rebuild=lambda told: OutOfStock(decode(WantedLine, told["wanted"]), int(told["left"])),
    ),
    Fault(
        kind=PriceChanged,
        code="price_changed",
        status=409,
        message="价格变了，请买家再确认一次",
        details=lambda error: {"total_fen": error.total_fen},
        rebuild=lambda told: PriceChanged(int(told["total_fen"])),
    ),
    Fault(
        kind=RefundChanged,
        code="refund_changed",
        status=409,
        message="退款金额变了，请买家再确认一次",
        details=lambda error: {"refund_fen": error.refund_fen},
        rebuild=lambda told: RefundChanged(int(told["refund_fen"])),
    ),
    Fault(kind=UnknownProduct, code="unknown_product", status=404, message="没有这款商品"),
    Fault(kind=UnknownSku, code="unknown_sku", status=404, message="这款没有这个规格"),
    Fault(kind=UnknownOrder, code="unknown_order", status=404, message="没有查到这笔订单"),
    Fault(kind=UnknownCase, code="unknown_case", status=404, message="没有查到这笔售后"),
    Fault(
        kind=WrongMoment,
        code="wrong_moment",
        status=409,
        message="现在的状态不能这样操作",
        details=lambda error: {"status": error.status},
        rebuild=lambda told: WrongMoment(str(told["status"])),
    ),
    Fault(
        kind=PhotosMissing,
        code="photos_missing",
        status=409,
        message="照片还不够",
        details=lambda error: {"needed": error.needed},
        rebuild=lambda told: PhotosMissing(int(told["needed"])),
    ),
    Fault(
        kind=ReceiverIncomplete,
        code="receiver_incomplete",
        status=409,
        message="收件人、电话、地址要写全",
    ),
    Fault(
        kind=VisitorLimit,
        code="visitor_limit",
        status=409,
        message="没登录时，没付款的订单和件数有限，请先付款或登录",
        details=lambda error: {"of": error.of, "most": error.most},
        rebuild=lambda told: VisitorLimit(str(told["of"]), int(told["most"])),
    ),
    Fault(
        kind=CannotDeliver,
        code="cannot_deliver",
        status=409,
        message="这个地区暂时送不到",
        details=lambda error: {"region": error.region},
        rebuild=lambda told: CannotDeliver(str(told["region"])),
    ),
    Fault(kind=ShopError, code="refused", status=409, message="店铺没有接受这个请求"),
)


def fault_of(error: ShopError) -> Fault:
    return next(fault for fault in FAULTS if isinstance(error, fault.kind))


def body_of(code: str, message: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message}
    if details:
        error["details"] = details
    return {"error": error}


def error_from(body: Any) -> ShopError:
    """The error that an answer tells of; ShopUnavailable where it makes no sense."""
    told = body.get("error") if isinstance(body, dict) else None
    told = told if isinstance(told, dict) else {}
    for fault in FAULTS:
        if fault.code == told.get("code"):
            try:
                details = told.get("details", {})
                return fault.rebuild(details) if fault.rebuild else fault.kind(fault.message)
            except (KeyError, TypeError, ValueError):
                break
    return ShopUnavailable("the shop's backend answered what nobody can read")
