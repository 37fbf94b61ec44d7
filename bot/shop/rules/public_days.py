"""Public holidays of mainland China with their made-up workdays (调休), as `holidays` knows them.

The swaps of a year are announced in the November before. Of a year whose swaps it does not know
yet the library has the statutory days alone: that is said once in the log, and nothing fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays
import structlog

log = structlog.get_logger(__name__)

_SWAPPED = "休息日"  # a day off that is paid for with a weekend: no name of its own
_EVE, _NEW_YEAR = "农历除夕", "春节"


def is_day_off(day: date) -> bool:
    return day in _of(day.year)[0]


def is_made_up(day: date) -> bool:
    """A Saturday or Sunday on which the country works."""
    return day in _of(day.year)[1]


def name_of(days: Iterable[date]) -> str:
    """What a stretch of days off is called, 国庆节; "" where none of them has a name."""
    names: Counter[str] = Counter()
    for day in days:
        told = _of(day.year)[0].get(day, "")
        for name in told.split("; ") if told else ():
            plain = name.partition("（")[0]
            if plain and not plain.startswith(_SWAPPED):
                names[_NEW_YEAR if plain == _EVE else plain] += 1
    return names.most_common(1)[0][0] if names else ""


@lru_cache(maxsize=8)
def _of(year: int) -> tuple[dict[date, str], frozenset[date]]:
    """(days off with their names, made-up workdays) of one year."""
    found = holidays.country_holidays("CN", years=year, language="zh_CN")
    made_up = frozenset(day for day in found.weekend_workdays if day.year == year)
    if not made_up:  # there has been no year without since 2001
        log.warning("shipping.swaps_unknown", year=year)
    return {day: name for day, name in found.items() if day.year == year}, made_up
