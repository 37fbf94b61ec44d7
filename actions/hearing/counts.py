"""一箱几包, 一盒几张: the line, or what the goods come in (一箱20包), in which a figure of this unit stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.shop.rules.speaking import counts, packs_in
from bot.shop.words.goods import Product, Sku

_MOST = 4  # sorts that are told with their own figure


@dataclass(frozen=True)
class CountWords:
    """The lists of data/patterns/sheet_topics.yml."""

    how_many: Sequence[str]
    same_units: Mapping[str, Sequence[str]]
    no_units: str

    def units_asked(self, text: str) -> tuple[str, ...]:
        """片 and what else counts the same, of 一包多少片; () where no unit is asked for."""
        for how in self.how_many:
            unit = text.partition(how)[2][:1]
            if unit.strip() and unit not in self.no_units:
                return unit, *self.same_units.get(unit, ())
        return ()


def counted(
    text: str,
    product: Product,
    skus: Sequence[Sku],
    units: Collection[str],
    lines: Sequence[str],
    letters: Collection[str],
) -> str:
    """ "" where nothing tells. `skus`: those meant; `letters`: what else the question is about."""
    packs = packs_in(text) - set(units)
    if packs and (told := _of_skus(product, skus, units, packs)):
        return told
    found = [line for line in lines if counts(line, units)]
    if not found:
        return _of_skus(product, skus, units, ())
    return max(found, key=lambda line: sum(one in line for one in letters))


def _of_skus(
    product: Product, skus: Sequence[Sku], units: Collection[str], packs: Collection[str]
) -> str:
    """一包32片 of M; of several each with what it is of, unless all are alike."""
    told: dict[str, str] = {}
    for sku in skus:
        for value, other in ((sku.colour, sku.size), (sku.size, sku.colour)):
            if counts(value, units) and (not packs or any(one in value for one in packs)):
                told.setdefault(f"{other} {value}".strip(), value)
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return "、".join(list(told)[:_MOST])
