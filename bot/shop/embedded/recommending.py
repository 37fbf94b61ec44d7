"""Finds one or two fitting products and says why, fast enough for ten thousand of them."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.shop.embedded.catalogue import Catalogue, colour_words
from bot.shop.rules.sizing import plain_size
from bot.shop.rules.sort_names import wider_names
from bot.shop.words.goods import Product, ProductQuery, Recommendation

BATCH = 24  # candidates whose live stock is looked up at once
LEAST_TEXT = 0.6  # share of a query's letter pairs that a product must have


@dataclass(frozen=True, kw_only=True)
class Index:
    """Where each wish finds its products, as places in the shop window."""

    version: str
    day: object
    products: tuple[Product, ...]
    by_word: Mapping[str, frozenset[int]]  # "use:徒步", "kind:冲锋衣", "colour:黑色" …
    by_pair: Mapping[str, frozenset[int]]  # two letters of a name, nickname or kind
    ranked: tuple[int, ...]  # best sellers first


def build_index(catalogue: Catalogue) -> Index:
    words: dict[str, set[int]] = {}
    pairs: dict[str, set[int]] = {}
    products = tuple(catalogue.products.values())
    for place, product in enumerate(products):
        for word in _words(product):
            words.setdefault(word, set()).add(place)
        for text in (product.name, product.kind, *product.nicknames):
            for pair in _pairs(text):
                pairs.setdefault(pair, set()).add(place)
    return Index(
        version=catalogue.version,
        day=catalogue.day,
        products=products,
        by_word={word: frozenset(places) for word, places in words.items()},
        by_pair={pair: frozenset(places) for pair, places in pairs.items()},
        ranked=tuple(sorted(range(len(products)), key=lambda place: -products[place].sold)),
    )


def _words(product: Product) -> Iterable[str]:
    yield f"category:{product.category}"
    yield f"kind:{product.kind}"
    yield from (f"kind:{wide}" for wide in wider_names(product.kind))
    yield from (f"use:{use}" for use in product.uses)
    yield from (f"suits:{suits}" for suits in product.suits)
    for gender in (product.gender,) if product.gender else ("", "男", "女"):
        yield f"gender:{gender}"
    for colour in product.colours:
        yield from (f"colour:{word}" for word in colour_words(colour))
    yield from (f"size:{plain_size(size)}" for size in product.sizes)


def recommend(
    index: Index,
    query: ProductQuery,
    *,
    known: Mapping[str, str],
    live_stock: Callable[[Sequence[Product]], Sequence[Product]],
) -> list[Recommendation]:
    """Best first, at most `query.limit`. `known`: the buyer's saved attributes, wishes unsaid.

    What the buyer said must be met; what the shop merely remembers only moves a product up.
    """
    places = _candidates(index, query)
    if places is not None and not places:
        return []
    for_children = _speaks_of_children(query, known)
    fitting = (
        index.products[place]
        for place in _best_sellers_first(index, places)
        if index.products[place].product_id not in query.without
        and (for_children or index.products[place].gender != "童")
        and (query.budget_fen is None or index.products[place].price_fen <= query.budget_fen)
    )
    shortlist = heapq.nlargest(
        BATCH * 4, _first(fitting, 200), key=lambda product: _score(product, query, known)
    )
    found: list[Product] = []
    for start in range(0, len(shortlist), BATCH):
        for product in live_stock(shortlist[start : start + BATCH]):
            if not query.in_stock_only or _has_stock(product, query):
                found.append(product)
        if len(found) >= query.limit:
            break
    return [
        Recommendation(product=product, reason=_reason(product, query))
        for product in found[: query.limit]
    ]


def _best_sellers_first(index: Index, places: frozenset[int] | None) -> Iterable[int]:
    """Without sorting thousands: a large set is picked out of the ranking as far as needed."""
    if places is None:
        return index.ranked
    if len(places) * 8 > len(index.ranked):
        return (place for place in index.ranked if place in places)
    return sorted(places, key=lambda place: -index.products[place].sold)


def _candidates(index: Index, query: ProductQuery) -> frozenset[int] | None:
    """Places that meet every stated wish; None where nothing narrows."""
    asked = [
        f"{name}:{value}"
        for name, value in (
            ("category", query.category),
            ("kind", query.kind),
            ("use", query.use),
            ("suits", query.suits),
            ("gender", query.gender),
            ("colour", query.colour),
            ("size", plain_size(query.size) if query.size else ""),
        )
        if value
    ]
    sets = [index.by_word.get(word, frozenset()) for word in asked]
    if query.text:
        sets.append(_matching_text(index, query.text))
    if not sets:
        return None
    return frozenset.intersection(*sorted(sets, key=len))


def _matching_text(index: Index, text: str) -> frozenset[int]:
    """Products whose names share enough with the words; a whole kind or category counts too."""
    whole = [
        index.by_word[word]
        for word in (f"kind:{text}", f"category:{text}", f"use:{text}", f"suits:{text}")
        if word in index.by_word
    ]
    if whole:
        return frozenset.union(*whole)
    found = sorted((index.by_pair.get(pair, frozenset()) for pair in _pairs(text)), key=len)
    needed = max(1, math.ceil(LEAST_TEXT * len(found)))
    # Who has as many pairs as needed has one of the rarer ones: 山行 is in every name here.
    rarer = len(found) - needed + 1
    counts = Counter(itertools.chain.from_iterable(found[:rarer]))
    for places in found[rarer:]:
        counts.update(place for place in list(counts) if place in places)
    nearest = max(counts.values(), default=0)
    return frozenset(place for place, n in counts.items() if n >= max(needed, nearest - 1))


def _pairs(text: str) -> set[str]:
    text = text.lower().replace(" ", "")
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def _first(products: Iterable[Product], count: int) -> list[Product]:
    return list(itertools.islice(products, count))


def _score(product: Product, query: ProductQuery, known: Mapping[str, str]) -> tuple[float, int]:
    score = 0.0
    if query.text:
        pairs = _pairs(query.text)
        names = (product.name, product.kind, *product.nicknames)
        score += 2 * max(len(pairs & _pairs(name)) / len(pairs) for name in names)
    if query.use and product.uses and product.uses[0] == query.use:
        score += 1  # made for it, not merely good for it as well
    if query.suits and product.suits and product.suits[0] == query.suits:
        score += 1
    if query.gender and product.gender == query.gender:
        score += 0.5
    if query.budget_fen:
        score += product.price_fen / query.budget_fen / 2  # the better grade within the budget
    score += 0.4 * (known.get("use") in product.uses)
    score += 0.3 * (known.get("colour") in product.colours)
    score += 0.3 * (known.get("style") in product.suits)
    size = known.get("shoe_size" if product.is_for_feet else "clothing_size")
    score += 0.3 * (size is not None and size in product.sizes)
    budget = known.get("budget_fen", "")
    if not query.budget_fen and budget.isdigit() and product.price_fen > int(budget):
        score -= 0.6
    if known.get("price_sensitive") == "yes":
        score += 0.4 * (product.price_fen < product.list_price_fen)
    return score, product.sold


def _speaks_of_children(query: ProductQuery, known: Mapping[str, str]) -> bool:
    said = f"{query.gender}{query.suits}{query.kind}{query.text}"
    return any(word in said for word in "童孩娃") or known.get("buys_for") == "孩子"


def _has_stock(product: Product, query: ProductQuery) -> bool:
    return any(
        sku.stock > 0
        and (not query.colour or query.colour in colour_words(sku.colour))
        and (not query.size or plain_size(sku.size) == plain_size(query.size))
        for sku in product.skus
    )


def _reason(product: Product, query: ProductQuery) -> str:
    """The selling point that speaks to the wish; the shop's own words."""
    wishes = [word for word in (query.use, query.suits, query.colour, query.text) if word]
    points = product.selling_points or (product.kind,)
    spoken = next((point for word in wishes for point in points if word in point), points[0])
    if query.suits and query.suits in product.suits and query.suits not in spoken:
        return f"{_suited(query.suits)}，{spoken}"
    if query.use and query.use in product.uses and query.use not in spoken:
        return f"{query.use}合用，{spoken}"
    return spoken


def _suited(suits: str) -> str:
    return "送礼体面" if suits == "送礼" else f"适合{suits}"
