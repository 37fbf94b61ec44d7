"""Dates and times of import files, absolute or counted from the day of the import."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

# 2027/6/18, 2027.6.18, 2027年6月18日, 20270618, with a clock time behind or without.
WRITTEN = re.compile(
    r"(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?|(\d{2})(\d{2}))"
    r"(?:[T\s]*(\d{1,2})[:：](\d{2})(?:[:：](\d{2})(?:\.\d+)?)?)?"
)
NEXT = re.compile(r"(\d{1,2})[月/](\d{1,2})[日号]?")  # 6月18日: the next one
SERIAL = re.compile(r"[345]\d{4}")  # days since 1900, what Excel holds a date as
RELATIVE = re.compile(r"([+-]\d+)([dh])(?:\s+(\d{1,2}):(\d{2}))?")


class NotAMoment(ValueError):
    """Neither a date nor a time."""


class Moments:
    """`-3d 14:20` is three days ago in shop time, `+6d` in six days, `-5h` five hours ago."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now, self.zone = now, zone

    def time(self, text: str) -> datetime:
        """Aware, in UTC; a day without a clock time is its noon. Raises NotAMoment."""
        text = unicodedata.normalize("NFKC", text).strip()
        if (written := self._written(text)) is not None:
            return written.replace(tzinfo=self.zone).astimezone(timezone.utc)
        found = RELATIVE.fullmatch(text)
        if found and found[2] == "h" and found[3] is None:
            return self.now + timedelta(hours=int(found[1]))
        try:
            if found:
                day = self.now.astimezone(self.zone).date() + timedelta(days=int(found[1]))
                clock = (int(found[3] or 12), int(found[4] or 0))
                local = datetime(day.year, day.month, day.day, *clock)
            else:
                local = datetime.fromisoformat(text)
        except ValueError:
            raise NotAMoment(text) from None
        if local.tzinfo is None:
            local = local.replace(tzinfo=self.zone)
        return local.astimezone(timezone.utc)

    def _written(self, text: str) -> datetime | None:
        """As people and Excel write a day, without a zone; None where it is not written so."""
        try:
            if found := WRITTEN.fullmatch(text):
                year, month, day = found[1], found[2] or found[4], found[3] or found[5]
                hour, minute = (int(found[6]), int(found[7])) if found[6] else (12, 0)
                return datetime(int(year), int(month), int(day), hour, minute)
            if SERIAL.fullmatch(text):
                return datetime(1899, 12, 30, 12) + timedelta(days=int(text))
            if found := NEXT.fullmatch(text):
                today = self.now.astimezone(self.zone).date()
                month, day = int(found[1]), int(found[2])
                year = today.year + ((month, day) < (today.month, today.day))
                return datetime(year, month, day, 12)
        except ValueError:
            raise NotAMoment(text) from None
        return None

    def day(self, text: str) -> date:
        """In shop time. Raises NotAMoment."""
        return self.time(text).astimezone(self.zone).date()
