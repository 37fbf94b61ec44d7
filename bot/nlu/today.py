"""Which day it is for 明天 and 12号拍的: by the shop's clock and in the shop's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from functools import partial
from zoneinfo import ZoneInfo

_zone = ZoneInfo("Asia/Shanghai")
_clock: Callable[[], datetime] = partial(datetime.now, timezone.utc)


def use_clock(clock: Callable[[], datetime], zone: ZoneInfo) -> None:
    """From now on days are reckoned by this clock (aware datetimes) in this zone."""
    global _clock, _zone
    _clock, _zone = clock, zone


def today() -> date:
    return _clock().astimezone(_zone).date()
