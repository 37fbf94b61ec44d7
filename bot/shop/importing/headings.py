"""Which column of a table is which: by its heading, and how sure that is (`headings.yml`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from functools import lru_cache
from pathlib import Path

import yaml

HEADINGS = Path(__file__).with_name("headings.yml")
WORDINGS = Path(__file__).with_name("wordings.yml")
NEAR = 0.75  # of 1: how like a known heading one must be to be taken for it
# A slip here would cost money or mix up goods: these are never guessed.
NEVER_GUESSED = frozenset(
    "id price floor stock off from code number free_from cuts sale_prices".split()
)
_UNIT = re.compile(r"(kg|千克|公斤|g|克|斤|元|件|天|小时|分钟|月|%)$")
_BRACKETS = re.compile(r"[(\[【〔「<]([^)\]】〕」>]*)[)\]】〕」>]")
# What a shop writes for itself: told to a buyer, it would do harm.
_INTERNAL = re.compile(
    r"成本|进价|进货|采购|供货|供应商|厂家联系|利润|毛利|佣金|提成|仓位|库位|货架|内部|批发价|代理价|拿货|序号|行号|操作人|录入|审核|修改时间|创建时间"
)
_AFFIXES = re.compile(r"^(?:商品|产品|宝贝|货品|本店|店铺|我的)|(?:信息|一览|列|栏|必填|选填)$")
_COPIES = re.compile(r"[\s_\-—]*(?:[(]\d+[)]|副本|copy|拷贝|最新版?|定稿|终稿|新版|v?\d[\d.\-_]*)$")
_STUFF = re.compile(r"(?:资料|信息|列表|清单|明细|数据|模板|导出|汇总|总表|表格|表|管理|档案)+$")


class Sure(Enum):
    """How a column was recognised; the words stand in the plan."""

    KNOWN = "认得"
    LIKE = "按意思认"
    GUESSED = "猜的，请核对"
    OWN = "本店自己的资料，照原样留着"
    INTERNAL = "像是店里内部的，没有读，买家问不到"
    UNUSED = "没有用到"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table. `field`: the code's name; the heading itself where it is the shop's own."""

    heading: str
    field: str
    sure: Sure
    unit: str = ""  # of numbers that have none: kg


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A section as tables hold it."""

    names: tuple[str, ...]
    needs: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]  # field → headings, the one we write first


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """By section; read once."""
    told = yaml.load(HEADINGS.read_text("utf-8"), yaml.BaseLoader)  # off stays a word
    return {
        section: Kind(
            names=tuple(one["names"]),
            needs=tuple(one["needs"]),
            columns={field: tuple(words) for field, words in one["columns"].items()},
        )
        for section, one in told.items()
    }


@lru_cache(maxsize=1)
def wordings() -> dict[str, dict[str, str]]:
    """By "section.field": what may stand in a cell, folded → what it means."""
    told = yaml.load(WORDINGS.read_text("utf-8"), yaml.BaseLoader)
    return {
        place: {
            fold(str(word)): str(meaning) for meaning, words in meanings.items() for word in words
        }
        for place, meanings in told.items()
    }


def label(section: str, field: str) -> str:
    """What we call a column in templates and messages."""
    return kinds()[section].columns.get(field, (field,))[0]


def fold(text: str) -> str:
    """One spelling of a heading: half width, lower case, without blanks, stars and signs."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s*:：、,，。.·_/\\\-#'\"“”]|\u200b|\ufeff", "", folded)


def parted(heading: str) -> tuple[str, str]:
    """(what it says, its unit): 价格（元） → 价格, 元; 重量kg → 重量, kg; *名称(必填) → 名称, ""."""
    folded = unicodedata.normalize("NFKC", heading).lower()
    inside = "".join(_BRACKETS.findall(folded))
    said = fold(_BRACKETS.sub("", folded)) or fold(inside)
    unit = _UNIT.search(fold(inside))
    return said, unit[1] if unit else ""


@lru_cache(maxsize=16)
def _words(section: str) -> dict[str, tuple[str, bool]]:
    """Folded heading → (field, whether it is the one we write)."""
    words: dict[str, tuple[str, bool]] = {}
    for field, headings in kinds()[section].columns.items():
        words.setdefault(field, (field, True))  # the code's own name
        for place, heading in enumerate(headings):
            words.setdefault(fold(heading), (field, place == 0))
    return words


@lru_cache(maxsize=8192)
def recognised(section: str, heading: str) -> Column | None:
    """The column this heading names in this section; None where it is the shop's own."""
    words = _words(section)
    said, unit = parted(heading)
    for one in dict.fromkeys((fold(heading), said, _AFFIXES.sub("", said))):
        if found := words.get(one):
            field, is_ours = found
            sure = Sure.KNOWN if is_ours else Sure.LIKE
            return Column(heading=heading, field=field, sure=sure, unit=unit)
    if (behind := _UNIT.search(said)) and (found := words.get(said[: behind.start()])):
        return Column(heading=heading, field=found[0], sure=Sure.LIKE, unit=behind[1])
    near = max(words, key=lambda word: _likeness(word, said), default="")
    if _likeness(near, said) >= NEAR and words[near][0] not in NEVER_GUESSED:
        return Column(heading=heading, field=words[near][0], sure=Sure.GUESSED, unit=unit)
    return None


def _second_meaning(section: str, heading: str, taken: Collection[str]) -> Column | None:
    """Another field whose headings name it too: 品类 beside 分类 is the kind and not the category."""
    said, unit = parted(heading)
    for field, words in kinds()[section].columns.items():
        if field not in taken and said in map(fold, words):
            return Column(heading=heading, field=field, sure=Sure.LIKE, unit=unit)
    return None


def _likeness(word: str, said: str) -> float:
    if min(len(word), len(said)) < 3 or word.isascii():
        return 0.0
    return SequenceMatcher(None, word, said).ratio()


def is_inner(heading: str) -> bool:
    """Whether it is something a shop writes for itself: 成本, 供应商, 库位."""
    return bool(_INTERNAL.search(heading))


def columns(section: str, headings: Sequence[str], *, keeps_own: bool) -> list[Column]:
    """One a heading; "" is no column. Where two name one thing, the surer is it, then the first."""
    found = [recognised(section, heading) if heading else None for heading in headings]
    rank = [Sure.KNOWN, Sure.LIKE, Sure.GUESSED]
    best: dict[str, int] = {}
    for place, one in enumerate(found):
        if one is None:
            continue
        held = best.get(one.field)
        rival = found[held] if held is not None else None
        if rival is None or rank.index(one.sure) < rank.index(rival.sure):
            best[one.field] = place
    chosen = []
    for place, (heading, one) in enumerate(zip(headings, found, strict=True)):
        rival = found[best[one.field]] if one is not None else None
        if one is not None and (best[one.field] == place or _same(rival, heading)):
            chosen.append(one)
        elif one is not None and (other := _second_meaning(section, heading, best)):
            best[other.field] = place
            chosen.append(other)
        else:
            if is_inner(heading):
                sure = Sure.INTERNAL
            else:
                sure = Sure.OWN if keeps_own and heading else Sure.UNUSED
            chosen.append(Column(heading=heading, field=heading.strip(), sure=sure))
    return chosen


def _same(rival: Column | None, heading: str) -> bool:
    return rival is not None and fold(rival.heading) == fold(heading)


def fit(section: str, headings: Sequence[str]) -> int:
    """How well a row of cells does as this section's headings; 0 where it does not at all."""
    weight = {Sure.KNOWN: 3, Sure.LIKE: 2, Sure.GUESSED: 1}
    found: dict[str, int] = {}
    for heading in headings:
        if heading and len(heading) <= 40 and (one := recognised(section, heading)):
            found[one.field] = max(found.get(one.field, 0), weight[one.sure])
    return sum(found.values())


def section_of_name(name: str) -> str:
    """The section a file or sheet is called after; "" for Sheet1 and names that say nothing.

    商品(1), 商品资料 - 副本, 坚果商品2026 → products; the last word counts: 商品规格表 → skus.
    """
    bare = unicodedata.normalize("NFKC", name).lower().strip()
    while (shorter := _COPIES.sub("", bare).strip()) != bare:
        bare = shorter
    bare = _STUFF.sub("", bare)
    best = (0, 0, "")
    for section, kind in kinds().items():
        for word in (section, *kind.names):
            at = bare.rfind(word.lower())
            if at >= 0:
                best = max(best, (at + len(word), len(word), section))
    return best[2]


def missing(section: str, found: Collection[str]) -> list[str]:
    return [field for field in kinds()[section].needs if field not in found]
