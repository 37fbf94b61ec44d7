"""再加一双: of the goods that are talked of, those that come in such pieces."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from actions.frame.heard import detail
from actions.frame.turn import Turn
from bot.shop.rules.measure_words import counted_by, is_counted_by
from bot.shop.words.goods import Product

_NAMING = ("product", "kind", "category", "ordinal")


def measure_word(turn: Turn) -> str:
    """双 of 再加一双; "" where no pieces are counted, or the goods are named beside them."""
    return "" if turn.has(*_NAMING) else str(detail(turn, "quantity", "unit") or "")


def counted_among(turn: Turn, products: Sequence[Product]) -> list[int]:
    """Places of the goods that the line counts, where its measure word tells them apart; else []."""
    return counted_by(products, measure_word(turn))


async def counted_instead(chat: Chat, product_ids: Sequence[str | None]) -> Product | None:
    """The first of these goods, but for the one at their head, that the measure word means; None
    where it means the one at their head as well, or none of them."""
    word = measure_word(chat.turn)
    ids = list(dict.fromkeys(one for one in product_ids if one))
    if not word or not ids:
        return None
    first = await chat.shop.product(ids[0])
    if first is None or is_counted_by(first, word):
        return None
    found = [await chat.shop.product(one) for one in ids[1:]]
    return next((one for one in found if one is not None and is_counted_by(one, word)), None)
