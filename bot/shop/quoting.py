"""The one place where a sum is made: quotes, orders and their corrections all come here.

Prices go by product, so a quote needs neither colour nor size; what is shown, told, placed and
paid is the same reckoning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.shop import offers, postage, pricing
from bot.shop.dealing import Offer, WantedLine
from bot.shop.errors import UnknownSku
from bot.shop.goods import PostageQuote, Product
from bot.shop.quotes import Quote, QuoteLine
from bot.shop.till import Till
from bot.shop.visitors import MOST_PIECES


def promises(till: Till, products: Iterable[Product], buyer_id: str) -> dict[str, Offer]:
    """By product id: what this buyer was promised and may still claim."""
    return offers.standing_offers(
        till.connection, products, buyer_id, now=till.now, day=till.catalogue.day
    )


def quote(till: Till, wanted: Sequence[WantedLine], *, buyer_id: str, region: str) -> Quote:
    """Colour and size may be unknown, stock is not looked at. Raises UnknownSku."""
    return price(till, _known(till, wanted), buyer_id=buyer_id, region=region)


def price(
    till: Till,
    chosen: Sequence[tuple[WantedLine, Product]],
    *,
    buyer_id: str,
    region: str,
) -> Quote:
    """Promises, campaigns, coupons and postage for this buyer; `region` as in `Shop.quote`."""
    products = {product.product_id: product for _, product in chosen}
    promised = promises(till, products.values(), buyer_id)
    items = [
        pricing.Item(
            product_id=product.product_id,
            quantity=line.quantity,
            price_fen=product.price_fen,
            offer=promised.get(product.product_id),
        )
        for line, product in chosen
    ]
    codes = [offer.coupon_code for offer in promised.values() if offer.coupon_code]
    day = till.catalogue.day
    totals = pricing.total(
        items,
        pricing.read_campaigns(till.connection, day),
        pricing.read_coupons(till.connection, day, buyer_id, codes),
    )
    sent = postage.quote(
        postage.read_zones(till.connection),
        region,
        weight_g=sum(product.weight_g * line.quantity for line, product in chosen),
        paid_fen=totals.paid_fen,
        is_promised_free=totals.is_postage_promised,
    )
    return Quote(
        lines=tuple(
            QuoteLine(
                product_id=product.product_id,
                name=product.name,
                colour=line.colour,
                size=line.size,
                quantity=line.quantity,
                price_fen=product.price_fen,
                unit_price_fen=unit,
                off_fen=off,
            )
            for (line, product), unit, off in zip(
                chosen, totals.unit_prices, totals.offs, strict=True
            )
        ),
        full_fen=sum(item.price_fen * item.quantity for item in items),
        savings=totals.savings,
        goods_fen=totals.goods_fen,
        off_fen=totals.off_fen,
        gifts=totals.gifts,
        postage=sent,
        total_fen=totals.paid_fen + sent.fee_fen,
        free_postage_missing_fen=_missing(sent, totals) if chosen else None,
        next_step=totals.next_step,
    )


def _missing(sent: PostageQuote, totals: pricing.Totals) -> int | None:
    """What the goods must cost more so that postage is free; None where that is of no use."""
    if sent.is_free or totals.is_postage_promised or sent.free_from_fen is None:
        return None
    missing = sent.free_from_fen - totals.paid_fen
    return missing if missing > 0 else None


def coupon_of(quoted: Quote) -> str:
    """The code of the coupon that counts; "" for none."""
    return next((saving.code for saving in quoted.savings if saving.code), "")


def _known(till: Till, wanted: Sequence[WantedLine]) -> list[tuple[WantedLine, Product]]:
    """Each colour and size of a product once."""
    merged: dict[tuple[str, str, str], WantedLine] = {}
    for line in wanted:
        if line.product_id not in till.catalogue.products:
            raise UnknownSku(line.product_id)
        if not 1 <= line.quantity <= MOST_PIECES:
            raise ValueError(f"quantity must be 1 to {MOST_PIECES}")
        key = (line.product_id, line.colour, line.size)
        before = merged[key].quantity if key in merged else 0
        merged[key] = replace(line, quantity=line.quantity + before)
    return [(line, till.catalogue.products[line.product_id]) for line in merged.values()]


def quote_postage(
    till: Till, region: str, wanted: Sequence[WantedLine], buyer_id: str | None
) -> PostageQuote:
    """As in the quote of these goods. Raises UnknownSku."""
    return quote(till, wanted, buyer_id=buyer_id or "", region=region).postage
