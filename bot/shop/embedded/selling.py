"""From wishes to an order: finds the SKUs, prices them for this buyer, stores and corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.shop.embedded import buyers, offers, orders, visitors
from bot.shop.embedded.catalogue import colour_words, live_stock
from bot.shop.embedded.coupons import use_coupon
from bot.shop.embedded.quoting import coupon_of, price
from bot.shop.embedded.till import Till
from bot.shop.embedded.visitors import MOST_PIECES
from bot.shop.rules.sizing import ONE_SIZE, same_size
from bot.shop.words.dealing import Order, OrderLine, OrderStatus, Receiver, WantedLine
from bot.shop.words.errors import (
    CannotDeliver,
    OutOfStock,
    PriceChanged,
    ReceiverIncomplete,
    UnknownSku,
)
from bot.shop.words.goods import Product, Sku


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
    quoted = price(
        till,
        [(line, product) for line, product, _ in chosen],
        buyer_id=buyer_id,
        region=receiver.address,
    )
    if not quoted.postage.can_deliver:
        raise CannotDeliver(quoted.postage.region)
    order_lines = tuple(
        OrderLine(
            line_id=str(place),
            product_id=product.product_id,
            sku_id=sku.sku_id,
            name=product.name,
            colour=sku.colour,
            size=sku.size,
            quantity=line.quantity,
            unit_price_fen=quoted_line.unit_price_fen,
            picture=product.picture,
        )
        for place, ((line, product, sku), quoted_line) in enumerate(
            zip(chosen, quoted.lines, strict=True), 1
        )
    )
    order = Order(
        number="",
        buyer_id=buyer_id,
        status=OrderStatus.DRAFT,
        lines=order_lines,
        goods_fen=quoted.goods_fen,
        postage_fen=quoted.postage.fee_fen,
        off_fen=quoted.off_fen,
        total_fen=quoted.total_fen,
        gift="、".join(quoted.gifts),
        note="",
        receiver=receiver,
        created_at=till.now,
        savings=quoted.savings,
    )
    return Draft(order=order, coupon_code=coupon_of(quoted))


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
