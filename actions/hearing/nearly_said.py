"""What a line of the sheet says though no column and no word pair found it.

多久能干 of 等二十四小时, 水压低能用吗 of 水压太低花洒散, 会不会爆 of 防爆.
"""

from __future__ import annotations

from collections.abc import Sequence

from actions.hearing.sheet import lines_of, sheet_words, single_words, topic_words
from bot.amounts import amounts
from bot.shop.rules.speaking import clauses_of
from bot.shop.words.goods import Product

_DURATION = "duration"


def nearly_said(text: str, product: Product) -> list[str]:
    """At most one clause; [] where the sheet is silent."""
    found = _of_time(text, product) or _of_words(text, product) or _of_letters(text, product)
    return [found] if found else []


def closer_said(text: str, product: Product, facts: Sequence[str]) -> str:
    """第一次洗会缩一点点 of 会缩水吗, where the line of the topic says nothing of it; "" for none."""
    unsaid = [word for word in topic_words(text) if not any(word in fact for fact in facts)]
    return _of_letters("".join(unsaid), product) if facts and unsaid else ""


def _of_time(text: str, product: Product) -> str:
    """The clause with a time in it that shares a character with what is asked."""
    asked = next((one for one in sheet_words()["how_long"] if one in text), "")
    if not asked:
        return ""
    words = "".join(single_words(text.replace(asked, " "), every=True))
    letters = {one for one in words if not one.isnumeric()}  # 一次 and 一小时 share nothing
    others = sheet_words()["not_how_long"]
    told = [fact for name, fact in product.sheet if not any(one in name for one in others)]
    clauses = [
        clause
        for line in (*told, *product.selling_points, *product.drawbacks)
        for clause in clauses_of(line)
        if any(one.of == _DURATION for one in amounts(clause))
    ]
    shared = {clause: len(letters & set(clause)) for clause in clauses}
    best = max(shared.values(), default=0)
    return next((clause for clause in clauses if shared[clause] == best), "") if best else ""


def telling_letters(text: str) -> set[str]:
    """掉 of 会掉不: letters that say by themselves what is asked."""
    return set(sheet_words()["telling"]) & set("".join(single_words(text, every=True)))


def _of_letters(text: str, product: Product) -> str:
    """The clause that shares most letters that tell by themselves: 不能平躺睡一整夜 of 能躺着睡觉吗."""
    letters = telling_letters(text)
    lines = (*product.drawbacks, *product.selling_points, *(fact for _, fact in product.sheet))
    clauses = [clause for line in lines for clause in clauses_of(line)]
    shared = {clause: len(letters & set(clause)) for clause in clauses}
    best = max(shared.values(), default=0)
    return next((clause for clause in clauses if shared[clause] == best), "") if best else ""


def _of_words(text: str, product: Product) -> str:
    """The clause that holds the very word of a topic, or a single word that says enough."""
    single = sheet_words()["which"]["single"]
    words = [*topic_words(text), *(one for one in single_words(text) if one in single)]
    clauses = [clause for line in lines_of(product) for clause in clauses_of(line)]
    return next((clause for word in words for clause in clauses if word in clause), "")
