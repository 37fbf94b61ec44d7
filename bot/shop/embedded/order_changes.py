"""Corrections to an order before it is packed: receiver, colour, size, quantity."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import offers, orders, postage, tables, visitors
from bot.shop.embedded.coupons import release_coupon, use_coupon
from bot.shop.embedded.quoting import promises
from bot.shop.embedded.selling import choose, draft, wish_of
from bot.shop.embedded.till import Till
from bot.shop.words.codec import encode
from bot.shop.words.dealing import Order, OrderLine, OrderStatus, Receiver, Verb, WantedLine
from bot.shop.words.errors import CannotDeliver, PriceChanged, UnknownSku, WrongMoment
from bot.shop.words.quotes import SavedBy


def change_receiver(
    till: Till, number: str, receiver: Receiver, expected_total_fen: int | None = None
) -> None:
    """Empty fields stay. An unpaid order pays the new region's postage.

    A paid one keeps what was paid, unless the new region costs more: then a person must settle
    it, and WrongMoment is raised. Raises CannotDeliver, PriceChanged.
    """
    status = orders.hold(till.connection, number, Verb.CHANGE_RECEIVER, till.now)
    order = orders.read_order(till.connection, number, till.now, till.zone)
    held = order.receiver
    after = Receiver(
        name=receiver.name or held.name,
        phone=receiver.phone or held.phone,
        address=receiver.address or held.address,
    )
    fee = order.postage_fen
    if after.address != held.address:
        fee = _postage_to(till, order, after.address)
        if status is OrderStatus.PAID and fee > order.postage_fen:
            raise WrongMoment("postage_differs")
        fee = order.postage_fen if status is OrderStatus.PAID else fee
    total_fen = order.goods_fen - order.off_fen + fee
    _refuse_other_sum(total_fen, expected_total_fen)
    orders.change(
        till.connection,
        number,
        receiver_name=after.name,
        phone=after.phone,
        address=after.address,
        postage_fen=fee,
        total_fen=total_fen,
    )


def _refuse_other_sum(total_fen: int, expected_fen: int | None) -> None:
    """Nobody pays another sum than was shown. Raises PriceChanged."""
    if expected_fen not in (None, total_fen):
        raise PriceChanged(total_fen)


def _postage_to(till: Till, order: Order, address: str) -> int:
    products = [till.catalogue.products.get(line.product_id) for line in order.lines]
    promised = promises(till, filter(None, products), order.buyer_id)
    quote = postage.quote(
        postage.read_zones(till.connection),
        address,
        weight_g=sum(
            product.weight_of(line.colour, line.size) * line.quantity
            for product, line in zip(products, order.lines, strict=True)
            if product
        ),
        paid_fen=order.goods_fen - order.off_fen,
        is_promised_free=any(offer.free_postage for offer in promised.values()),
    )
    if not quote.can_deliver:
        raise CannotDeliver(quote.region)
    return quote.fee_fen


def change_line(
    till: Till,
    number: str,
    line_id: str,
    wanted: WantedLine,
    expected_total_fen: int | None = None,
) -> Order:
    """Another colour, size or quantity of the same product; "" keeps what is.

    A paid order keeps its quantity and its price apiece: else it would cost other money. Raises
    PriceChanged where the order then costs another sum than was agreed to.
    """
    status = orders.hold(till.connection, number, Verb.CHANGE_LINE, till.now)
    order = orders.read_order(till.connection, number, till.now, till.zone)
    offers.lock_promises(till.connection, order.buyer_id)
    line = next((line for line in order.lines if line.line_id == line_id), None)
    if line is None or wanted.product_id != line.product_id:
        raise UnknownSku(f"{number} {line_id}")
    if wanted.quantity != line.quantity:
        orders.hold(till.connection, number, Verb.CHANGE_QUANTITY, till.now)
    wanted = replace(wanted, colour=wanted.colour or line.colour, size=wanted.size or line.size)
    orders.release(till.connection, order.lines)
    if status is OrderStatus.PAID:
        chosen = choose(till, [wanted])[0]
        if chosen[1].prices(line.colour, line.size) != (chosen[1].price_of(chosen[2]),):
            orders.hold(till.connection, number, Verb.CHANGE_QUANTITY, till.now)
        changed = replace(
            line, sku_id=chosen[2].sku_id, colour=chosen[2].colour, size=chosen[2].size
        )
        after = replace(order, lines=tuple(changed if x is line else x for x in order.lines))
    else:
        after = _reprice(till, order, line, wanted)
    _refuse_other_sum(after.total_fen, expected_total_fen)
    orders.reserve(till.connection, [(x.sku_id, wish_of(x)) for x in after.lines])
    _replace_lines(till.connection, after)
    return after


def _reprice(till: Till, order: Order, line: OrderLine, wanted: WantedLine) -> Order:
    release_coupon(till.connection, order.number)
    wishes = [wanted if one is line else wish_of(one) for one in order.lines]
    drafted = draft(till, wishes, buyer_id=order.buyer_id, receiver=order.receiver)
    visitors.check_pieces(till.house, order.buyer_id, drafted.order.lines)
    use_coupon(till.connection, order.buyer_id, drafted.coupon_code, order.number)
    return replace(
        _with_agents_saving(drafted.order, order),
        number=order.number,
        status=order.status,
        note=order.note,
        created_at=order.created_at,
        pays_until=order.pays_until,
        invoice_title=order.invoice_title,
    )


def _with_agents_saving(after: Order, before: Order) -> Order:
    """What an agent took off stays off, as far as the new sum goes."""
    saved = next((one for one in before.savings if one.by is SavedBy.AGENT), None)
    if saved is None:
        return after
    off_fen = min(saved.off_fen, after.total_fen - 1)
    return replace(
        after,
        off_fen=after.off_fen + off_fen,
        total_fen=after.total_fen - off_fen,
        savings=(*after.savings, replace(saved, off_fen=off_fen)),
    )


def _replace_lines(connection: Connection, order: Order) -> None:
    coupon = connection.execute(
        select(tables.buyer_coupons.c.code).where(
            tables.buyer_coupons.c.order_number == order.number
        )
    ).scalar()
    number = order.number
    connection.execute(
        delete(tables.order_lines).where(tables.order_lines.c.order_number == number)
    )
    fields = ("line_id", "product_id", "sku_id", "name", "colour", "size", "quantity")
    connection.execute(
        insert(tables.order_lines),
        [
            {name: getattr(line, name) for name in (*fields, "unit_price_fen", "picture")}
            | {"order_number": number}
            for line in order.lines
        ],
    )
    orders.change(
        connection,
        number,
        goods_fen=order.goods_fen,
        postage_fen=order.postage_fen,
        off_fen=order.off_fen,
        total_fen=order.total_fen,
        gift=order.gift,
        coupon_code=coupon or "",
        savings=encode(order.savings),
    )
