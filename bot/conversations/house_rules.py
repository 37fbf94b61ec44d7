"""What the house answers by itself, whatever was understood and whatever form is open.

Links are not opened, talk stays here, indecency is not met, and we read Chinese. These rules stand
in front of the engine: what they answer is not heard by it, and what is asked beside it is. Their
words are data (data/patterns/house_rules.yml).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.asking import asks
from bot.nlu.catalogue import current_catalogue
from bot.nlu.normalise import normalise
from bot.nlu.sentences import Sentences
from bot.read_once import read_once

FILE = Path(__file__).resolve().parents[2] / "data" / "patterns" / "house_rules.yml"

_LINK = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+"
    r"|(?<![\w@.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.(?:com|cn|net|top|xyz|cc|vip|shop)\b"
    r"(?:/[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*)?"
    r"|(?<![^\s/])[^\s/]+\.(?:zip|rar|7z|exe|apk|bat)\b",
    re.IGNORECASE | re.ASCII,
)
_OWN_PRODUCT = re.compile(r"/p/([A-Za-z0-9_-]+)/?(?:[?#]|$)")
# ￥45gKdWxYz￥: other shops' passwords for goods, whose digits are no price.
_PASSWORD = re.compile(r"([￥¥$€₴₤])[A-Za-z0-9]{6,16}\s*\1")
_BORDER = re.compile(r"(?:[^\w]|_)+")
_TRAILING_DOTS = re.compile(
    r"(?:(?<!\.)\.{2,}|(?<!。)。{2,}|(?<!…)…+|(?<!~)~{2,}|(?<!—)—+)\s{0,3}$"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u04ff]{2,}")
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0e00-\u0e7f\u0600-\u06ff]")
_MOST_ORNAMENTS = 3  # 超好看の is Chinese all the same
# Chinese in letters (you huo ma) is read by the engine; who writes only such words writes Chinese.
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:[iu]?ang|i?ong|eng|ing|[iu]?an|iao|uai|ai|ei|ui|ao|ou|iu|ie|ue|er|en|in|un|ia|ua|uo|[aeiouv]))+"
)
_SIGNS_OF_CODE = re.compile(r"[<>{}=;/\\]")
_LONGEST_CLAUSE = 60  # characters; longer ones are stories
_LONGEST_WARNED = 1000  # characters that are looked through for agents


@dataclass(frozen=True)
class Ruled:
    """What the house says to a line, and what of the line is left for the engine."""

    replies: tuple[str, ...]  # responses
    text: str  # "" where nothing is left
    product_id: str = ""  # the line is a link to this product of ours and nothing else


@dataclass(frozen=True)
class _Patterns:
    elsewhere: re.Pattern[str]
    contact: re.Pattern[str]
    not_elsewhere: re.Pattern[str]
    pictures: re.Pattern[str]
    improper: re.Pattern[str]
    phishing: re.Pattern[str]
    musing: re.Pattern[str]
    musing_with_dots: re.Pattern[str]
    calling: re.Pattern[str]
    share: re.Pattern[str]
    known_words: re.Pattern[str]


@read_once
def _patterns() -> _Patterns:
    rules = Sentences(FILE)
    return _Patterns(
        elsewhere=rules.within("elsewhere"),
        contact=rules.whole("contact", before="before", after="after"),
        not_elsewhere=rules.within("not_elsewhere"),
        pictures=rules.within("pictures"),
        improper=rules.whole("improper", before="calls", after="after"),
        phishing=rules.whole("phishing", before="before", after="after"),
        musing=rules.whole("musing", after="musing"),
        musing_with_dots=rules.whole("musing_with_dots", before="musing", after="musing"),
        calling=rules.whole("calling", before="before", after="calling_again"),
        share=rules.within("share"),
        known_words=rules.whole("known_words"),
    )


def ruled(text: str) -> Ruled:
    """The house's part of one line of a buyer."""
    text, links = _without_links(text)
    products = [_own_product(link) for link in links]
    mine = [product for product in products if product]
    clauses = [clause for clause in _BORDER.split(normalise(text)) if clause]
    if answer := _forbidden(clauses):
        return Ruled((answer,), "")
    if not clauses:
        if mine:
            return Ruled((), "", product_id=mine[-1])
        return Ruled(("utter_no_links",) if links else (), "" if links else text)
    answers, text = _elsewhere(clauses, text)
    if not answers and (quick := _quick(text, clauses, has_link=bool(links))):
        return Ruled((quick,), "")
    if text and mine:
        text = f"{_name_of(mine[-1])} {text}"
    elif links and not mine and not _names_goods(text):
        answers = ("utter_no_links", *answers)
    return Ruled(answers, text)


def danger_of(text: str) -> str:
    """What agents are warned of in a buyer's line: `fraud`, a known way to have them open or scan
    something; `link`, an address that is not our own; "" in nearly every line."""
    rest, links = _without_links(text[:_LONGEST_WARNED])
    clauses = [clause for clause in _BORDER.split(normalise(rest)) if clause]
    short = [clause for clause in clauses if len(clause) <= _LONGEST_CLAUSE]
    if any(map(_patterns().phishing.fullmatch, short)):
        return "fraud"
    return "link" if any(not _own_product(link) for link in links) else ""


def _without_links(text: str) -> tuple[str, list[str]]:
    """The line without addresses and what other shops' apps write around them."""
    links = [found.group() for found in _LINK.finditer(text)]
    bare = _LINK.sub(" ", text)
    if links or _PASSWORD.search(bare):
        bare = _patterns().share.sub(" ", _PASSWORD.sub(" ", bare))
    return (bare.strip() if bare != text else text), links


def _own_product(link: str) -> str:
    """The product that a link of our own shop shows; "" for any other link."""
    found = _OWN_PRODUCT.search(link)
    return found.group(1) if found and _name_of(found.group(1)) else ""


def _name_of(product_id: str) -> str:
    names = [
        term.text
        for term in current_catalogue().terms
        if term.entity == "product" and term.value == product_id
    ]
    return max(names, key=len, default="")


def _names_goods(text: str) -> bool:
    found = current_catalogue().phrases(normalise(text))
    return any(one.entity == "product" for one in found)


def _forbidden(clauses: list[str]) -> str:
    """The answer to what nothing beside it makes better."""
    patterns = _patterns()
    short = [clause for clause in clauses if len(clause) <= _LONGEST_CLAUSE]
    if any(map(patterns.phishing.fullmatch, short)):
        return "utter_no_links"
    return "utter_keep_to_business" if any(map(patterns.improper.fullmatch, short)) else ""


def _elsewhere(clauses: list[str], text: str) -> tuple[tuple[str, ...], str]:
    """To talk or deal elsewhere is declined; a question beside it is answered all the same."""
    patterns = _patterns()
    leads_away = [
        bool(patterns.elsewhere.search(clause) or patterns.contact.fullmatch(clause))
        and not patterns.not_elsewhere.search(clause)
        for clause in clauses
    ]
    if not any(leads_away):
        return (), text
    answer = (
        "utter_photos_only_here"
        if any(map(patterns.pictures.search, clauses))
        else "utter_only_here"
    )
    rest = [
        clause
        for clause, leads in zip(clauses, leads_away, strict=True)
        if not leads and asks(clause) and len(clause) > 2
    ]
    return (answer,), " ".join(rest)


def _quick(text: str, clauses: list[str], *, has_link: bool) -> str:
    """The answer to a sound, a call or another language; "" where the engine must read it."""
    patterns, letters = _patterns(), "".join(clauses)
    if patterns.musing.fullmatch(letters):
        return "utter_take_your_time"
    if _TRAILING_DOTS.search(text) and patterns.musing_with_dots.fullmatch(letters):
        return "utter_take_your_time"
    if patterns.calling.fullmatch(letters):
        return "utter_here"
    return "" if has_link else _foreign(text)


def _strange(words: Iterable[str]) -> list[str]:
    return [
        word
        for word in words
        if _WORD.fullmatch(word) and not _patterns().known_words.fullmatch(word.lower())
    ]


def _foreign(text: str) -> str:
    others = len(_OTHER_SCRIPT.findall(text))
    if _CHINESE.search(text) and others < _MOST_ORNAMENTS:
        return ""
    if others:
        return "utter_chinese_please"
    plain = unicodedata.normalize("NFKC", text)
    if "@" in plain or _names_goods(plain):
        return ""
    if _SIGNS_OF_CODE.search(plain) and _strange(_WORD.findall(plain)):
        return "utter_not_understood"
    # Words stand between blanks; the letters of a tax number or an article code do not.
    strange = _strange(one.strip("\"'.,!?;:()") for one in plain.split())
    is_pinyin = all(map(_PINYIN.fullmatch, map(str.lower, strange)))
    return "utter_chinese_please" if len(strange) > 1 and not is_pinyin else ""


WORD_LISTS = (_patterns,)
