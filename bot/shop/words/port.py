"""The one door through which everything else speaks to a shop.

Two implementations stand behind it: `embedded.EmbeddedShop` on our own database and
`remote.RemoteShop`, an HTTP client of the JSON API in `docs/shop-api.yaml`. One contract test
runs against both. Money is integer fen, times are aware UTC datetimes, dates are the shop's own.
Calls that change something take a `request_id`: the same id twice changes once and answers alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

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


class Shop(Protocol):
    # -- goods
    async def catalogue_version(self) -> str:
        """Changes whenever a product, name, colour or size changes."""

    async def catalogue_terms(self) -> Sequence[CatalogueTerm]: ...

    async def product(self, product_id: str) -> Product | None: ...

    async def recommend(
        self, query: ProductQuery, buyer_id: str | None = None
    ) -> Sequence[Recommendation]:
        """Best first, at most `query.limit`; empty where nothing suits."""

    async def size_advice(self, product_id: str, measurements: Measurements) -> SizeAdvice: ...

    async def ask_restock_notice(
        self, product_id: str, colour: str, size: str, *, buyer_id: str, request_id: str
    ) -> None: ...

    # -- money
    async def promotions(self, product_id: str | None = None) -> Sequence[Promotion]: ...

    async def coupons(self, buyer_id: str | None = None) -> Sequence[Coupon]: ...

    async def postage(
        self, region: str, wanted: Sequence[WantedLine] = (), *, buyer_id: str | None = None
    ) -> PostageQuote:
        """Region: a province, city or pasted address; "" = the usual regions."""

    async def quote(
        self, wanted: Sequence[WantedLine], *, buyer_id: str, region: str = ""
    ) -> Quote:
        """What these goods cost this buyer together, and what takes off how much.

        Colour and size may be unknown, stock is not looked at; `region` as for `postage`. An order
        of the same goods sent there costs the same. Raises UnknownSku.
        """

    async def bargain(
        self, product_id: str, *, buyer_id: str, quantity: int, ask_fen: int | None, request_id: str
    ) -> Offer:
        """One rung further down the product's ladder for this buyer (`ask_fen`: apiece)."""

    async def standing_offer(self, product_id: str, *, buyer_id: str) -> Offer | None:
        """What this buyer was last promised; None = never bargained."""

    async def shipping_promise(self, paid_on: date | None = None) -> ShippingPromise:
        """When an order leaves that is paid now, or in the morning of the day `paid_on`."""

    # -- buyers
    async def buyer(self, buyer_id: str) -> Buyer | None: ...

    async def remember(self, buyer_id: str, attributes: Mapping[str, str]) -> None:
        """Keep what was learned; names from `dealing.ATTRIBUTES`, "" forgets one."""

    # -- orders
    async def quote_order(
        self, wanted: Sequence[WantedLine], *, buyer_id: str, receiver: Receiver
    ) -> Order:
        """A draft that is not stored: lines, standing offers, postage, total.

        Raises OutOfStock, UnknownSku, CannotDeliver.
        """

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
        """Stores the order as awaiting payment and reserves its stock, for visitors shortly.

        `expected_total_fen` is the sum that the buyer has agreed to; null: whatever it comes to.
        Raises OutOfStock, UnknownSku, CannotDeliver, ReceiverIncomplete, VisitorLimit,
        PriceChanged.
        """

    async def orders_of(self, buyer_id: str, *, limit: int = 5) -> Sequence[Order]:
        """Newest first, drafts left out."""

    async def order(self, number: str, access: Access) -> Order | None:
        """None for an unknown order and for a wrong phone alike; masked where `right` is SEE.

        Raises TooManyTries, and ProofNeeded while the order or the shop is guessed at: then the
        phone's last four digits open nothing. Every verb below that takes an `access` needs
        Right.CHANGE, and raises UnknownOrder or ProofNeeded without it.
        """

    async def pay_order(self, number: str, access: Access, *, request_id: str) -> Order:
        """What the shop's payment page calls; the demo shop has a pay button."""

    async def cancel_order(
        self,
        number: str,
        access: Access,
        *,
        reason: str,
        expected_refund_fen: int | None = None,
        request_id: str,
    ) -> Order:
        """Before shipping only. Raises WrongMoment.

        `expected_refund_fen`: what the buyer was told goes back, 0 where nothing was paid; where
        it is another sum by now RefundChanged is raised. Null: whatever it comes to.
        """

    async def quote_receiver(self, number: str, access: Access, receiver: Receiver) -> Order:
        """The order as `change_receiver` would leave it; nothing is changed. Raises the same."""

    async def change_receiver(
        self,
        number: str,
        access: Access,
        receiver: Receiver,
        *,
        expected_total_fen: int | None = None,
        request_id: str,
    ) -> Order:
        """Before packing only; empty fields stay as they are.

        `expected_total_fen`: the order's sum afterwards, as the buyer has agreed to it; null:
        whatever it comes to. Raises WrongMoment, CannotDeliver, PriceChanged.
        """

    async def quote_line(
        self, number: str, access: Access, line_id: str, wanted: WantedLine
    ) -> Order:
        """The order as `change_line` would leave it; nothing is changed. Raises the same."""

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
        """Another colour, size or quantity of the same product, before packing.

        `expected_total_fen`: as with `change_receiver`. Raises WrongMoment (also for another
        quantity without `Verb.CHANGE_QUANTITY`), OutOfStock, UnknownSku, VisitorLimit,
        PriceChanged.
        """

    async def add_note(
        self, number: str, access: Access, note: str, *, request_id: str
    ) -> Order: ...

    async def make_amends(self, number: str, access: Access, *, request_id: str) -> Coupon:
        """Gives what `Order.amends` says to the buyer of a late parcel who will wait.

        Raises WrongMoment where there is nothing to give, or not any more.
        """

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
        """Registers an invoice, or changes the one that is registered; "" keeps its e-mail.

        Raises WrongMoment where `Order.may` holds neither of the two.
        """

    # -- returns
    async def return_terms(
        self, number: str, access: Access, line_id: str, *, reason: Reason
    ) -> ReturnTerms:
        """What the rules allow for this line now, and why not where they refuse."""

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
        """Raises WrongMoment where `return_terms` would refuse.

        `expected_refund_fen`: what the buyer was told goes back (`ReturnTerms.refunds_fen`), 0
        for an exchange; where it is another sum RefundChanged is raised. Null: whatever it is.

        For a paid order that has not left it cancels the order and answers the case of its refund.
        All refunds of an order together never exceed what was paid for it.
        """

    async def returns_of(self, buyer_id: str) -> Sequence[ReturnCase]: ...

    async def withdraw_return(
        self, case_id: str, *, buyer_id: str, request_id: str
    ) -> ReturnCase: ...

    # -- what happened

    async def happenings(self, after: int, *, limit: int = 100) -> Sequence[Happening]:
        """What happened behind number `after`, oldest first: shipped, signed, back in stock …

        Whoever reads remembers the last number. A shop whose numbers began anew answers nothing
        until they are past `after` again; `newest_happening` tells.
        """

    async def newest_happening(self) -> int:
        """The number of the last one; 0 where nothing has happened."""
