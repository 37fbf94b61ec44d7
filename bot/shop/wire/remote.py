"""A shop in another house: the port spoken over the JSON API, with time limits."""

# The answers are decoded by the very hints that the methods declare (endpoints.Endpoint.answer).
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Any

from bot.shop.wire.calls import Calls
from bot.shop.words.dealing import (
    Access,
    Buyer,
    Offer,
    Order,
    Reason,
    Receiver,
    Remedy,
    ReturnCase,
    ReturnTerms,
    WantedLine,
)
from bot.shop.words.goods import (
    CatalogueTerm,
    Coupon,
    Measurements,
    PostageQuote,
    Product,
    ProductQuery,
    Promotion,
    Recommendation,
    ShippingPromise,
    SizeAdvice,
)
from bot.shop.words.happening import Happening
from bot.shop.words.quotes import Quote

TIME_LIMIT = 5.0  # seconds for one call, connecting included


class RemoteShop:
    """Implements `bot.shop.words.port.Shop` for any backend that speaks `docs/shop-api.yaml`.

    `base_url` without the API's own path. Use it as an async context, or call `close`.
    """

    def __init__(self, base_url: str, token: str, *, time_limit: float = TIME_LIMIT) -> None:
        self._calls = Calls(base_url, token, time_limit)

    async def __aenter__(self) -> RemoteShop:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._calls.close()

    async def _call(self, verb: str, **values: Any) -> Any:
        return await self._calls.call(verb, values)

    async def catalogue_version(self) -> str:
        return await self._call("catalogue_version")

    async def catalogue_terms(self) -> Sequence[CatalogueTerm]:
        return await self._call("catalogue_terms")

    async def product(self, product_id: str) -> Product | None:
        return await self._call("product", product_id=product_id)

    async def recommend(
        self, query: ProductQuery, buyer_id: str | None = None
    ) -> Sequence[Recommendation]:
        return await self._call("recommend", query=query, buyer_id=buyer_id)

    async def size_advice(self, product_id: str, measurements: Measurements) -> SizeAdvice:
        return await self._call("size_advice", product_id=product_id, measurements=measurements)

    async def ask_restock_notice(
        self, product_id: str, colour: str, size: str, *, buyer_id: str, request_id: str
    ) -> None:
        await self._call(
            "ask_restock_notice",
            product_id=product_id,
            colour=colour,
            size=size,
            buyer_id=buyer_id,
            request_id=request_id,
        )

    async def promotions(self, product_id: str | None = None) -> Sequence[Promotion]:
        return await self._call("promotions", product_id=product_id)

    async def coupons(self, buyer_id: str | None = None) -> Sequence[Coupon]:
        return await self._call("coupons", buyer_id=buyer_id)

    async def postage(
        self, region: str, wanted: Sequence[WantedLine] = (), *, buyer_id: str | None = None
    ) -> PostageQuote:
        return await self._call("postage", region=region, wanted=wanted, buyer_id=buyer_id)

    async def quote(
        self, wanted: Sequence[WantedLine], *, buyer_id: str, region: str = ""
    ) -> Quote:
        return await self._call("quote", wanted=wanted, buyer_id=buyer_id, region=region)

    async def bargain(
        self, product_id: str, *, buyer_id: str, quantity: int, ask_fen: int | None, request_id: str
    ) -> Offer:
        return await self._call(
            "bargain",
            product_id=product_id,
            buyer_id=buyer_id,
            quantity=quantity,
            ask_fen=ask_fen,
            request_id=request_id,
        )

    async def standing_offer(self, product_id: str, *, buyer_id: str) -> Offer | None:
        return await self._call("standing_offer", product_id=product_id, buyer_id=buyer_id)

    async def shipping_promise(self, paid_on: date | None = None) -> ShippingPromise:
        return await self._call("shipping_promise", paid_on=paid_on)

    async def buyer(self, buyer_id: str) -> Buyer | None:
        return await self._call("buyer", buyer_id=buyer_id)

    async def remember(self, buyer_id: str, attributes: Mapping[str, str]) -> None:
        await self._call("remember", buyer_id=buyer_id, attributes=attributes)

    async def quote_order(
        self, wanted: Sequence[WantedLine], *, buyer_id: str, receiver: Receiver
    ) -> Order:
        return await self._call("quote_order", wanted=wanted, buyer_id=buyer_id, receiver=receiver)

    async def place_order(
        self,
        wanted: Sequence[WantedLine],
        *,
        buyer_id: str,
        receiver: Receiver,
        note: str,
        expected_total_fen: int | None = None,
        request_id: str,
    ) -> Order:
        return await self._call(
            "place_order",
            wanted=wanted,
            buyer_id=buyer_id,
            receiver=receiver,
            note=note,
            expected_total_fen=expected_total_fen,
            request_id=request_id,
        )

    async def orders_of(self, buyer_id: str, *, limit: int = 5) -> Sequence[Order]:
        return await self._call("orders_of", buyer_id=buyer_id, limit=limit)

    async def order(self, number: str, access: Access) -> Order | None:
        return await self._call("order", number=number, access=access)

    async def pay_order(self, number: str, access: Access, *, request_id: str) -> Order:
        return await self._call("pay_order", number=number, access=access, request_id=request_id)

    async def cancel_order(
        self,
        number: str,
        access: Access,
        *,
        reason: str,
        expected_refund_fen: int | None = None,
        request_id: str,
    ) -> Order:
        return await self._call(
            "cancel_order",
            number=number,
            access=access,
            reason=reason,
            expected_refund_fen=expected_refund_fen,
            request_id=request_id,
        )

    async def quote_receiver(self, number: str, access: Access, receiver: Receiver) -> Order:
        return await self._call("quote_receiver", number=number, access=access, receiver=receiver)

    async def change_receiver(
        self,
        number: str,
        access: Access,
        receiver: Receiver,
        *,
        expected_total_fen: int | None = None,
        request_id: str,
    ) -> Order:
        return await self._call(
            "change_receiver",
            number=number,
            access=access,
            receiver=receiver,
            expected_total_fen=expected_total_fen,
            request_id=request_id,
        )

    async def quote_line(
        self, number: str, access: Access, line_id: str, wanted: WantedLine
    ) -> Order:
        return await self._call(
            "quote_line", number=number, access=access, line_id=line_id, wanted=wanted
        )

    async def change_line(
        self,
        number: str,
        access: Access,
        line_id: str,
        wanted: WantedLine,
        *,
        expected_total_fen: int | None = None,
        request_id: str,
    ) -> Order:
        return await self._call(
            "change_line",
            number=number,
            access=access,
            line_id=line_id,
            wanted=wanted,
            expected_total_fen=expected_total_fen,
            request_id=request_id,
        )

    async def add_note(self, number: str, access: Access, note: str, *, request_id: str) -> Order:
        return await self._call(
            "add_note", number=number, access=access, note=note, request_id=request_id
        )

    async def make_amends(self, number: str, access: Access, *, request_id: str) -> Coupon:
        return await self._call("make_amends", number=number, access=access, request_id=request_id)

    async def request_invoice(
        self,
        number: str,
        access: Access,
        *,
        title: str,
        tax_number: str,
        email: str,
        request_id: str,
    ) -> Order:
        return await self._call(
            "request_invoice",
            number=number,
            access=access,
            title=title,
            tax_number=tax_number,
            email=email,
            request_id=request_id,
        )

    async def return_terms(
        self, number: str, access: Access, line_id: str, *, reason: Reason
    ) -> ReturnTerms:
        return await self._call(
            "return_terms", number=number, access=access, line_id=line_id, reason=reason
        )

    async def open_return(
        self,
        number: str,
        access: Access,
        line_id: str,
        *,
        reason: Reason,
        remedy: Remedy,
        photos: Sequence[str],
        wanted: str,
        expected_refund_fen: int | None = None,
        request_id: str,
    ) -> ReturnCase:
        return await self._call(
            "open_return",
            number=number,
            access=access,
            line_id=line_id,
            reason=reason,
            remedy=remedy,
            photos=photos,
            wanted=wanted,
            expected_refund_fen=expected_refund_fen,
            request_id=request_id,
        )

    async def returns_of(self, buyer_id: str) -> Sequence[ReturnCase]:
        return await self._call("returns_of", buyer_id=buyer_id)

    async def withdraw_return(self, case_id: str, *, buyer_id: str, request_id: str) -> ReturnCase:
        return await self._call(
            "withdraw_return", case_id=case_id, buyer_id=buyer_id, request_id=request_id
        )

    async def happenings(self, after: int, *, limit: int = 100) -> Sequence[Happening]:
        return await self._call("happenings", after=after, limit=limit)

    async def newest_happening(self) -> int:
        return await self._call("newest_happening")
