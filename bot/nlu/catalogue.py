"""The shop's own words (goods, colours, sizes), exchanged at run time without a new model."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from bot.nlu.found import Found, Laid, just_before
from bot.nlu.name_parts import NameParts
from bot.nlu.near_names import NearNames
from bot.nlu.normalise import normalise
from bot.nlu.own_shapes import OwnShapes
from bot.nlu.packs import PackSizes
from bot.nlu.phrases import Phrase, PhraseBook
from bot.nlu.sizes import canonical, sizes
from bot.read_once import read_once

EVERYDAY = Path("data/patterns/everyday.txt")
DUMP = Path("data/lexicon/catalogue.yml")  # what a plain `rasa shell` knows of the shop


_SORTS = ("kind", "category")


class Term(Protocol):
    """A word that names something in the catalogue; bot.shop.words.goods.CatalogueTerm is one."""

    @property
    def text(self) -> str: ...
    @property
    def entity(self) -> str: ...  # product, kind, category, colour or size
    @property
    def value(self) -> str: ...


@dataclass(frozen=True)
class PlainTerm:
    text: str
    entity: str
    value: str


class Catalogue:
    """One version of the shop's words, ready to be looked for."""

    def __init__(self, version: str, terms: Iterable[Term]) -> None:
        self.version = version
        terms = list(terms)
        self.terms = tuple(PlainTerm(term.text, term.entity, term.value) for term in terms)
        self.packs = PackSizes.of(
            (normalise(term.text), term.value) for term in terms if term.entity == "size"
        )
        self.shapes = OwnShapes.of(
            (term.entity, normalise(term.text), term.value)
            for term in terms
            if not _is_plain_size(term, normalise(term.text))
        )
        self._sizes = {canonical(term.text): term.value for term in terms if term.entity == "size"}
        self.product_ids = {
            normalise(term.value): term.value for term in terms if term.entity == "product"
        }
        self._kinds = tuple(dict.fromkeys(t.value for t in terms if t.entity == "kind"))
        self._categories = {t.value for t in terms if t.entity == "category"}
        self.own_sorts = " ".join((*self._kinds, *sorted(self._categories)))
        # 袜 where it sells 袜子, 鞋 where it sells shoes: a 棉袜 may be one of its own.
        sorts = (term.text.removesuffix("子") for term in terms if term.entity in _SORTS)
        self.own_heads = frozenset(head for head in sorts if len(head) == 1)
        self._book = PhraseBook(
            Phrase(text, term.entity, term.value)
            for term in terms
            for text in dict.fromkeys((normalise(term.text), normalise(_without_signs(term.text))))
            if text
            and not _is_plain_size(term, text)
            # A shop's nickname 可以 would take over every yes.
            and not (term.entity == "product" and text in _everyday())
        )
        written = [PlainTerm(normalise(one.text), one.entity, one.value) for one in self.terms]
        self._near = NearNames(written)
        self._parts = NameParts(written)

    def phrases(self, text: str) -> Iterable[Found]:
        """Goods, kinds, categories, colours and sizes with names of their own (30升)."""
        found = [one for one in self._book.find(text) if not _is_half_word(one, text)]
        written = Laid(found)
        near = [
            one
            for one in self._near.find(text)
            if not any(it.end - it.start >= one.end - one.start for it in written.over(one))
        ]
        # 健布鞋: the shoe that sounds so, and not the 鞋 inside of it.
        sounding = Laid(near)
        pointed = [
            one
            for one in self._parts.find(text)
            if text[one.start : one.end] not in _everyday()
            and not any(written.over(one))
            and not any(sounding.over(one))
        ]
        return [*(one for one in found if not sounding.over(one)), *near, *pointed]

    def kind_like(self, word: str) -> str | None:
        """The shop's kind that a general word for goods names: 杯子 where it sells 保温杯.

        Of a kind with a general name the special one is one too: 棉袜 where it sells 袜子. A word
        that names half the shop names no kind: 茶 where it sells 绿茶 and 红茶.
        """
        core = word.removesuffix("子").removesuffix("儿")
        if sum(one != core and one.endswith(core) for one in self._categories) > 1:
            return None
        wider = f"{core[-1:]}子"
        fits = (kind for kind in self._kinds if core and (kind.endswith(core) or kind == wider))
        return next(fits, None)

    @property
    def made_sizes(self) -> Collection[str]:
        """The sizes of the shop's goods in canonical spelling."""
        return self._sizes.keys()

    def own_size(self, size: str) -> str:
        """A canonical size as the shop writes it: 2XL where the shop says XXL."""
        return self._sizes.get(size, size)


@read_once
def _everyday() -> frozenset[str]:
    lines = EVERYDAY.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _without_signs(name: str) -> str:
    """云朵™杯😀 as buyers type it: nobody has these signs at hand."""
    return "".join(one for one in name if unicodedata.category(one) not in ("So", "Sk"))


def _is_plain_size(term: Term, text: str) -> bool:
    """38, 110 and xl are found by the size rules, which know what may stand beside them."""
    return term.entity == "size" and (
        len(text) <= 2
        or text.isdigit()
        or any(one.end - one.start == len(text) for one in sizes(text))
    )


_AFTER_A_NOUN = re.compile(r"(?=$|[的色有吗呢么嘛怎和跟与或还改加要也各,.!?/\sa-z0-9]|[没不]\W*$)")
_PIECES = re.compile(r"[一两三][双件条个只顶套]")
_ASKED = re.compile(r"(?:什么|啥|哪[个双款件种条]?)\s{0,2}$")
_BEFORE_A_VERDICT = re.compile(r"[好合适比更耐便]")
_COUNTED = re.compile(r"[\d一二两三四五六七八九十几半每]\s{0,2}$")


def _is_half_word(one: Found, text: str) -> bool:
    """包 is a bag in 这个包, not in 包邮 or 两包; 米 is a colour in 米的, not in 一米六 or 米饭."""
    word = text[one.start : one.end]
    if len(word.removesuffix("的")) > 1:
        return False
    before = just_before(text, one.start)
    if _ASKED.search(before) and _BEFORE_A_VERDICT.match(text, one.end):
        return False  # 买什么鞋好; 什么包邮 asks of no bag
    if word.endswith("的"):
        return bool(_COUNTED.search(before))
    is_noun = bool(_AFTER_A_NOUN.match(text, one.end))
    if one.entity == "colour" and word != "米":  # 42黑, 38黑一双: no measure word but 米
        return not (is_noun or _PIECES.match(text, one.end))
    return not is_noun or bool(_COUNTED.search(before))


_lock = threading.Lock()
_current: Catalogue | None = None


def use_catalogue(version: str, terms: Iterable[Term]) -> None:
    """From now on entities come from these terms; the same version again costs nothing."""
    global _current
    if _current is not None and _current.version == version:
        return
    fresh = Catalogue(version, terms)  # built outside the lock: messages go on meanwhile
    with _lock:
        _current = fresh


def outdate_catalogue() -> None:
    """Word lists beside the shop's words have changed: whoever gives the catalogue gives it anew."""
    with _lock:
        if _current is not None:
            _current.version = ""


def is_outdated() -> bool:
    return _current is not None and not _current.version


def current_catalogue() -> Catalogue:
    """The catalogue in use; without one given, the project's dump, or an empty one."""
    global _current
    if _current is None:
        with _lock:
            if _current is None:
                _current = Catalogue("dump", read_dump(DUMP) if DUMP.exists() else ())
    return _current


def write_dump(path: Path, terms: Iterable[Term]) -> None:
    """Writes terms for `rasa shell`, grouped by entity and value."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for term in terms:
        grouped.setdefault(term.entity, {}).setdefault(term.value, []).append(term.text)
    head = "# The shop's words for a plain `rasa shell`; the running shop brings its own.\n"
    body = yaml.safe_dump(grouped, allow_unicode=True, sort_keys=True, default_flow_style=None)
    path.write_text(head + body, encoding="utf-8")


def read_dump(path: Path) -> list[PlainTerm]:
    content: dict[str, dict[Any, list[Any]]] = (
        yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    )
    return [
        PlainTerm(str(text), entity, str(value))
        for entity, values in content.items()
        for value, texts in values.items()
        for text in texts
    ]


WORD_LISTS = (_everyday,)
