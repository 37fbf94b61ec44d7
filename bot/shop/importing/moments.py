"""Dates and times of import files, absolute or counted from the day of the import."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

RELATIVE = re.compile(r"([+-]\d+)([dh])(?:\s+(\d{1,2}):(\d{2}))?")


class NotAMoment(ValueError):
    """Neither a date nor a time."""


class Moments:
    """`-3d 14:20` is three days ago in shop time, `+6d` in six days, `-5h` five hours ago."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now, self.zone = now, zone

    def time(self, text: str) -> datetime:
        """Aware, in UTC; a day without a clock time is its noon. Raises NotAMoment."""
        found = RELATIVE.fullmatch(text.strip())
        if found and found[2] == "h" and found[3] is None:
            return self.now + timedelta(hours=int(found[1]))
        try:
            if found:
                day = self.now.astimezone(self.zone).date() + timedelta(days=int(found[1]))
                clock = (int(found[3] or 12), int(found[4] or 0))
                local = datetime(day.year, day.month, day.day, *clock)
            else:
                local = datetime.fromisoformat(text.strip())
                if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
                    local = local.replace(hour=12)
        except ValueError:
            raise NotAMoment(text) from None
        if local.tzinfo is None:
            local = local.replace(tzinfo=self.zone)
        return local.astimezone(timezone.utc)

    def day(self, text: str) -> date:
        """In shop time. Raises NotAMoment."""
        return self.time(text).astimezone(self.zone).date()
