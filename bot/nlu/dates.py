"""Days and spans of days, reckoned from today: 后天, 周五前, 12号, 月底, 三天内."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.nlu.found import Found
from bot.nlu.numerals import number

_DAYS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨儿": -1,
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "今儿": 0, "当天": 0, "今夜": 0,
    "明天": 1, "明日": 1, "明儿": 1, "明早": 1, "明晚": 1, "后天": 2, "后日": 2, "大后天": 3,
}  # fmt: skip
_DAY = re.compile("|".join(sorted(_DAYS, key=len, reverse=True)))
_WEEKDAYS = {char: at for at, char in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5}
_WEEKDAYS |= {str(at + 1): at for at in range(7)}
_WEEKDAY = re.compile(
    r"(?P<which>下下个?|下个?|上上个?|上个?|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末]|[1-7](?!\d|天))"
)
_WEEK = re.compile(
    r"(?P<which>下下个?|下个?|上上个?|上个?|这个?|本)(?:周|星期|礼拜)(?![一二三四五六日天末\d])"
)
_MONTH = re.compile(
    r"(?P<which>下个?|上个?|这个?|本)?月(?P<part>底|末|初|中旬)|(?P<whole>下个|上个|这个|本)月"
)
# 上个月25号, 下月10日
_MONTH_AND_DAY = re.compile(
    r"(?P<which>下下个?|下个?|上上个?|上个?|这个?|本)月(?P<d>\d{1,2}|[一二三]?十?[一二三四五六七八九十])(?:号|日)?(?!\d|天|个|块|元)"
)
_FULL = re.compile(
    r"(?P<y>20\d{2})\s{0,2}[-./年]\s{0,2}(?P<m>\d{1,2})\s{0,2}[-./月]\s{0,2}(?P<d>\d{1,2})\s{0,2}[日号]?(?!\d)"
)
_NUMERAL = r"(?:\d{1,2}|[一二三]?十?[一二三四五六七八九十])"
_MONTH_DAY = re.compile(rf"(?<!\d)(?P<m>{_NUMERAL})月份?(?P<d>{_NUMERAL})(?:号|日)?(?!\d)")
_SLASHED = re.compile(
    r"(?<![\d./-])(?P<m>1[0-2]|0?[1-9])[./](?P<d>[12]\d|3[01]|0?[1-9])(?=号|日|前|之前|到|那天|晚|早|拍|买|下单|发|付)(?:号|日)?"
)
_DAY_OF_MONTH = re.compile(
    rf"(?<![\d月.第])(?P<d>{_NUMERAL})(?:号|日)(?!\d|楼|线|店|码|院|门|机|桌|电池|充|色|的鞋|链接|款|客服|公馆|铺|车)"
)
_WITHIN = re.compile(
    r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})(?P<unit>天|个?星期|周|个?礼拜)(?P<how>之内|以内|内|之后|以后|后|之前|以前|前)"
)
_FEASTS = {
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "618": (6, 18),
    "国庆节": (10, 1), "国庆": (10, 1), "十一前": (10, 1), "元旦": (1, 1), "圣诞节": (12, 25), "圣诞": (12, 25),
    "五一": (5, 1), "劳动节": (5, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八节": (3, 8), "儿童节": (6, 1), "六一": (6, 1),
    "教师节": (9, 10), "平安夜": (12, 24), "元宵": (0, 0), "春节": (0, 1), "过年": (0, 1), "端午": (0, 2), "中秋": (0, 3),
    "除夕": (-1, 1), "大年三十": (-1, 1), "年三十": (-1, 1),
}  # fmt: skip
_FEAST = re.compile("|".join(sorted((f for f in _FEASTS if f != "元宵"), key=len, reverse=True)))
# (-1, n): the day before. Feasts of the lunar calendar: new year, dragon boat, mid-autumn.
_LUNAR = {
    2025: ((1, 29), (5, 31), (10, 6)), 2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)), 2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)), 2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)), 2032: ((2, 11), (6, 12), (9, 19)),
}  # fmt: skip
_BEFORE = re.compile(r"\s{0,2}(?:号|日|那天)?(?:之前|以前|前(?!面|台|天))")
_PAST = re.compile(
    r"买的|拍的|下的单|下单了|下的|付的|付了|订的|收到的|签收|发的货|就发|就拍|就买|已经|拍下了|到的|寄的|寄出|退的|发货的|买了|拍了"
)


def dates(text: str, today: date, *, is_past: bool | None = None) -> Iterator[Found]:
    """ISO dates, or {"from", "to"} for spans (both days included) and for 周五前.

    A day without month or week is the next one from today, or the last one where the text tells
    of something done (12号拍的). `is_past`: where the caller knows which.
    """
    if is_past is None:
        is_past = _PAST.search(text) is not None
    for match, value in _matches(text, today, is_past):
        end = match.end()
        if isinstance(value, date):
            before = _BEFORE.match(text, end)
            if before and value >= today:
                yield Found("date", _span(today, value), match.start(), before.end())
                continue
            value = value.isoformat()
        yield Found("date", value, match.start(), end)


def _matches(text: str, today: date, is_past: bool) -> Iterator[tuple[re.Match[str], Any]]:
    for match in _FULL.finditer(text):
        if (day := _day(int(match["y"]), int(match["m"]), int(match["d"]))) is not None:
            yield match, day
    for pattern in (_MONTH_DAY, _SLASHED):
        for match in pattern.finditer(text):
            month, of_month = number(match["m"]), number(match["d"])
            if month and of_month and (day := _near(today, int(month), int(of_month), is_past)):
                yield match, day
    for match in _MONTH_AND_DAY.finditer(text):
        of_month = number(match["d"])
        months = today.month - 1 + _shift(match["which"])
        if of_month and (day := _day(today.year + months // 12, months % 12 + 1, int(of_month))):
            yield match, day
    for match in _DAY.finditer(text):
        yield match, today + timedelta(days=_DAYS[match.group()])
    for match in _WEEKDAY.finditer(text):
        yield match, _weekday(match["which"] or "", match["day"], today, is_past)
    for match in _WEEK.finditer(text):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_shift(match["which"]))
        yield match, _span(monday, monday + timedelta(days=6))
    for match in _MONTH.finditer(text):
        yield match, _month_part(match, today)
    for match in _WITHIN.finditer(text):
        if (value := _within(match, today)) is not None:
            yield match, value
    for match in _FEAST.finditer(text):
        if (day := _feast(match.group(), today)) is not None:
            yield match, day
    for match in _DAY_OF_MONTH.finditer(text):
        of_month = number(match["d"])
        if of_month and (day := _this_month(today, int(of_month), is_past)):
            yield match, day


def _span(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}


def _day(year: int, month: int, of_month: int) -> date | None:
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def _near(today: date, month: int, of_month: int, is_past: bool) -> date | None:
    """The year that lies best: the coming day, or the past one; at most half a year off."""
    days = [d for y in (-1, 0, 1) if (d := _day(today.year + y, month, of_month)) is not None]
    fitting = [d for d in days if (d <= today if is_past else d >= today - timedelta(days=60))]
    if not fitting:
        return None
    return max(fitting) if is_past else min(fitting)


def _this_month(today: date, of_month: int, is_past: bool) -> date | None:
    step = -1 if is_past else 1
    for months in range(3):
        month = today.month - 1 + step * months
        day = _day(today.year + month // 12, month % 12 + 1, of_month)
        if day is not None and (day <= today if is_past else day >= today):
            return day
    return None


def _shift(which: str) -> int:
    if which[:2] in ("下下", "上上"):
        return 2 if which[0] == "下" else -2
    return {"下": 1, "上": -1}.get(which[:1], 0)


def _weekday(which: str, day: str, today: date, is_past: bool) -> Any:
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=_WEEKDAYS[day])
    if which:
        found += timedelta(weeks=_shift(which))
    elif is_past and found > today:
        found -= timedelta(weeks=1)
    elif not is_past and found < today:
        found += timedelta(weeks=1)
    return _span(found, found + timedelta(days=1)) if day == "末" else found


def _month_part(match: re.Match[str], today: date) -> dict[str, str]:
    which = match["which"] or match["whole"] or ""
    shift = _shift(which)
    if match["part"] == "初" and not which and today.day > 5:
        shift = 1
    month = today.month - 1 + shift
    first = date(today.year + month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if match["part"] in ("底", "末"):
        return _span(first.replace(day=25), last)
    if match["part"] == "初":
        return _span(first, first.replace(day=5))
    if match["part"]:
        return _span(first.replace(day=11), first.replace(day=20))
    return _span(first, last)


def _within(match: re.Match[str], today: date) -> Any:
    count = number(match["n"])
    if not count:
        return None
    days = timedelta(days=int(count) * (1 if match["unit"] == "天" else 7))
    if match["how"].endswith("内"):
        return _span(today, today + days)
    return today + days if match["how"].endswith("后") else today - days


def _feast(name: str, today: date) -> date | None:
    month, of_month = _FEASTS[name]
    for year in (today.year, today.year + 1):
        if month > 0:
            day = _day(year, month, of_month)
        else:
            lunar = _LUNAR.get(year)
            day = _day(year, *lunar[of_month - 1]) if lunar else None
            day = day + timedelta(days=month) if day else None
        if day is not None and day >= today:
            return day
    return None
