"""What a product's own data say of a word that a buyer asks about: it is so, it is not so, or nothing.

Pure over the shop's data; which words deny stands in data/patterns/sheet_topics.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.shop.words.fitting import plain
from bot.shop.words.goods import Product

_ENDS = frozenset("，。；;,\n|！!")
_OPENS, _CLOSES = frozenset("（("), frozenset("）)")
_FIGURE = r"[\d一二两三四五六七八九十百千半]"
_ONE_OF = re.compile(r"[一1每整]([\u4e00-\u9fff])")
_LIST = re.compile(r"[、/]")
_OF_TWO = "difference"
_LEAST_PAIRS, _LEAST_SHARE = 2, 0.5  # of neighbouring characters, where the word itself is not said


@dataclass(frozen=True, kw_only=True)
class Speaks:
    """A clause that speaks of the word: 不含酒精香精 of 酒精 is denied."""

    clause: str
    is_denied: bool
    is_drawback: bool = False
    share: float = 1.0  # of the word's pairs of characters that the clause has


@dataclass(frozen=True, kw_only=True)
class Denials:
    """Words that deny (不含, 无), and words that hold one of them and deny nothing (无线, 不限)."""

    words: tuple[str, ...]
    harmless: tuple[str, ...] = ()
    close: tuple[str, ...] = ()  # deny what stands right behind them alone: 不生锈

    def are_in(self, text: str) -> bool:
        for one in self.harmless:
            text = text.replace(one, " ")
        return any(one in text for one in self.words)

    def begin(self, text: str) -> bool:
        return text.startswith(self.words) and not text.startswith(self.harmless)


def speaks_of(product: Product, word: str, denials: Denials) -> Speaks | None:
    """The best clause: the word itself before a likeness, what is written of it before what it is
    good for; None: no line speaks of it."""
    found: Speaks | None = None
    for spoken in _all_of(product, word, denials):
        if found is None or spoken.share > found.share:
            found = spoken
    return found


def is_free_of(product: Product, word: str, absences: Denials) -> Speaks | None:
    """The clause by which the goods hold none of it (不含坚果); None where no clause says so, or
    any other names it: who asks may be allergic."""
    spoken = [one for one in _all_of(product, word, absences) if one.share == 1.0]
    return spoken[0] if spoken and all(one.is_denied for one in spoken) else None


def names(product: Product, word: str) -> bool:
    """Whether any line holds the word, whatever it says of it."""
    return any(plain(word) in plain(text) for text, _ in _lines(product))


def _all_of(product: Product, word: str, denials: Denials) -> Iterator[Speaks]:
    for text, is_drawback in _lines(product):
        for clause in clauses_of(text):
            if (spoken := _spoken(clause, word, denials, is_drawback)) is not None:
                yield spoken


def counts(line: str, units: Iterable[str]) -> bool:
    """Whether a figure of such a unit stands in the line: 一盒约一百颗 for 颗, 12V for v."""
    return any(re.search(rf"{_FIGURE}\s?{re.escape(unit)}", line, re.I) for unit in units)


def packs_in(text: str) -> set[str]:
    """箱 of 一箱几包: what one of is asked about."""
    return set(_ONE_OF.findall(text))


def clauses_of(text: str) -> list[str]:
    """约 1.2 公斤（L 码，含内胆） is one: what stands in brackets is not cut."""
    clauses, depth = [""], 0
    for character in text:
        depth = max(0, depth + (character in _OPENS) - (character in _CLOSES))
        if depth == 0 and character in _ENDS:
            clauses.append("")
        else:
            clauses[-1] += character
    return [clause.strip() for clause in clauses if clause.strip()]


def _lines(product: Product) -> Iterator[tuple[str, bool]]:
    """(line, whether it is a drawback); what tells two products apart speaks of either of them."""
    yield from ((fact, False) for name, fact in product.sheet if name != _OF_TWO)
    yield from ((fact, False) for sku in product.skus for _, fact in sku.facts)
    yield from ((drawback, True) for drawback in product.drawbacks)
    yield from ((point, False) for point in product.selling_points)
    yield from ((f"适合{one}", False) for one in product.suits)
    yield from ((one, False) for one in product.uses)
    yield product.name, False


def _spoken(clause: str, word: str, denials: Denials, is_drawback: bool) -> Speaks | None:
    wanted = plain(word)
    if wanted in plain(clause):
        part, denied = _part_of(clause, wanted, denials)
        return Speaks(clause=part, is_denied=denied, is_drawback=is_drawback)
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    shared = sum(pair in plain(clause) for pair in pairs)
    if shared < _LEAST_PAIRS or shared / len(pairs) < _LEAST_SHARE:
        return None
    denied = denials.are_in(clause)
    return Speaks(
        clause=clause, is_denied=denied, is_drawback=is_drawback, share=shared / len(pairs) / 2
    )


def _part_of(clause: str, word: str, denials: Denials) -> tuple[str, bool]:
    """(the item of a list that speaks of it, whether it is denied); a denial that opens an item
    reaches on: of 不含酒精、香精 the whole is told."""
    reaches = False
    for part in _LIST.split(clause):
        reaches = denials.begin(part) or (reaches and not part.startswith(("含", "有")))
        if word in plain(part):
            if reaches and not denials.begin(part):
                return clause, True
            is_close = any(f"{one}{word}" in plain(part) for one in denials.close)
            is_denied = reaches or is_close or denials.are_in(plain(part).replace(word, " "))
            return (part if is_denied else clause), is_denied
    return clause, False
