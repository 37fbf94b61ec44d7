"""The shop's own day and time of day; everything stored is UTC, everything told is local."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from functools import partial
from zoneinfo import ZoneInfo

_zone = ZoneInfo("Asia/Shanghai")
_clock: Callable[[], datetime] = partial(datetime.now, timezone.utc)


def provide(clock: Callable[[], datetime], zone: ZoneInfo) -> None:
    """Gives actions the house's clock (aware datetimes) and the zone to speak of days in."""
    global _clock, _zone
    _clock, _zone = clock, zone


def now() -> datetime:
    """Aware UTC."""
    return _clock()


def local(moment: datetime) -> datetime:
    return moment.astimezone(_zone)


def today() -> date:
    return local(_clock()).date()


def moment_text(moment: datetime) -> str:
    """11月20日 14:05, in the shop's zone."""
    here = local(moment)
    return f"{here.month}月{here.day}日 {here:%H:%M}"


def near_day_text(day: date) -> str:
    """今天, 明天, 后天, else 11月23日."""
    ahead = (day - today()).days
    if 0 <= ahead <= 2:
        return ("今天", "明天", "后天")[ahead]
    return f"{day.month}月{day.day}日"
