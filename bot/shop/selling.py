"""From wishes to an order: finds the SKUs, prices them for this buyer, stores and corrects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from sqlalchemy.engine import Connection

from bot.shop import buyers, offers, orders, postage, pricing, visitors
from bot.shop.catalogue import Catalogue, colour_words, live_stock
from bot.shop.coupons import use_coupon
from bot.shop.dealing import Offer, Order, OrderLine, OrderStatus, Receiver, WantedLine
from bot.shop.goods import PostageQuote, Product, Sku
from bot.shop.house import House
from bot.shop.port import (
    CannotDeliver,
    OutOfStock,
    PriceChanged,
    ReceiverIncomplete,
    UnknownSku,
)
from bot.shop.sizing import ONE_SIZE, same_size
from bot.shop.visitors import MOST_PIECES


@dataclass(frozen=True, kw_only=True)
class Till:
    """What every sale needs to know of shop and moment."""

    connection: Connection
    catalogue: Catalogue
    house: House
    now: datetime
    zone: tzinfo


def promises(till: Till, products: Iterable[Product], buyer_id: str) -> dict[str, Offer]:
    """By product id: what this buyer was promised and may still claim."""
    return offers.standing_offers(
        till.connection, products, buyer_id, now=till.now, day=till.catalogue.day
    )


@dataclass(frozen=True, kw_only=True)
class Draft:
    order: Order
    coupon_code: str


def find_sku(product: Product, wanted: WantedLine) -> Sku:
    """An empty colour or size is right where the product has but one. Raises UnknownSku."""
    for sku in product.skus:
        colour_fits = wanted.colour in colour_words(sku.colour) or (
            not wanted.colour and len(product.colours) <= 1
        )
        size_fits = same_size(wanted.size, sku.size) or (
            wanted.size in ONE_SIZE
            and set(product.sizes) <= {*ONE_SIZE, sku.size}
            and len(product.sizes) <= 1
        )
        if colour_fits and size_fits:
            return sku
    raise UnknownSku(f"{wanted.product_id} {wanted.colour} {wanted.size}")


def draft(
    till: Till,
    wanted: Sequence[WantedLine],
    *,
    buyer_id: str,
    receiver: Receiver,
) -> Draft:
    """Lines, promises, campaigns, postage, total; nothing is stored.

    Raises OutOfStock and UnknownSku.
    """
    chosen = choose(till, wanted)
    products = {product.product_id: product for _, product, _ in chosen}
    promised = promises(till, products.values(), buyer_id)
    totals = _totals(till, chosen, promised, buyer_id)
    quote = postage.quote(
        postage.read_zones(till.connection),
        receiver.address,
        weight_g=sum(product.weight_g * line.quantity for line, product, _ in chosen),
        paid_fen=totals.paid_fen,
        is_promised_free=totals.is_postage_promised,
    )
    if not quote.can_deliver:
        raise CannotDeliver(quote.region)
    order_lines = tuple(
        OrderLine(
            line_id=str(place),
            product_id=product.product_id,
            sku_id=sku.sku_id,
            name=product.name,
            colour=sku.colour,
            size=sku.size,
            quantity=line.quantity,
            unit_price_fen=unit,
            picture=product.picture,
        )
        for place, ((line, product, sku), unit) in enumerate(
            zip(chosen, totals.unit_prices, strict=True), 1
        )
    )
    order = Order(
        number="",
        buyer_id=buyer_id,
        status=OrderStatus.DRAFT,
        lines=order_lines,
        goods_fen=totals.goods_fen,
        postage_fen=quote.fee_fen,
        off_fen=totals.off_fen,
        total_fen=totals.paid_fen + quote.fee_fen,
        gift=totals.gift,
        note="",
        receiver=receiver,
        created_at=till.now,
    )
    return Draft(order=order, coupon_code=totals.coupon_code)


def choose(till: Till, wanted: Sequence[WantedLine]) -> list[tuple[WantedLine, Product, Sku]]:
    """Each SKU once, with enough pieces left."""
    if not wanted:
        raise UnknownSku("nothing wanted")
    ids = [line.product_id for line in wanted]
    known = [
        till.catalogue.products[one] for one in dict.fromkeys(ids) if one in till.catalogue.products
    ]
    products = {product.product_id: product for product in live_stock(till.connection, known)}
    chosen: dict[str, tuple[WantedLine, Product, Sku]] = {}
    for line in wanted:
        if line.product_id not in products:
            raise UnknownSku(line.product_id)
        if not 1 <= line.quantity <= MOST_PIECES:
            raise ValueError(f"quantity must be 1 to {MOST_PIECES}")
        product = products[line.product_id]
        sku = find_sku(product, line)
        before = chosen[sku.sku_id][0].quantity if sku.sku_id in chosen else 0
        line = replace(line, colour=sku.colour, size=sku.size, quantity=line.quantity + before)
        if line.quantity > sku.stock:
            raise OutOfStock(line, sku.stock)
        chosen[sku.sku_id] = (line, product, sku)
    return list(chosen.values())


def _totals(
    till: Till,
    chosen: Sequence[tuple[WantedLine, Product, Sku]],
    promised: dict[str, Offer],
    buyer_id: str,
) -> pricing.Totals:
    items = [
        pricing.Item(
            product_id=product.product_id,
            quantity=line.quantity,
            price_fen=product.price_fen,
            offer=promised.get(product.product_id),
        )
        for line, product, _ in chosen
    ]
    codes = [offer.coupon_code for offer in promised.values() if offer.coupon_code]
    day = till.catalogue.day
    return pricing.total(
        items,
        pricing.read_campaigns(till.connection, day),
        pricing.read_coupons(till.connection, day, buyer_id, codes),
    )


def quote_postage(
    till: Till, region: str, wanted: Sequence[WantedLine], buyer_id: str | None
) -> PostageQuote:
    """Colour and size do not count here and may be unknown. Raises UnknownSku."""
    missing = [line for line in wanted if line.product_id not in till.catalogue.products]
    if missing:
        raise UnknownSku(missing[0].product_id)
    products = [till.catalogue.products[line.product_id] for line in wanted]
    promised = promises(till, products, buyer_id) if buyer_id and wanted else {}
    items = [
        pricing.Item(
            product_id=line.product_id,
            quantity=line.quantity,
            price_fen=product.price_fen,
            offer=promised.get(line.product_id),
        )
        for line, product in zip(wanted, products, strict=True)
    ]
    totals = pricing.total(items, pricing.read_campaigns(till.connection, till.catalogue.day), ())
    return postage.quote(
        postage.read_zones(till.connection),
        region,
        weight_g=sum(p.weight_g * line.quantity for line, p in zip(wanted, products, strict=True)),
        paid_fen=totals.paid_fen,
        is_promised_free=totals.is_postage_promised,
    )


def place(
    till: Till,
    wanted: Sequence[WantedLine],
    *,
    buyer_id: str,
    receiver: Receiver,
    note: str,
    expected_total_fen: int | None = None,
) -> Order:
    """Stores the order as awaiting payment and reserves its pieces.

    Raises PriceChanged where it is not the sum that was agreed to, dearer and cheaper alike.
    """
    if not receiver.is_complete:
        raise ReceiverIncomplete
    offers.lock_promises(till.connection, buyer_id)  # a coupon is taken off once
    visitors.check_unpaid(
        till.connection, till.house, buyer_id=buyer_id, phone=receiver.phone, now=till.now
    )
    drafted = draft(till, wanted, buyer_id=buyer_id, receiver=receiver)
    visitors.check_pieces(till.house, buyer_id, drafted.order.lines)
    if expected_total_fen not in (None, drafted.order.total_fen):
        raise PriceChanged(drafted.order.total_fen)
    order = replace(
        drafted.order,
        number=orders.new_number(till.connection, till.now, till.zone),
        status=OrderStatus.AWAITING_PAYMENT,
        note=note[:500],
        pays_until=till.now + visitors.pays_within(till.house, buyer_id),
    )
    orders.reserve(till.connection, [(line.sku_id, wish_of(line)) for line in order.lines])
    orders.store(till.connection, order, coupon_code=drafted.coupon_code)
    use_coupon(till.connection, buyer_id, drafted.coupon_code, order.number)
    buyers.keep_receiver(till.connection, buyer_id, receiver)
    return order


def wish_of(line: OrderLine) -> WantedLine:
    return WantedLine(
        product_id=line.product_id, colour=line.colour, size=line.size, quantity=line.quantity
    )
