"""What a product's own data say to a figure asked for, and to which of two is better on a point.

Pure over the shop's data: no word of a trade stands here. Units and directions are data
(data/patterns/units.yml, aspects.yml)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.amounts import AT_MOST, WITHIN, Amount, Kind, amounts, bodies, denials, kinds
from bot.read_once import read_once
from bot.shop.rules.speaking import clauses_of
from bot.shop.words.goods import Product

ASPECTS_FILE = Path(__file__).resolve().parents[2] / "data" / "patterns" / "aspects.yml"
PRICE, WEIGHT = "price", "weight"
_BY_FIGURE = 2  # how sure a mark is
_CLEARLY = 1.1  # so many times as heavy as the other parcel
_DURATION, _VOLUME = "duration", "volume"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Whether goods suit a figure: `fact` is the shop's clause that tells, `off_by` what lacks."""

    fits: bool
    fact: str
    off_by: float = 0.0  # in the basic unit; 0 where it fits, or where the sheet only denies


@dataclass(frozen=True, kw_only=True)
class Better:
    """Which of two goods is better on a point, with what both sheets say."""

    winner: Product
    says: str  # 更轻
    fact: str
    other_fact: str  # "" where the other's sheet is silent


def judge(product: Product, asked: Amount, *, about: Sequence[str] = ()) -> Judged | None:
    """By the first clause of its data that tells; None where none does.

    `about`: only clauses with one of these words count.
    """
    kind = kinds()[asked.of]
    for topic, clause in _clauses(product):
        if topic in kind.not_in or (about and not any(word in clause for word in about)):
            continue
        told = [one for one in amounts(clause) if one.of == asked.of]
        if told and (judged := _judged(kind, asked, told, clause)) is not None:
            return judged
    return None


def judge_height(product: Product, height_cm: float) -> Judged | None:
    """Whether goods without a chart suit somebody so tall: 身高一米五五到一米八五都背得合适."""
    asked = Amount(of="length", low=height_cm, high=height_cm, start=0, end=0)
    return judge(product, asked, about=bodies())


def says(product: Product, words: Sequence[str]) -> str:
    """The first clause of its data that holds one of these words; "" where none does."""
    found = (clause for _, clause in _clauses(product))
    return next((clause for clause in found if any(word in clause for word in words)), "")


def line_with(product: Product, words: str, asked: Amount) -> str:
    """The line that speaks of the very figure: 走一天脚还是干的 of 一天, by its words or, beside its
    own size, by the figure; drawbacks first, "" without one. A bare name or column is no line."""
    lines = (*product.drawbacks, *product.selling_points)
    if asked.of == _DURATION and words:
        return next((line for line in lines if words in line), "")
    same = (asked.of, asked.low)
    own = [(one.of, one.low) for one in amounts(product.name)]
    if asked.of != _VOLUME or same not in own:
        return ""  # 双人 of a tent is judged: it says for how many
    return next((line for line in lines if same in [(a.of, a.low) for a in amounts(line)]), "")


def _judged(kind: Kind, asked: Amount, told: list[Amount], clause: str) -> Judged | None:
    low, high = min(one.low for one in told), max(one.high for one in told)
    if any(word in clause for word in denials()):
        if asked.high < low:
            return None  # of less than what is too much the clause says nothing
        return Judged(fits=False, fact=clause)
    if kind.fits == AT_MOST:
        return Judged(fits=asked.high <= high, fact=clause, off_by=max(0.0, asked.high - high))
    if kind.fits != WITHIN:
        return None
    if any(word in clause for word in kind.alone):
        return Judged(fits=asked.low >= low, fact=clause, off_by=max(0.0, low - asked.low))
    if low == high or len(told) > 1:
        return None
    off_by = max(0.0, low - asked.low, asked.high - high)
    return Judged(fits=not off_by, fact=clause, off_by=round(off_by, 3))


def _clauses(product: Product) -> Iterator[tuple[str, str]]:
    """(topic, clause): what a drawback denies comes first, its other figures do not count."""
    for clause in (clause for drawback in product.drawbacks for clause in clauses_of(drawback)):
        if any(word in clause for word in denials()):
            yield "", clause
    for topic, fact in product.sheet:
        yield from ((topic, clause) for clause in clauses_of(fact))
    for point in product.selling_points:
        yield from (("", clause) for clause in clauses_of(point))
    yield "", product.name


def better_on(topic: str, first: Product, second: Product) -> Better | None:
    """Which of two is better on a topic of the sheet, or on the price; None where nothing tells."""
    if topic == PRICE:
        return _cheaper(first, second)
    aspect = _aspects().get(topic)
    facts = (first.fact(topic), second.fact(topic))
    if topic == WEIGHT and not _are_of_one_measure(facts):
        return _lighter(first, second, facts)
    if aspect is None or not any(facts):
        return None
    marks = [
        _mark(aspect, fact and f"{fact}，{product.name}")
        for fact, product in zip(facts, (first, second), strict=True)
    ]
    if marks[0] == marks[1] or None in marks:
        return None
    if aspect.get("silent") == "unknown" and (0, 0.0) in marks:
        return None  # who writes no figure may still be the better one
    at = 0 if marks[0] > marks[1] else 1  # type: ignore[operator]  # None was left out
    return Better(
        winner=(first, second)[at],
        says=aspect["says"],
        fact=facts[at] or "",
        other_fact=facts[1 - at] or "",
    )


def best_on(topic: str, products: Sequence[Product]) -> list[Product] | None:
    """The best on a topic's figures, or the cheapest; None where no figure decides."""
    if topic == PRICE:
        lowest = min(one.price_fen for one in products)
        return [one for one in products if one.price_fen == lowest]
    aspect = _aspects().get(topic)
    if aspect is None:
        return None
    marks = {one.product_id: _mark(aspect, one.fact(topic)) for one in products}
    known = [mark for mark in marks.values() if mark is not None and mark[0] == _BY_FIGURE]
    if not known:
        return None
    return [one for one in products if marks[one.product_id] == max(known)]


def cheaper_by_measure(product: Product) -> str:
    """The size that costs least for the same amount (300g of 100g and 300g); "" where they are no
    measures of one kind, or all cost alike."""
    costs: dict[str, float] = {}
    kinds_told = set()
    for sku in product.skus:
        told = amounts(sku.size)
        if len(told) != 1 or told[0].low <= 0:
            return ""
        kinds_told.add(told[0].of)
        costs[sku.size] = product.price_of(sku) / told[0].low
    if len(costs) < 2 or len(kinds_told) != 1 or len(set(costs.values())) < 2:
        return ""
    return min(costs, key=lambda size: costs[size])


def pointed_by() -> tuple[str, ...]:
    """Cues that point at goods by what they are like: 薄的那件, 那个轻的."""
    return tuple(_raw()["pointed"])


def wanted_by() -> tuple[str, ...]:
    """Cues that ask for other goods that are more so: 有没有再大一点的."""
    return tuple(_raw()["wanted"])


def wanted_says(cue: str) -> str:
    return str(_raw()["wanted"][cue]["says"])


def those_more_so(cue: str, product: Product, others: Sequence[Product]) -> list[Product]:
    """The ones of `others` that are more so than `product` by figures or words of both sheets."""
    told = _raw()["wanted"][cue]
    found = []
    for other in others:
        better = [better_on(topic, product, other) for topic in told["by"]]
        known = next((one for one in better if one is not None), None)
        if known is not None and (known.winner is other) == (told["is"] == "better"):
            found.append(other)
    return found


def the_one_that_is(cue: str, products: Sequence[Product]) -> Product | None:
    """The one of several that is so: by a word of its names, else by what the sheets measure; None
    where it may be more than one."""
    told = _raw()["pointed"][cue]
    named = [one for one in products if any(word in _names(one) for word in told["named"])]
    if len(named) == 1:
        return named[0]
    for topic in told["by"]:
        marks = {one.product_id: _mark(_aspects()[topic], one.fact(topic)) for one in products}
        known = [mark for mark in marks.values() if mark is not None]
        if len(known) < len(products) or len({by for by, _ in known}) != 1:
            continue  # what one tells in figures and the other in words is not to be compared
        wanted = max(known) if told["is"] == "better" else min(known)
        found = [one for one in products if marks[one.product_id] == wanted]
        if len(found) == 1:
            return found[0]
    return None


def _names(product: Product) -> str:
    return " ".join((product.name, product.kind, *product.nicknames))


def _are_of_one_measure(facts: Sequence[str | None]) -> bool:
    """Whether both sheets weigh, and the same: a single shoe is not to be weighed against a pair."""
    of_one = _aspects()[WEIGHT].get("one_of", ())
    return all(facts) and len({any(word in (fact or "") for word in of_one) for fact in facts}) == 1


def _lighter(first: Product, second: Product, facts: Sequence[str | None]) -> Better | None:
    """By what the parcels weigh, where the sheets do not tell, and that differs clearly."""
    weights = (first.weight_g, second.weight_g)
    if min(weights) <= 0 or max(weights) < min(weights) * _CLEARLY:
        return None
    at = 0 if weights[0] < weights[1] else 1
    return Better(
        winner=(first, second)[at],
        says=_aspects()[WEIGHT]["says"],
        fact=facts[at] or f"连包装约{weights[at]}克，另一款约{weights[1 - at]}克",
        other_fact=facts[1 - at] or "",
    )


def _cheaper(first: Product, second: Product) -> Better | None:
    if first.price_fen == second.price_fen:
        return None
    winner = first if first.price_fen < second.price_fen else second
    return Better(winner=winner, says="更实惠", fact="", other_fact="")


def _mark(aspect: dict[str, Any], fact: str | None) -> tuple[int, float] | None:
    """(what it was told by, how good): a figure of the kind beats a word, a word beats silence."""
    if fact is None:
        return (0, 0.0)
    told = [one for one in amounts(fact) if one.of == aspect["of"]]
    if told and aspect["better"] == "less":
        return (_BY_FIGURE, -min(one.low for one in told))
    if told:
        return (_BY_FIGURE, max(one.high for one in told))
    steps = [place for place, word in enumerate(aspect.get("ladder", ())) if word in fact]
    return (1, float(min(steps))) if steps else None


@read_once
def _raw() -> dict[str, dict[str, Any]]:
    raw: dict[str, dict[str, Any]] = yaml.safe_load(ASPECTS_FILE.read_text(encoding="utf-8"))
    return raw


@read_once
def _aspects() -> dict[str, dict[str, Any]]:
    aspects: dict[str, dict[str, Any]] = _raw()["aspects"]
    for topic, told in aspects.items():
        if told.get("of") not in kinds() or told.get("better") not in ("less", "more"):
            raise ValueError(
                f"{ASPECTS_FILE}: {topic} 要写 of(units.yml 里的一种量)和 better: less 或 more"
            )
    return aspects


WORD_LISTS = (_raw, _aspects)
