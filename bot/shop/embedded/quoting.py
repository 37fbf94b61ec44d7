"""The one place where a sum is made: quotes, orders and their corrections all come here.

Price and weight are those of the SKU; a quote of goods whose colour or size is not known yet is of
the cheapest that may be meant. What is shown, told, placed and paid is the same reckoning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.shop.embedded import offers, postage, price_cuts
from bot.shop.embedded.catalogue import colour_words
from bot.shop.embedded.till import Till
from bot.shop.embedded.visitors import MOST_PIECES
from bot.shop.rules import pricing
from bot.shop.rules.sizing import same_size
from bot.shop.words.dealing import Offer, WantedLine
from bot.shop.words.errors import UnknownSku
from bot.shop.words.goods import PostageQuote, Product
from bot.shop.words.quotes import Quote, QuoteLine


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
    prices = [product.prices(*_own(line, product)) for line, product in chosen]
    promised = promises(till, products.values(), buyer_id)
    items = [
        pricing.Item(
            product_id=product.product_id,
            quantity=line.quantity,
            price_fen=price[0],
            offer=promised.get(product.product_id),
            dearer_fen=price[0] - product.price_fen,
        )
        for (line, product), price in zip(chosen, prices, strict=True)
    ]
    codes = [offer.coupon_code for offer in promised.values() if offer.coupon_code]
    day = till.catalogue.day
    totals = pricing.total(
        items,
        price_cuts.read_campaigns(till.connection, day),
        price_cuts.read_coupons(till.connection, day, buyer_id, codes),
    )
    sent = postage.quote(
        postage.read_zones(till.connection),
        region,
        weight_g=sum(
            product.weight_of(*_own(line, product)) * line.quantity for line, product in chosen
        ),
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
                price_fen=price[0],
                unit_price_fen=unit,
                off_fen=off,
                is_lowest=len(price) > 1,
            )
            for (line, product), price, unit, off in zip(
                chosen, prices, totals.unit_prices, totals.offs, strict=True
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


def _own(line: WantedLine, product: Product) -> tuple[str, str]:
    """Colour and size as this product's SKUs have them; "" where it has no such."""
    colour = next((one for one in product.colours if line.colour in colour_words(one)), "")
    size = next((one for one in product.sizes if line.size and same_size(line.size, one)), "")
    return colour if line.colour else "", size


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
