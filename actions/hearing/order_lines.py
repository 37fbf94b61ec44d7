"""What one message says of several goods: 两件黑XL和一件军绿L, 手套L一双 袜子M两双, 38和39各一双."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.references import own_colour
from bot.shop.words.goods import Product, ProductQuery

_FIELDS = {
    "product": "goods",
    "kind": "goods",
    "category": "goods",
    "gender": "gender",
    "colour": "colour",
    "size": "size",
    "quantity": "quantity",
    "person": "person",
    "height_cm": "height_cm",
    "weight_kg": "weight_kg",
    "foot_mm": "foot_mm",
}
_BODY = ("height_cm", "weight_kg", "foot_mm")
_CHOICE = ("goods", "gender", "colour", "size")


@dataclass(frozen=True, kw_only=True)
class SaidLine:
    """What was said of some pieces; None: nothing. `goods` is (entity, value)."""

    goods: tuple[str, str] | None = None
    gender: str | None = None
    colour: str | None = None
    size: str | None = None
    quantity: int | None = None
    person: str | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    foot_mm: float | None = None

    @property
    def has_body(self) -> bool:
        return (self.height_cm, self.weight_kg, self.foot_mm) != (None, None, None)

    @property
    def is_chosen(self) -> bool:
        """More is said than which goods: a colour, a size, a number."""
        return bool(self.colour or self.size or self.quantity)


def said_lines(turn: Turn) -> list[SaidLine]:
    """One for each kind of pieces that the message tells apart, in its order.

    What comes again begins the next line, and so does all that follows a number of pieces which
    did not begin its line: 黑XL两件 红L, 两件黑XL 一件红L, 42的两双加一双袜子.
    """
    parts: list[dict[str, Any]] = [{}]
    for entity in sorted(turn.entities, key=lambda one: one.get("start") or 0):
        field = _FIELDS.get(str(entity.get("entity")))
        if field is None:
            continue
        part = parts[-1]
        if field == "goods" and _points_at_the_same(turn, part, entity):
            continue
        if field in part or ("quantity" in part and next(iter(part)) != "quantity"):
            parts.append(part := {})
        part[field] = _value(field, entity)
    number = len([part for part in parts if "quantity" in part])
    lines = [part for part in parts if any(name in part for name in _CHOICE)]
    return _with_numbers(turn, [SaidLine(**part) for part in lines], number)


def _points_at_the_same(turn: Turn, part: Mapping[str, Any], entity: Mapping[str, Any]) -> bool:
    """林步徒步鞋, 栖云那个鞋子: a sort right behind a name, or behind its 那个, is that of these goods."""
    if list(part) != ["goods"] or part["goods"][0] != "product" or entity["entity"] == "product":
        return False
    named = [one.get("end") for one in turn.entities if one.get("entity") == "product"]
    if entity.get("start") in named:
        return True
    pointing = [one for one in turn.entities if one.get("value") in ("that", "pointing")]
    return any(
        one.get("start") in named
        and int(one.get("end") or 0)
        <= int(entity.get("start") or 0)
        <= int(one.get("end") or 0) + 1
        for one in pointing
    )


def _value(field: str, entity: Mapping[str, Any]) -> Any:
    value = entity.get("value")
    if field == "goods":
        return (str(entity.get("entity")), str(value))
    if field in _BODY:
        return float(value or 0)
    return int(value or 1) if field == "quantity" else str(value)


def _with_numbers(turn: Turn, lines: list[SaidLine], numbers: int) -> list[SaidLine]:
    """各两双 counts for each; 38 43 两双 is the number of them all."""
    told = next((line.quantity for line in reversed(lines) if line.quantity), None)
    if hears(turn, "each"):
        return [replace(line, quantity=told or 1) for line in lines]
    if len(lines) > 1 and numbers == 1 and lines[-1].quantity == len(lines):
        return [replace(line, quantity=1) for line in lines]
    return lines


def is_several(turn: Turn, lines: Sequence[SaidLine]) -> bool:
    """Whether they are wanted side by side, and not one instead of the other."""
    if len(lines) < 2:
        return False
    if len({line.goods for line in lines if line.goods}) > 1:
        return not hears(turn, "change", "compare", "not")
    is_joined = hears(turn, "each", "add_line", "joined")
    is_counted = all(line.quantity for line in lines) or len({line.gender for line in lines}) > 1
    is_choice = turn.questions or hears(turn, "choosing", "which", "change", "instead", "leave_out")
    return (is_joined or is_counted) and not is_choice


# -- whose lines they are


async def product_of(
    chat: Chat, line: SaidLine, known: Sequence[Product], before: Product | None
) -> Product | None:
    """The product meant: by name, by kind among `known` goods or the shop's only one, or `before`."""
    if line.goods is not None:
        entity, value = line.goods
        if entity == "product":
            product = await chat.shop.product(value)
            if product is not None and line.gender and product.gender not in ("", line.gender):
                return await _for_gender(chat, product, line.gender, known) or product
            return product
        fitting = [one for one in known if value in (getattr(one, entity), *_words(one))]
        if len(fitting) == 1:
            return fitting[0]
        if entity == "kind":
            found = await chat.shop.recommend(
                ProductQuery(kind=value, in_stock_only=False, limit=2)
            )
            return found[0].product if len(found) == 1 else None
        return None
    if line.gender and before is not None and before.gender not in ("", line.gender):
        return await _for_gender(chat, before, line.gender, known)
    return before


def _words(product: Product) -> tuple[str, ...]:
    return (product.name, *product.nicknames)


async def _for_gender(
    chat: Chat, product: Product, gender: str, known: Sequence[Product]
) -> Product | None:
    """The one for women beside the one for men."""
    query = ProductQuery(kind=product.kind, gender=gender, in_stock_only=False)
    found = [one.product for one in await chat.shop.recommend(query)]
    fitting = [one for one in (*known, *found) if one.gender == gender and one.kind == product.kind]
    named = [one for one in fitting if _stem(one) == _stem(product)]
    return next(iter(named or fitting), None)


def _stem(product: Product) -> str:
    return product.name.replace(product.gender, "") if product.gender else product.name


async def products_said(
    chat: Chat, lines: Sequence[SaidLine], known: Sequence[Product], before: Product | None
) -> list[Product | None]:
    """The product of each line; one that names none goes on with the line before it.

    `before`: what the talk was about until now.
    """
    found: list[Product | None] = []
    later = [await product_of(chat, line, known, None) for line in lines if line.goods]
    for line in lines:
        at_hand = found[-1] if found else before
        if line.goods is None and at_hand is not None and not _comes_in(at_hand, line):
            at_hand = next((one for one in later if one and _comes_in(one, line)), at_hand)
        found.append(await product_of(chat, line, known, at_hand or next(iter(later), None)))
    return found


def _comes_in(product: Product, line: SaidLine) -> bool:
    colour = own_colour(product, line.colour or "")
    return (not colour or colour in product.colours) and (
        not line.size or line.size in product.sizes
    )


def only_choice(values: Sequence[str]) -> str | None:
    """The one there is, "" where there is none, None where the buyer must choose."""
    return (next(iter(values), "")) if len(values) < 2 else None
