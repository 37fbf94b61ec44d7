"""When the shop's people are in, and when they are back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = time.max  # "24:00", which Python has no time for
_WEEKDAY_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True)
class Window:
    """A stretch of a day, from `start` up to but without `end`; local time."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Window:
        """From "09:00-22:00"; ValueError where it is something else or runs backwards."""
        start, _, end = (part.strip() for part in text.partition("-"))
        closes = _MIDNIGHT if end == "24:00" else time.fromisoformat(end)
        window = cls(time.fromisoformat(start), closes)
        if window.start >= window.end:
            raise ValueError(text)
        return window

    def holds(self, moment: time) -> bool:
        return self.start <= moment and (moment < self.end or self.end == _MIDNIGHT)

    def __str__(self) -> str:
        end = "24:00" if self.end == _MIDNIGHT else f"{self.end:%H:%M}"
        return f"{self.start:%H:%M}-{end}"


@dataclass(frozen=True)
class Night:
    """A stretch from one day into the next, in which nobody is written to; local time."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Night:
        """From "21:30-09:00"; ValueError where it is something else or stays within a day."""
        start, _, end = (part.strip() for part in text.partition("-"))
        night = cls(time.fromisoformat(start), time.fromisoformat(end))
        if night.start <= night.end:
            raise ValueError(text)
        return night

    def holds(self, moment: time) -> bool:
        return moment >= self.start or moment < self.end


def _stretch(first: int, last: int) -> str:
    if (first, last) == (0, len(WEEKDAYS) - 1):
        return "每天"
    names = _WEEKDAY_NAMES[first], _WEEKDAY_NAMES[last]
    return names[0] if first == last else "到".join(names)


@dataclass(frozen=True)
class BusinessHours:
    """Weekly hours of the people, Monday first; None = closed that day."""

    by_weekday: tuple[Window | None, ...]
    closed_on: frozenset[date]
    zone: ZoneInfo

    def __str__(self) -> str:
        """周一到周五09:00-22:00、周六到周日10:00-21:00; "" where nobody is ever in."""
        stretches: list[tuple[int, int]] = []
        for day, window in enumerate(self.by_weekday):
            if stretches and self.by_weekday[stretches[-1][0]] == window:
                stretches[-1] = (stretches[-1][0], day)
            else:
                stretches.append((day, day))
        return "、".join(
            f"{_stretch(first, last)}{self.by_weekday[first]}"
            for first, last in stretches
            if self.by_weekday[first] is not None
        )

    def of(self, day: date) -> Window | None:
        return None if day in self.closed_on else self.by_weekday[day.weekday()]

    def are_open(self, now: datetime) -> bool:
        local = now.astimezone(self.zone)
        window = self.of(local.date())
        return window is not None and window.holds(local.time())

    def next_opening(self, now: datetime) -> datetime | None:
        """The next moment at which people come in; None where the shop opens no more."""
        local = now.astimezone(self.zone)
        for ahead in range(60):
            day = local.date() + timedelta(days=ahead)
            window = self.of(day)
            if window is not None:
                opening = datetime.combine(day, window.start, self.zone)
                if opening > local:
                    return opening
        return None

    def back_text(self, now: datetime) -> str:
        """今天 09:00, 明天 10:00, 周一 09:00, 2月16日 09:00."""
        opening = self.next_opening(now)
        if opening is None:
            return "尽快"
        days = (opening.date() - now.astimezone(self.zone).date()).days
        if days < 2:
            day = ("今天", "明天")[days]
        elif days < 7:
            day = _WEEKDAY_NAMES[opening.weekday()]
        else:
            day = f"{opening.month}月{opening.day}日"
        return f"{day} {opening:%H:%M}"

    def text(self) -> str:
        """周一至周五 09:00-22:00,周六至周日 10:00-21:00."""
        stretches: list[tuple[int, int, Window]] = []
        for weekday, window in enumerate(self.by_weekday):
            if window is None:
                continue
            if stretches and stretches[-1][1] == weekday - 1 and stretches[-1][2] == window:
                stretches[-1] = (stretches[-1][0], weekday, window)
            else:
                stretches.append((weekday, weekday, window))
        return ",".join(
            (
                _WEEKDAY_NAMES[first]
                if first == last
                else f"{_WEEKDAY_NAMES[first]}至{_WEEKDAY_NAMES[last]}"
            )
            + f" {window}"
            for first, last, window in stretches
        )
