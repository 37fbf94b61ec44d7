"""Finds which lines of a product's sheet a question is about, the shop's own columns among them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from actions.hearing.counts import CountWords, counted
from actions.hearing.own_figures import figure_asked
from bot.amounts import amounts
from bot.asking import doubted, without_denied
from bot.read_once import read_once
from bot.shop.words.fitting import plain
from bot.shop.words.goods import SHEET_TOPICS, Product

TOPICS_FILE = Path(__file__).resolve().parents[2] / "data" / "patterns" / "sheet_topics.yml"
AT_MOST = 2
_GENERAL = re.compile(r"介绍|说说|讲讲|怎么样|咋样|什么样|详细|了解|有什么特点|卖点|优点|缺点")
# 一袋, 整箱: how it is packed is no word that a line could be found by.
_FILLING = re.compile(
    r"[一二两三四五六七八九十整每半几\d][袋箱盒罐瓶支包片条个件套根颗粒斤份种]|[^\w]|[的了吗呢啊呀吧嘛么哦哈是有没不会能可以这那个款双件亲请问下我你们家它么多少几什怎样咋]"
)


@dataclass(frozen=True)
class Own:
    """How buyers ask for columns whose names hold one of `named`; see the file."""

    named: tuple[str, ...]
    asked: tuple[str, ...]
    words: tuple[str, ...]
    lines: tuple[str, ...]  # a line that holds one of these answers, whatever column it stands in
    is_complete: bool  # what such a column does not name is not there: ingredients
    is_size: bool  # where there is no such column, the sizes tell: 250g, 30ml

    def is_meant(self, text: str) -> bool:
        return any(word.lower() in text.lower() for word in (*self.asked, *self.words))


@read_once
def sheet_words() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(TOPICS_FILE.read_text(encoding="utf-8"))
    return content


@read_once
def _topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (topic, re.compile("|".join(map(re.escape, words))))
        for topic, words in sheet_words()["topics"].items()
    )


@read_once
def _own() -> tuple[Own, ...]:
    return tuple(
        Own(
            named=tuple(one["named"]),
            asked=tuple(one["asked"]),
            words=tuple(one.get("words", ())),
            lines=tuple(one.get("lines", ())),
            is_complete=bool(one.get("complete")),
            is_size=bool(one.get("is_size")),
        )
        for one in sheet_words()["own"]
    )


def topics_of(text: str) -> list[str]:
    """Sheet topics that the words of a question name, in the file's order; 不是透气 names none."""
    text = without_denied(text)
    return [topic for topic, words in _topics() if words.search(text)]


def in_the_shops_words(text: str) -> str:
    """怀孕能吃吗 with 孕妇 behind it: what is called otherwise is looked for by both names."""
    same = sheet_words()["same"]
    more = [name for name, others in same.items() if any(one in text for one in others)]
    return " ".join([text, *(one for one in more if one not in text)])


def is_only_a_property(text: str, start: int, end: int) -> bool:
    """能无线充吗, 花生过敏能吃吗: a word that also names goods is said of what is looked at."""
    beside = sheet_words()["beside"]
    is_beside = text[:start].endswith(tuple(beside["before"])) or text[end:].startswith(
        tuple(beside["after"])
    )
    return bool(text[start:end]) and is_beside


def column_of(product: Product, word: str) -> str:
    """口感：脆，咸 for 甜: what is written where such a word would stand, in a column that names all
    there is; "" without such a column."""
    for own in _own():
        if own.is_complete and any(word in one for one in (*own.asked, *own.words)):
            for name, fact in product.sheet:
                if any(one in name for one in own.named):
                    return f"{name}：{fact}"
    return ""


def asks_own_columns(text: str) -> bool:
    """Whether it asks for something that shops write in columns of their own: 口感, 许可证."""
    return any(own.is_meant(text) for own in _own())


def has_column_for(text: str, product: Product) -> bool:
    """Whether the shop wrote such a column for these goods."""
    return any(own.is_meant(text) and _has_column(product, own) for own in _own())


def is_general(text: str) -> bool:
    """Asks for the product as a whole: 介绍一下, 怎么样."""
    return bool(_GENERAL.search(text)) and not topics_of(text)


def facts_asked(text: str, product: Product, colour: str = "", size: str = "") -> list[str]:
    """Up to two facts: the shop's own columns, then by topic, else lines that share a word.

    What a line says of the very word asked (孕妇, 酒精) comes first, whatever column it stands in.
    Colour and size narrow what was written of single SKUs.
    """
    text = without_names(in_the_shops_words(without_denied(text)), product)
    own = list(dict.fromkeys(_own_facts(text, product, colour, size)))
    if own:
        return own[:AT_MOST]
    if figure := figure_asked(text, product, sheet_words()["figures"]):
        return [figure]
    if by_count := counted_facts(text, product, colour, size):
        return by_count
    by_topic = [fact for topic in topics_of(text) if (fact := product.fact(topic))]
    made = product.fact("material") or ""
    nearest = line_that_speaks(text, product)
    if not by_topic and not nearest and any(one in made for one in single_words(text)):
        return [made]  # 是铜的吗
    if by_topic and nearest and not any(_shared(text, fact) for fact in by_topic):
        return [nearest, *by_topic][:1]  # 装得下手机吗: the line that speaks of 手机
    return by_topic[:AT_MOST] or ([nearest] if nearest else [])


def line_that_speaks(text: str, product: Product) -> str:
    """The line that shares most with the words asked, topics apart: 20 升装两身换洗衣服, asked of
    衣服. "" where none shares any."""
    names = _pairs_of_its_names(product)
    counted = [(_shared(text, line, names), line) for line in lines_of(product)]
    best = max((count for count, _ in counted), default=0)
    lines = [line for count, line in counted if count == best and best]
    asks_a_figure = any(how in text for how in sheet_words()["how_many"])
    lines.sort(key=lambda line: asks_a_figure and not any(map(str.isdigit, line)))  # upf多少
    return next(iter(lines), "")


def _shared(text: str, line: str, names: Collection[str] = ()) -> int:
    """How many of the words asked a line holds; `names`: pairs of letters that ask nothing."""
    asked, line = text.lower(), line.lower()
    for _, words in _topics():
        asked = words.sub(" ", asked)
    alike = {
        word
        for group in sheet_words()["alike"]
        if any(one in text for one in group)
        for word in group
    }
    line = line.lower()  # upf多少 asks for UPF50+
    sought = {*_word_pairs(asked), *doubted(text), *alike} - set(names)
    return sum(word.lower() in line for word in sought)


def says_the_words(text: str, clause: str, products: Sequence[Product]) -> bool:
    """Whether a clause holds a word of the question that is no name of these goods."""
    for product in products:
        text, clause = without_names(text, product), without_names(clause, product)
    return _shared(text, clause) > 0


def without_names(text: str, product: Product) -> str:
    """防水袋黄的有吗 asks nothing of water: what the goods are called is no question."""
    for name in sorted((product.name, product.kind, *product.nicknames), key=len, reverse=True):
        text = text.replace(name, " ") if name else text
    return text if text.strip() else ""


def suited_asked(text: str, product: Product) -> str:
    """For whom of the product's own list (孕妇, 男宝 of 男宝女宝通用) the question asks; "" for none."""
    text = without_names(in_the_shops_words(text), product)
    if named := next((one for one in product.suits if one in text), ""):
        return named
    words = [one for one in single_words(text, every=True) if len(one) > 1]
    of_no_age = [one for one in product.suits if not any(map(str.isnumeric, one))]
    return next((one for one in of_no_age if words and all(word in one for word in words)), "")


def use_asked(text: str, product: Product) -> str:
    """For what of its own list (办公室) the question asks; "" for none. Never a word on safety.

    登山杖一根还是两根 asks nothing of 登山.
    """
    text = without_names(text, product)
    return next((one for one in product.uses if one in text), "")


def asks_size(text: str, product: Product) -> bool:
    """净含量多少 of goods without such a column: their sizes (250g, 500g) tell; S and M do not."""
    has_figures = any(amounts(size) for size in product.sizes)
    return has_figures and any(
        own.is_size and own.is_meant(text) and not _has_column(product, own) for own in _own()
    )


def _has_column(product: Product, own: Own) -> bool:
    return any(word in name for name, _ in product.sheet for word in own.named)


@read_once
def _count_words() -> CountWords:
    words = sheet_words()
    return CountWords(words["how_many"], words["same_units"], words["no_units"])


def counted_facts(text: str, product: Product, colour: str = "", size: str = "") -> list[str]:
    """多少颗, 几伏, m的一包多少片: the line or the size in which a figure of this unit stands."""
    if not (units := _count_words().units_asked(text)):
        return []
    letters = set("".join(single_words(text, every=True)))
    skus = product.skus_like(colour, size)
    found = counted(text, product, skus, units, lines_of(product), letters)
    return [found] if found else []


def _own_facts(text: str, product: Product, colour: str, size: str) -> Iterator[str]:
    """配料：核桃仁、白砂糖."""
    columns = [(name, fact) for name, fact in product.sheet if name not in SHEET_TOPICS]
    columns += _sku_columns(product, colour, size)
    groups = [own for own in _own() if own.is_meant(text)]
    said = [word for own in groups for word in own.words if word.lower() in text.lower()]
    said += [word for own in groups if any(one in text for one in own.asked) for word in own.lines]
    names = {fact: name for name, fact in columns}
    for line in lines_of(product):  # 酒精 in 无酒精无香精: the line that speaks of it
        if any(word.lower() in line.lower() for word in said):
            yield f"{names[line]}：{line}" if line in names else line
    for name, fact in columns:
        is_named = plain(name) in plain(text)
        if is_named or any(word in name for own in groups for word in own.named):
            yield f"{name}：{fact}"


def _sku_columns(product: Product, colour: str, size: str) -> list[tuple[str, str]]:
    """What is written of single SKUs; where it differs, with the SKU it is of."""
    skus = product.skus_like(colour, size)
    kinds = {name: {fact for sku in skus for key, fact in sku.facts if key == name}
             for sku in skus for name, _ in sku.facts}  # fmt: skip
    return [
        (name if len(kinds[name]) == 1 else f"{sku.colour}{sku.size}{name}", fact)
        for sku in skus
        for name, fact in sku.facts
    ]


def lines_of(product: Product) -> list[str]:
    return [*(fact for _, fact in product.sheet), *product.selling_points, *product.drawbacks]


def _pairs_of_its_names(product: Product) -> set[str]:
    """What a line shares with the product's own name says nothing: 防晒 of 防晒乳一支."""
    names = (product.name, product.kind, product.category, *product.nicknames)
    return {name[at : at + 2] for name in names for at in range(len(name) - 1)}


def single_words(text: str, *, every: bool = False) -> list[str]:
    """Words of one character that carry the question; `every`: longer ones, too."""
    return [word for word in _FILLING.sub(" ", text).split() if every or len(word) == 1]


def topic_words(text: str) -> list[str]:
    """The words of two characters and more by which it names topics: 水压."""
    found = (match for _, words in _topics() for match in words.findall(without_denied(text)))
    return [word for word in found if len(word) > 1]


def _word_pairs(text: str) -> set[str]:
    """Neighbouring characters of the words that carry the question: 有几个口袋 → 口袋."""
    words = _FILLING.sub(" ", text).split()
    return {word[i : i + 2] for word in words for i in range(len(word) - 1)}


WORD_LISTS = (sheet_words, _topics, _own, _count_words)
