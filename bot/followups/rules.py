"""When a planned message may go out (domain rules: never a pest, never at a bad hour).

`judge` is pure: everything it goes by stands in `Circumstances`, read in one transaction. It is asked
twice, before the words are made and again inside the transaction that writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from bot.followups.kinds import AskedBy, Kind
from bot.hours import Window
from bot.settings import FollowUpPlan
from bot.shop.rules.public_days import is_day_off

AFTER_SEQ = "after_seq"
"""In `about`: the number of the last message when it was planned."""


class FollowUpStatus(Enum):
    PLANNED = "planned"
    SENT = "sent"
    JOINED = "joined"  # said together with another one, in its message
    HANDED = "handed"  # to a person, as a draft
    DROPPED = "dropped"


class Reason(Enum):
    """Why a planned message is not sent, or not now."""

    # not at all
    OPTED_OUT = "opted_out"
    GONE = "gone"  # paid, cancelled, bought: the reason has passed
    REFUSED = "refused"  # not this: 不买了, 不用了
    ANSWERED = "answered"  # the buyer has written since
    TOO_MANY = "too_many"
    TOO_OLD = "too_old"  # the house was away, or the buyer was never free, for too long
    UNKNOWN_KIND = "unknown_kind"  # or one that was switched off meanwhile
    STOPPED = "stopped"  # by an agent
    # later
    NOT_YET = "not_yet"  # the occasion has not come
    PERSON = "person"  # somebody of the shop is in one of this buyer's chats, or just was
    PROMISED = "promised"  # somebody of the shop has said when the buyer hears more
    GAP = "gap"  # the buyer has just got another one
    HOURS = "hours"
    HOLIDAY = "holiday"
    CHAT_BUSY = "chat_busy"  # a line waits for its answer, or the memory moved
    SPREAD = "spread"  # many are late: they come one after the other
    SHOP_DOWN = "shop_down"
    NO_CHAT = "no_chat"  # the buyer has no chat and no other door
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    follow_up_id: int
    conversation_id: str  # "" = the buyer's newest, whichever that is when it is sent
    buyer_id: str
    kind: str
    key: str
    about: Mapping[str, Any]
    planned_at: datetime
    due_at: datetime
    wanted_at: datetime | None = None  # when it was first due; None: planned before that was kept


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is true at the moment of judging."""

    now: datetime
    opted_out: bool
    person_in_chat: bool  # in any chat of this buyer
    last_buyer_at: datetime | None
    sent_at: Sequence[datetime]  # all follow-ups this buyer got
    reason_holds: bool  # order still unpaid, product still not bought, …
    ended_by: str = ""  # the ending that came, where one did
    not_yet: bool = False  # the occasion has not come (stock is not back)
    # By the numbers of the messages, which no clock turns back; None: planned without one.
    has_written_since: bool | None = None
    last_agent_at: datetime | None = None  # last line of a person, in any chat of this buyer
    promised_until: datetime | None = None  # a person has said that they come back by then


@dataclass(frozen=True)
class Send:
    pass


@dataclass(frozen=True)
class Postpone:
    until: datetime
    reason: Reason


@dataclass(frozen=True)
class Drop:
    reason: Reason


Verdict = Send | Postpone | Drop

_WHILE_PERSON_TALKS = timedelta(minutes=30)
AFTER_PERSON = timedelta(hours=2)
"""Since a person's last line: what they have just said is not talked over by a machine."""
_LOOK_AGAIN = timedelta(hours=6)
GAP = timedelta(hours=4)
"""Between two follow-ups to one buyer: what piled up while the house was away comes spread."""
_MOST_DAYS_AHEAD = 20  # looked through for an hour that suits: no holiday is as long


def judge(
    follow_up: FollowUp,
    seen: Circumstances,
    kind: Kind,
    plan: FollowUpPlan,
    zone: ZoneInfo,
    *,
    by_agent: bool = False,
) -> Verdict:
    """`by_agent`: a person wants it said now. What protects the buyer holds all the same; good hours,
    pauses and what that person has said themselves do not hold it back."""
    if seen.opted_out:
        return Drop(Reason.OPTED_OUT)
    if not seen.reason_holds:
        return Drop(Reason.GONE)
    answered = seen.has_written_since
    if answered is None:
        answered = seen.last_buyer_at is not None and seen.last_buyer_at > follow_up.planned_at
    if seen.now > (follow_up.wanted_at or follow_up.planned_at) + kind.expires:
        return Drop(Reason.TOO_OLD)
    if answered and "answered" in kind.ends_when:
        return Drop(Reason.ANSWERED)
    if seen.not_yet:
        return Postpone(seen.now + _LOOK_AGAIN, Reason.NOT_YET)
    if kind.to_person:  # a colleague is told whatever the buyer has had
        return Send()
    if seen.person_in_chat:
        return Postpone(seen.now + _WHILE_PERSON_TALKS, Reason.PERSON)
    if by_agent:
        kind = replace(kind, in_good_hours=False, on_holidays=True, not_before=None)
    elif kind.asked_by is not AskedBy.BUYER and (held := _held_by_person(seen)):
        return held
    if _is_too_many(seen, kind, plan):
        return Drop(Reason.TOO_MANY)
    free = max((at + GAP for at in seen.sent_at if at <= seen.now), default=seen.now)
    if free > seen.now and not by_agent:
        return Postpone(next_moment(free, kind, plan, zone)[0], Reason.GAP)
    opening, why = next_moment(seen.now, kind, plan, zone)
    return Send() if opening <= seen.now else Postpone(opening, why)


def _held_by_person(seen: Circumstances) -> Postpone | None:
    if seen.promised_until is not None and seen.promised_until > seen.now:
        return Postpone(min(seen.promised_until, seen.now + timedelta(days=1)), Reason.PROMISED)
    last = seen.last_agent_at
    if last is not None and last <= seen.now < last + AFTER_PERSON:
        return Postpone(last + AFTER_PERSON, Reason.PERSON)
    return None


def _is_too_many(seen: Circumstances, kind: Kind, plan: FollowUpPlan) -> bool:
    """The last few messages of the cap are for what the buyer or the order needs."""
    room = kind.leaves_room
    return (
        _within(seen, 30) >= plan.at_most_in_30_days - room
        or _within(seen, 40) >= plan.at_most_in_40_days - room
    )


def next_moment(
    now: datetime, kind: Kind, plan: FollowUpPlan, zone: ZoneInfo
) -> tuple[datetime, Reason]:
    """The first moment from now on at which this kind may be said, and what stands against now."""
    moment, why = now, Reason.HOURS
    for _ in range(2 * _MOST_DAYS_AHEAD):
        local = moment.astimezone(zone)
        if not kind.on_holidays and is_day_off(local.date()):
            moment, why = _day_after(local), Reason.HOLIDAY
            continue
        opening = _opening(local, kind, plan, zone)
        if opening <= moment:
            return moment, why
        moment = opening
    return moment, why


def _opening(local: datetime, kind: Kind, plan: FollowUpPlan, zone: ZoneInfo) -> datetime:
    """`local` itself, or the next moment at which hours allow the kind."""
    if kind.not_before is not None and local.time() < kind.not_before:
        local = datetime.combine(local.date(), kind.not_before, zone)
    if kind.in_good_hours:
        return next_window(local, plan.windows, zone)
    quiet = plan.quiet
    if not quiet.holds(local.time()):
        return local
    ends = datetime.combine(local.date(), quiet.end, zone)
    return ends if ends > local else ends + timedelta(days=1)


def _day_after(local: datetime) -> datetime:
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)


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
