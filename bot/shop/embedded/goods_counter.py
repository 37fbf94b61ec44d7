"""The embedded shop's verbs about goods, money and what is known of buyers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from bot.shop.embedded import (
    buyers,
    catalogue,
    house,
    offers,
    price_cuts,
    promise,
    quoting,
    recommending,
    selling,
    tables,
)
from bot.shop.embedded.counter import Counter
from bot.shop.rules import sizing
from bot.shop.words.dealing import Buyer, Offer, WantedLine
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
from bot.shop.words.quotes import Quote


class GoodsCounter(Counter):
    """See `bot.shop.words.port.Shop` for what each verb promises."""

    # -- goods

    async def catalogue_version(self) -> str:
        return await self._read(catalogue.read_version)

    async def catalogue_terms(self) -> Sequence[CatalogueTerm]:
        return (await self._read(self._catalogue)).terms

    async def products(self) -> Sequence[Product]:
        """The whole shop window with live stock (not in the port: for the shop's own pages)."""

        def work(connection: Connection) -> Sequence[Product]:
            held = self._catalogue(connection).products.values()
            return catalogue.live_stock(connection, list(held))

        return await self._read(work)

    async def product(self, product_id: str) -> Product | None:
        def work(connection: Connection) -> Product | None:
            product = self._catalogue(connection).products.get(product_id)
            return catalogue.with_live_stock(connection, product) if product else None

        return await self._read(work)

    async def recommend(
        self, query: ProductQuery, buyer_id: str | None = None
    ) -> Sequence[Recommendation]:
        def work(connection: Connection) -> Sequence[Recommendation]:
            held, index = self._catalogue(connection), self._index
            if index is None or (index.version, index.day) != (held.version, held.day):
                index = self._index = recommending.build_index(held)
            known = buyers.read_attributes(connection, buyer_id) if buyer_id else {}
            return recommending.recommend(
                index,
                query,
                known=known,
                live_stock=lambda products: catalogue.live_stock(connection, products),
            )

        return await self._read(work)

    async def size_advice(self, product_id: str, measurements: Measurements) -> SizeAdvice:
        def work(connection: Connection) -> SizeAdvice:
            product = catalogue.with_live_stock(connection, self._product(connection, product_id))
            return sizing.advise(product, measurements)

        return await self._read(work)

    async def ask_restock_notice(
        self, product_id: str, colour: str, size: str, *, buyer_id: str, request_id: str
    ) -> None:
        def work(connection: Connection) -> None:
            wanted = WantedLine(product_id=product_id, colour=colour, size=size)
            sku = selling.find_sku(self._product(connection, product_id), wanted)
            insert = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
            connection.execute(
                insert(tables.restock_notices)
                .values(buyer_id=buyer_id, sku_id=sku.sku_id, asked_at=self._clock())
                .on_conflict_do_update(
                    index_elements=["buyer_id", "sku_id"],
                    set_={"asked_at": self._clock(), "told_at": None},
                )
            )

        await self._once("ask_restock_notice", buyer_id, request_id, None, work)

    # -- money

    async def promotions(self, product_id: str | None = None) -> Sequence[Promotion]:
        def work(connection: Connection) -> Sequence[Promotion]:
            campaigns = price_cuts.read_campaigns(connection, self._today())
            return tuple(
                campaign.promotion
                for campaign in campaigns
                if product_id is None or campaign.covers(product_id)
            )

        return await self._read(work)

    async def coupons(self, buyer_id: str | None = None) -> Sequence[Coupon]:
        return await self._read(price_cuts.read_coupons, self._today(), buyer_id)

    async def postage(
        self, region: str, wanted: Sequence[WantedLine] = (), *, buyer_id: str | None = None
    ) -> PostageQuote:
        def work(connection: Connection) -> PostageQuote:
            return quoting.quote_postage(self._till(connection), region, wanted, buyer_id)

        return await self._read(work)

    async def quote(
        self, wanted: Sequence[WantedLine], *, buyer_id: str, region: str = ""
    ) -> Quote:
        def work(connection: Connection) -> Quote:
            return quoting.quote(self._till(connection), wanted, buyer_id=buyer_id, region=region)

        return await self._read(work)

    async def bargain(
        self,
        product_id: str,
        *,
        buyer_id: str,
        quantity: int,
        ask_fen: int | None,
        request_id: str,
    ) -> Offer:
        def work(connection: Connection) -> Offer:
            return offers.bargain(
                connection,
                self._product(connection, product_id),
                buyer_id=buyer_id,
                quantity=quantity,
                ask_fen=ask_fen,
                now=self._clock(),
                day=self._today(),
            )

        return await self._once("bargain", f"{buyer_id}/{product_id}", request_id, Offer, work)

    async def standing_offer(self, product_id: str, *, buyer_id: str) -> Offer | None:
        def work(connection: Connection) -> Offer | None:
            product = self._catalogue(connection).products.get(product_id)
            if product is None:
                return None
            found = offers.standing_offers(
                connection, [product], buyer_id, now=self._clock(), day=self._today()
            )
            return found.get(product_id)

        return await self._read(work)

    async def shipping_promise(self, paid_on: date | None = None) -> ShippingPromise:
        def work(connection: Connection) -> ShippingPromise:
            held = house.read_house(connection)
            return promise.shipping_promise(held, self._clock(), self._zone, paid_on)

        return await self._read(work)

    # -- buyers

    async def buyer(self, buyer_id: str) -> Buyer | None:
        return await self._read(buyers.read_buyer, buyer_id, self._zone)

    async def remember(self, buyer_id: str, attributes: Mapping[str, str]) -> None:
        await self._write(buyers.remember, buyer_id, attributes)
