"""那款黑的, 那个贵的, 薄的那件: which of the goods that were shown a description means."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.for_whom import gender_meant, those_for
from actions.hearing.goods_facts import pointed_by, the_one_that_is
from bot.dialogue.reading import meaning_length
from bot.shop.rules.sort_names import is_of_kind
from bot.shop.words.goods import Product

_BY_PRICE = ("cheaper_one", "dearer_one")
_NAMING_GOODS = ("kind", "category", "product", "goods")
_SEVERAL = 2
_BARE = 1  # characters beside the description: 呢


def own_colour(product: Product | None, word: str) -> str:
    """The product's own name for a colour: 黑 and 黑色的 mean its 曜石黑."""
    if product is None or not word or word in product.colours:
        return word
    core = word.removesuffix("的").removesuffix("色")
    fitting = [colour for colour in product.colours if core and core in colour]
    if not fitting:
        fitting = [colour for colour in product.colours if colour.removesuffix("色") in word]
    return fitting[0] if fitting else word


async def described(chat: Chat) -> Product | None:
    """便宜的那个 by today's prices, 薄的那件 by what the goods' own data say: of those seen last, and
    of these the ones for whom it shall be. None where nothing is so described, or it may be several."""
    trait = next((one for one in pointed_by() if hears(chat.turn, one)), None)
    if trait is None and not hears(chat.turn, *_BY_PRICE):
        return None
    seen = those_for(await _seen(chat), gender_meant(chat))
    if not seen or (trait is None and len(seen) == 1):
        return next(iter(seen), None)
    if trait is not None:
        return the_one_that_is(trait, seen)
    by_price = sorted(seen, key=lambda one: one.price_fen)
    return by_price[0 if hears(chat.turn, "cheaper_one") else -1]


def only_describes(turn: Turn) -> bool:
    """薄的那件呢 says which one and asks nothing of it; 薄的那件防水吗 does."""
    names = (*pointed_by(), *_BY_PRICE)
    spans = [
        (int(one["start"]), int(one["end"]))
        for one in turn.entities
        if one.get("value") in names and "end" in one
    ]
    if not spans:
        return False
    start, end = max(spans, key=lambda span: span[1] - span[0])
    return meaning_length(turn.text[:start] + turn.text[end:]) <= _BARE


async def _seen(chat: Chat) -> Sequence[Product]:
    """What was shown last; where that is one, what was shown side by side before it was picked."""
    shown: list[str] = chat.slot("product_shown") or []
    row: list[str] = chat.slot("product_row") or []
    ids = row if len(shown) == 1 and shown[0] in row else shown
    found = [await chat.shop.product(one) for one in ids]
    return [one for one in found if one is not None]


async def pointed_at(chat: Chat, shown: Sequence[str], in_talk: str | None) -> str | None:
    """那款黑的 / 那双鞋: the one of several shown goods that the description fits; of several that it
    fits, the one for whom it shall be."""
    turn = chat.turn
    if len(shown) < _SEVERAL or not (hears(turn, "that") or in_talk not in shown):
        return None
    if not turn.has("colour", "kind", "gender", "category"):
        return None
    products = [await chat.shop.product(one) for one in shown]
    fitting = [one for one in products if one is not None and _fits(turn, one)]
    if len(fitting) > 1:
        fitting = those_for(fitting, gender_meant(chat))
    return fitting[0].product_id if len(fitting) == 1 else None


def _fits(turn: Turn, product: Product) -> bool:
    kind, category = turn.value("kind"), turn.value("category")
    gender, colour = turn.value("gender"), turn.value("colour")
    if (kind and not is_of_kind(product, str(kind))) or (category and product.category != category):
        return False
    if gender and product.gender != gender:
        return False
    return not colour or own_colour(product, str(colour)) in product.colours


async def is_one_of_shown(chat: Chat) -> bool:
    """Whether the description fits exactly one of the goods that were shown."""
    return await pointed_at(chat, chat.slot("product_shown") or [], None) is not None


def points_at_it(turn: Turn) -> bool:
    """这件 and no name of goods behind it: 这件拿几码, and not 这双鞋."""
    named = {one.get("start") for one in turn.entities if one.get("entity") in _NAMING_GOODS}
    pointing = [one for one in turn.entities if one.get("value") == "pointing"]
    return any(one.get("end") not in named for one in pointing)
