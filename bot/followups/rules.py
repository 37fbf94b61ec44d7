"""When a planned message may go out (domain rules: never a pest, never at a bad hour)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from bot.hours import Window
from bot.settings import FollowUpPlan

AFTER_SEQ = "after_seq"
"""In `about`: the number of the last message when it was planned."""


class FollowUpStatus(Enum):
    PLANNED = "planned"
    SENT = "sent"
    DROPPED = "dropped"


class Reason(Enum):
    """Why a planned message is not sent after all."""

    OPTED_OUT = "opted_out"
    GONE = "gone"  # paid, cancelled, bought: the reason has passed
    REFUSED = "refused"  # not this: 不买了, 不用了
    ANSWERED = "answered"  # the buyer has written since
    TOO_MANY = "too_many"
    TOO_OLD = "too_old"  # the house was away, or the buyer was never free, for too long
    UNKNOWN_KIND = "unknown_kind"


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    follow_up_id: int
    conversation_id: str
    buyer_id: str
    kind: str
    key: str
    about: Mapping[str, Any]
    planned_at: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is true at the moment of judging."""

    now: datetime
    opted_out: bool
    person_in_chat: bool
    last_buyer_at: datetime | None
    sent_at: Sequence[datetime]  # all follow-ups this buyer got
    reason_holds: bool  # order still unpaid, product still not bought, …
    not_yet: bool = False  # the occasion has not come (stock is not back)
    # By the numbers of the messages, which no clock turns back; None: planned without one.
    has_written_since: bool | None = None


@dataclass(frozen=True)
class Send:
    pass


@dataclass(frozen=True)
class Postpone:
    until: datetime


@dataclass(frozen=True)
class Drop:
    reason: Reason


Verdict = Send | Postpone | Drop

_WHILE_PERSON_TALKS = timedelta(minutes=30)
_LOOK_AGAIN = timedelta(hours=6)
GAP = timedelta(hours=4)
"""Between two follow-ups to one buyer: what piled up while the house was away comes spread."""
_GREATEST_AGE = {"unpaid_order": timedelta(days=2), "undecided": timedelta(days=2)}
_OLDEST = timedelta(days=60)  # of every other kind: who asked for stock may wait long
# Being told of stock or of a parcel is what the buyer waits for, whatever was said meanwhile.
_STOPS_WHEN_ANSWERED = ("undecided",)


def judge(follow_up: FollowUp, seen: Circumstances, plan: FollowUpPlan, zone: ZoneInfo) -> Verdict:
    if seen.opted_out:
        return Drop(Reason.OPTED_OUT)
    if not seen.reason_holds:
        return Drop(Reason.GONE)
    answered = seen.has_written_since
    if answered is None:
        answered = seen.last_buyer_at is not None and seen.last_buyer_at > follow_up.planned_at
    if seen.now - follow_up.planned_at > _GREATEST_AGE.get(follow_up.kind, _OLDEST):
        return Drop(Reason.TOO_OLD)
    if answered and follow_up.kind in _STOPS_WHEN_ANSWERED:
        return Drop(Reason.ANSWERED)
    if seen.not_yet:
        return Postpone(seen.now + _LOOK_AGAIN)
    if seen.person_in_chat:
        return Postpone(seen.now + _WHILE_PERSON_TALKS)
    if _within(seen, 30) >= plan.at_most_in_30_days or _within(seen, 40) >= plan.at_most_in_40_days:
        return Drop(Reason.TOO_MANY)
    free = max((at + GAP for at in seen.sent_at if at <= seen.now), default=seen.now)
    opening = next_window(max(seen.now, free), plan.windows, zone)
    return Send() if opening <= seen.now else Postpone(opening)


def next_window(now: datetime, windows: Sequence[Window], zone: ZoneInfo) -> datetime:
    """Now where a window is open, else the start of the next one (in the shop's time zone)."""
    local = now.astimezone(zone)
    if any(window.holds(local.time()) for window in windows):
        return now
    starts = [
        datetime.combine(local.date() + timedelta(days=ahead), window.start, zone)
        for ahead in (0, 1)
        for window in windows
    ]
    return min(start for start in starts if start > local)


def _within(seen: Circumstances, days: int) -> int:
    return sum(1 for at in seen.sent_at if at > seen.now - timedelta(days=days))
