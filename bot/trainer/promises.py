"""Answers that promise what the shop's settings contradict: 48小时发货 where orders have 72."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml import YAMLError as YAMLError  # what read_facts may raise

from bot.trainer.replies import Reply
from bot.trainer.yaml_reading import Reading

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_COUNT = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_RETURNS = re.compile(
    rf"{_COUNT}\s*天(?:内|之内)?[^，。！？~\d]{{0,4}}(?:无理由|退换|可退|能退|包退|退货|可换|能换|包换)"
    rf"|(?:无理由|退换|退货|签收)[^，。！？~\d]{{0,6}}?{_COUNT}\s*天"
)
_SHIPS = re.compile(
    rf"{_COUNT}\s*(小时|天|个?工作日)(?:内|之内)?[^，。！？~\d]{{0,4}}(?:发货|发出|发走|寄出)"
)
_CUTOFF = re.compile(
    r"(?:(上午|下午|晚上|中午)?(\d{1,2})(?:[:：](\d{2})|点半?))之?前[^，。！？~]{0,5}(?:付|拍|下单|订)"
)
# 当天就能发; 今天发现, 今天发您链接 are no dispatch.
_SAME_DAY = re.compile(
    r"(当天|当日|今天|今日)[就都能可以会安排给帮您内]{0,6}"
    r"(?:发货|发出|发走|发掉|出库|寄出|寄走|交给快递|[发寄](?=[的~～，。！!？?；]|$))"
)
_WEEKEND = re.compile(r"(周末|周六日|周日|星期天|节假日)(?:也|都|照常|正常|照样)+(?:发货|发)")
_PAYS = re.compile(rf"{_COUNT}\s*(小时|天)(?:内|之内)?[^，。！？~\d]{{0,3}}(?:付款|付好|没付|未付)")
_REFUND = re.compile(rf"退款[^，。！？~\d]{{0,8}}{_COUNT}\s*(?:天|个?工作日)(?:内|之内)?到")
_COURIERS = (
    "中通",
    "圆通",
    "申通",
    "韵达",
    "顺丰",
    "邮政",
    "EMS",
    "极兔",
    "京东快递",
    "德邦",
    "百世",
)
_SHIPS_ONLY = re.compile(
    rf"(?:默认|一律|都|只)(?:发|走)({'|'.join(_COURIERS)})|({'|'.join(_COURIERS)})包邮"
)
# A price on its own is no promise of the shop's; 满99包邮 is one.
_FREE_FROM = re.compile(r"满\s*(\d{1,5})\s*元?(?:就|即|可)?包邮")


@dataclass(frozen=True, kw_only=True)
class ShopFacts:
    """What the shop has set; None where it is silent."""

    source: str  # the file it stands in, as the trainer knows it
    return_days: int | None = None
    ships_within_hours: int | None = None  # promised at most, from its cut-off and weekdays
    cutoffs: tuple[str, ...] = ()
    ships_on_weekends: bool | None = None
    pays_within_hours: int | None = None
    refund_days: int | None = None
    couriers: tuple[str, ...] = ()
    free_from_yuan: tuple[float, ...] = ()


def read_facts(path: Path, file: str) -> ShopFacts:
    """Of the shop's file for the import; whatever is not as expected is taken as not set."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())
    shop: Mapping[str, Any] = (content or {}).get("shop") or {}
    cutoff = shop.get("cutoff", "16:00")
    cutoffs = tuple(map(str, cutoff if isinstance(cutoff, list) else [cutoff]))
    days = shop.get("ships_on_weekdays")
    rates = (content or {}).get("postage") or []
    return ShopFacts(
        source=file,
        return_days=_whole(shop.get("return_days", 7)),
        ships_within_hours=_whole(shop.get("ships_within_hours")) or _longest_wait(days),
        cutoffs=cutoffs,
        ships_on_weekends=None if not isinstance(days, list) else {6, 7} <= set(days),
        pays_within_hours=_whole(shop.get("pays_within_hours", 24)),
        refund_days=_whole(shop.get("refund_days", 3)),
        couriers=tuple(map(str, shop.get("couriers") or ())),
        free_from_yuan=tuple(_free_from(rates)),
    )


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _longest_wait(days: Any) -> int:
    """Hours until the next departure, by the longest row of days without one."""
    ships = {day for day in days if isinstance(day, int)} if isinstance(days, list) else set()
    ships = ships or {1, 2, 3, 4, 5, 6}
    gap = longest = 0
    for day in range(1, 15):
        gap = 0 if (day - 1) % 7 + 1 in ships else gap + 1
        longest = max(longest, gap)
    return 24 * (1 + longest)


def _free_from(rates: Any) -> Iterator[float]:
    if isinstance(rates, list):
        for rate in rates:
            if isinstance(rate, dict) and isinstance(rate.get("free_from"), (int, float)):
                yield float(rate["free_from"])


def number(word: str) -> int:
    """12 of "12" and of 十二."""
    if word.isdigit():
        return int(word)
    tens, sign, ones = word.partition("十")
    if not sign:
        return _DIGITS.get(word, 0)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _hours(count: str, unit: str) -> int:
    return number(count) * (1 if unit == "小时" else 24)


def _returns(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    for found in _RETURNS.finditer(text):
        days = number(found[1] or found[2])
        # 签收3天 and the like are shorter terms of a special kind: the law's seven and what the
        # shop has set are those that buyers hold it to.
        if shop.return_days is not None and days >= 7 and days != shop.return_days:
            yield f"这里说退换{days}天", f"店铺设置是 {shop.return_days} 天（return_days）"


def _ships(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    for found in _SHIPS.finditer(text):
        told = _hours(found[1], found[2])
        if shop.ships_within_hours and told < shop.ships_within_hours:
            yield (
                f"这里说{found[1]}{found[2]}发货",
                f"照店铺设置最久要 {shop.ships_within_hours} 小时，用 {{day}} 让系统算",
            )


def _cutoff(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    for found in _CUTOFF.finditer(text):
        hour = int(found[2])
        if found[1] in ("下午", "晚上") and hour < 12:
            hour += 12
        minute = found[3] or ("30" if "半" in found[0] else "00")
        if shop.cutoffs and f"{hour:02d}:{minute}" not in {one.zfill(5) for one in shop.cutoffs}:
            yield (
                f"这里说{hour}:{minute}前付款算当天",
                f"店铺设置是 {'、'.join(shop.cutoffs)}（cutoff），用 {{cutoff}} 就不会错",
            )


def _same_day(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    if found := _SAME_DAY.search(text):
        told = "休息日、放假、停发和截单都会变，哪天发出用 {day}，由店里的日历算"
        yield f"这里说死了「{found[0]}」", told


def _weekend(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    found = _WEEKEND.search(text)
    if found and shop.ships_on_weekends is False and found[1] != "节假日":
        yield f"这里说{found[1]}也发货", "店铺设置里不是每天发货（ships_on_weekdays）"


def _pays(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    for found in _PAYS.finditer(text):
        told = _hours(found[1], found[2])
        if shop.pays_within_hours is not None and told != shop.pays_within_hours:
            yield f"这里说{found[1]}{found[2]}内付款", f"店铺设置是 {shop.pays_within_hours} 小时"


def _refunds(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    for found in _REFUND.finditer(text):
        if shop.refund_days is not None and number(found[1]) < shop.refund_days:
            yield f"这里说退款{found[1]}天到", f"店铺设置是 {shop.refund_days} 天（refund_days）"


def _couriers(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    for found in _SHIPS_ONLY.finditer(text):
        name = found[1] or found[2]
        if shop.couriers and not any(one.startswith(name) for one in shop.couriers):
            yield f"这里说发{name}", f"店铺设置的快递是 {'、'.join(shop.couriers)}，用 {{couriers}}"


def _free(text: str, shop: ShopFacts) -> Iterator[tuple[str, str]]:
    for found in _FREE_FROM.finditer(text):
        if shop.free_from_yuan and float(found[1]) not in shop.free_from_yuan:
            set_to = "、".join(f"{one:g}" for one in sorted(set(shop.free_from_yuan)))
            yield (
                f"这里说满{found[1]}包邮",
                f"店铺设置是满 {set_to} 元（free_from），用 {{free_from}}",
            )


_Rule = Callable[[str, ShopFacts], Iterator[tuple[str, str]]]
_RULES: tuple[_Rule, ...] = (
    _returns, _ships, _cutoff, _same_day, _weekend, _pays, _refunds, _couriers, _free,
)  # fmt: skip


def demand_kept(readings: Mapping[str, Reading], replies: Sequence[Reply], shop: ShopFacts) -> None:
    """Tells each promise of a reply that the shop's settings contradict."""
    for reply in replies:
        for text, line in reply.texts:
            for rule in _RULES:
                for what, is_set in rule(text, shop):
                    readings[reply.file].tell(
                        "promise", line, f"{what}，和店铺设置不一致", f"{is_set}（{shop.source}）"
                    )
