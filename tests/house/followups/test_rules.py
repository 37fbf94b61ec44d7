"""When a planned message may go out: a table of cases, and what holds for every case."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.followups.kinds import read_kinds
from bot.followups.rules import (
    Circumstances,
    Drop,
    FollowUp,
    Postpone,
    Reason,
    Send,
    judge,
    next_window,
)
from bot.hours import Window
from bot.settings import FollowUpPlan

ZONE = ZoneInfo("Asia/Shanghai")
WINDOWS = (Window(time(12), time(13, 30)), Window(time(18), time(20, 30)))
PLAN = FollowUpPlan(windows=WINDOWS, at_most_in_30_days=6, at_most_in_40_days=10, after={})
KINDS = read_kinds()
NOON = datetime(2026, 5, 6, 12, 10, tzinfo=ZONE)
DAY = timedelta(days=1)


def follow_up(kind: str = "unpaid_order", planned_at: datetime = NOON - DAY) -> FollowUp:
    return FollowUp(
        follow_up_id=1,
        conversation_id="c",
        buyer_id="b",
        kind=kind,
        key="k",
        about={},
        planned_at=planned_at,
        due_at=NOON,
    )


def seen(**changed: Any) -> Circumstances:
    usual: dict[str, Any] = {
        "now": NOON,
        "opted_out": False,
        "person_in_chat": False,
        "last_buyer_at": None,
        "sent_at": (),
        "reason_holds": True,
    }
    return Circumstances(**{**usual, **changed})


def days_ago(*days: float) -> list[datetime]:
    return [NOON - timedelta(days=one) for one in days]


@pytest.mark.parametrize(
    ("kind", "circumstances", "verdict"),
    [
        ("unpaid_order", seen(), Send()),
        ("unpaid_order", seen(opted_out=True), Drop(Reason.OPTED_OUT)),
        ("unpaid_order", seen(reason_holds=False), Drop(Reason.GONE)),
        ("unpaid_order", seen(last_buyer_at=NOON), Send()),
        ("undecided", seen(last_buyer_at=NOON), Drop(Reason.ANSWERED)),
        ("undecided", seen(last_buyer_at=NOON - 2 * DAY), Send()),
        ("restock", seen(not_yet=True), Postpone(NOON + timedelta(hours=6), Reason.NOT_YET)),
        ("restock", seen(not_yet=True, opted_out=True), Drop(Reason.OPTED_OUT)),
        (
            "unpaid_order",
            seen(person_in_chat=True),
            Postpone(NOON + timedelta(minutes=30), Reason.PERSON),
        ),
        ("unpaid_order", seen(sent_at=days_ago(1, 2, 3, 4, 5)), Send()),
        # Numbers of messages count where they are known, whatever the clock did.
        (
            "undecided",
            seen(last_buyer_at=NOON - 2 * DAY, has_written_since=True),
            Drop(Reason.ANSWERED),
        ),
        ("undecided", seen(last_buyer_at=NOON, has_written_since=False), Send()),
        # One an hour ago: not before four hours have passed, in the next window after.
        (
            "unpaid_order",
            seen(sent_at=days_ago(1 / 24)),
            Postpone(NOON.replace(hour=18, minute=0), Reason.GAP),
        ),
        (
            "restock",
            seen(sent_at=days_ago(1 / 24)),
            Postpone(NOON.replace(hour=18, minute=0), Reason.GAP),
        ),
        # The house was away for days.
        ("unpaid_order", seen(now=NOON + 2 * DAY), Drop(Reason.TOO_OLD)),
        ("undecided", seen(now=NOON + 2 * DAY), Drop(Reason.TOO_OLD)),
        ("restock", seen(now=NOON + 2 * DAY), Send()),
        ("restock", seen(now=NOON + 60 * DAY), Drop(Reason.TOO_OLD)),
        ("unpaid_order", seen(sent_at=days_ago(1, 2, 3, 4, 5, 6)), Drop(Reason.TOO_MANY)),
        ("unpaid_order", seen(sent_at=days_ago(1, 2, 3, 4, 5, 31)), Send()),
        (
            "unpaid_order",
            seen(sent_at=days_ago(1, 2, 3, 4, 5, 31, 32, 33, 34, 35)),
            Drop(Reason.TOO_MANY),
        ),
        ("unpaid_order", seen(sent_at=days_ago(1, 2, 3, 4, 5, *[41] * 9)), Send()),
        (
            "unpaid_order",
            seen(now=NOON - timedelta(hours=1)),
            Postpone(NOON.replace(hour=12, minute=0), Reason.HOURS),
        ),
        (
            "unpaid_order",
            seen(now=NOON.replace(hour=23)),
            Postpone((NOON + DAY).replace(hour=12, minute=0), Reason.HOURS),
        ),
    ],
)
def test_the_verdict(kind: str, circumstances: Circumstances, verdict: Any) -> None:
    assert judge(follow_up(kind), circumstances, KINDS[kind], PLAN, ZONE) == verdict


MOMENTS = st.datetimes(
    datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc)
)
CIRCUMSTANCES = st.builds(
    Circumstances,
    now=MOMENTS,
    opted_out=st.booleans(),
    person_in_chat=st.booleans(),
    last_buyer_at=st.none() | MOMENTS,
    sent_at=st.lists(MOMENTS, max_size=14),
    reason_holds=st.booleans(),
    not_yet=st.booleans(),
)
# A draft for a colleague is told whatever the hour and whatever the buyer has had.
NAMES = st.sampled_from(sorted(name for name, kind in KINDS.items() if not kind.to_person))


@given(NAMES, MOMENTS, CIRCUMSTANCES)
def test_nothing_goes_out_that_should_not(
    kind: str, planned_at: datetime, circumstances: Circumstances
) -> None:
    if judge(follow_up(kind, planned_at), circumstances, KINDS[kind], PLAN, ZONE) != Send():
        return
    local = circumstances.now.astimezone(ZONE).time()
    assert any(window.holds(local) for window in WINDOWS)
    assert not circumstances.opted_out
    assert not circumstances.person_in_chat
    assert circumstances.reason_holds and not circumstances.not_yet
    for days, most in ((30, 6), (40, 10)):
        since = circumstances.now - timedelta(days=days)
        assert sum(1 for at in circumstances.sent_at if at > since) < most


@given(NAMES, MOMENTS, CIRCUMSTANCES)
def test_what_is_postponed_is_postponed_into_the_future(
    kind: str, planned_at: datetime, circumstances: Circumstances
) -> None:
    verdict = judge(follow_up(kind, planned_at), circumstances, KINDS[kind], PLAN, ZONE)
    if isinstance(verdict, Postpone):
        assert verdict.until > circumstances.now


@given(MOMENTS)
def test_the_next_window_is_open_and_less_than_a_day_away(now: datetime) -> None:
    opening = next_window(now, WINDOWS, ZONE)
    assert any(window.holds(opening.astimezone(ZONE).time()) for window in WINDOWS)
    assert now <= opening < now + DAY
