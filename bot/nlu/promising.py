"""What somebody of the shop promises in a line, and by when: 明天上午给您回复, 48小时内补发.

Read clause by clause from data/patterns/promises.yml. A promise needs a time; only who waits for
goods is promised none. What is asked, denied, conditional or already done promises nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.nlu.dates import dates
from bot.nlu.normalise import normalise
from bot.nlu.numerals import number
from bot.nlu.sentences import Sentences
from bot.read_once import read_once

FILE = Path(__file__).resolve().parents[2] / "data" / "patterns" / "promises.yml"
MATTERS = ("resend", "refund", "restock", "send", "ship", "reply")  # the most telling first
RESTOCK = "restock"
_UNDATED_FOR = timedelta(days=60)
_PARTS = {"morning": time(12), "noon": time(14), "afternoon": time(18), "evening": time(22)}
_TIMES = ("soon", "today", "opening", *_PARTS)
_SOON = timedelta(hours=1)
_BORDER = re.compile(r"[^\w.:]+|\.(?!\d)")
_LONGEST = 500  # characters
_SPAN = re.compile(
    r"(?P<n>\d{1,3}|[一二两三四五六七八九十半]{1,3})个?(?P<half>半)?(?P<unit>小时|钟头|分钟)"
)
_CLOCK = re.compile(
    r"(?<!\d)(?P<h>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点|:)(?P<m>\d{2}|半|一刻)?(?!\d|击|赞|评)"
)


@dataclass(frozen=True, kw_only=True)
class Promised:
    matter: str  # one of MATTERS
    due: datetime  # in the zone of `now`
    words: str  # the clause that promises


@dataclass(frozen=True, kw_only=True)
class Day:
    """The shop's day, as times are reckoned from it."""

    now: datetime  # shop time, aware
    closing: time  # 今天 ends here
    opens: datetime | None = None  # when people come in next


def read_promise(text: str, day: Day) -> Promised | None:
    """The first promise of a line."""
    if len(text) > _LONGEST:
        return None
    clauses = [clause for clause in _BORDER.split(normalise(text)) if clause]
    for at, clause in enumerate(clauses):
        matter = _matter(clause)
        if matter is None:
            continue
        beside = clauses[at - 1 : at] if at else []
        due = next((due for one in (clause, *beside) if (due := _due(one, day))), None)
        if due is None and matter == RESTOCK:
            due = day.now + _UNDATED_FOR
        if due is not None and due > day.now:
            return Promised(matter=matter, due=due, words=clause)
    return None


def _matter(clause: str) -> str | None:
    patterns = _patterns()
    if patterns.of("not_promised").search(clause):
        return None
    return next((one for one in MATTERS if patterns.of(one).search(clause)), None)


def _due(clause: str, day: Day) -> datetime | None:
    if span := _span(clause):
        return day.now + span
    said = {name for name in _TIMES if _patterns().of(name).search(clause)}
    if "opening" in said:
        return None if day.opens is None else day.opens + _SOON
    on = _date(clause, day.now.date())
    at = _clock(clause, said) or next((_PARTS[one] for one in _PARTS if one in said), None)
    if on is None and at is None:
        if "today" in said:
            return _at(day.now.date(), day.closing, day)
        return day.now + _SOON if "soon" in said else None
    due = _at(on or day.now.date(), at or day.closing, day)
    return due + timedelta(days=1) if on is None and due <= day.now else due


def _at(on: date, at: time, day: Day) -> datetime:
    return datetime.combine(on, at, day.now.tzinfo)


def _span(clause: str) -> timedelta | None:
    found = _SPAN.search(clause)
    if found is None:
        return None
    count = 0.5 if found["n"] == "半" else number(found["n"])
    if not count:
        return None
    count = float(count) + (0.5 if found["half"] else 0)
    return timedelta(minutes=count) if found["unit"] == "分钟" else timedelta(hours=count)


def _date(clause: str, today: date) -> date | None:
    """The day, or the last one of a span."""
    found = next(iter(dates(clause, today, is_past=False)), None)
    if found is None:
        return None
    text = found.value["to"] if isinstance(found.value, dict) else found.value
    return date.fromisoformat(text)


def _clock(clause: str, said: set[str]) -> time | None:
    found = _CLOCK.search(clause)
    hour = number(found["h"]) if found else None
    if found is None or hour is None or hour > 23:
        return None
    if hour < 12 and (said & {"afternoon", "evening"} or (hour <= 7 and "morning" not in said)):
        hour += 12  # 3点给您回复 is in the afternoon
    minutes = {"半": 30, "一刻": 15, None: 0}
    minute = minutes[found["m"]] if found["m"] in minutes else int(found["m"])
    return time(int(hour), min(minute, 59))


class _Patterns:
    """One attribute for each kind of the file."""

    def __init__(self, sentences: Sentences) -> None:
        for kind in (*MATTERS, *_TIMES, "not_promised"):
            setattr(self, kind, sentences.within(kind))

    def of(self, kind: str) -> re.Pattern[str]:
        found: re.Pattern[str] = getattr(self, kind)
        return found


@read_once
def _patterns() -> _Patterns:
    return _Patterns(Sentences(FILE))


WORD_LISTS = (_patterns,)
