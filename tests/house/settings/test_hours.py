"""When people are in, when they are back, and how that is said."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import BusinessHours, Window

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = Window.parse("09:00-22:00")
WEEKEND = Window.parse("10:00-21:00")
SPRING = date(2026, 5, 6)  # a Wednesday
HOURS = BusinessHours((*[WEEK] * 5, WEEKEND, None), frozenset({SPRING}), ZONE)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "are_open"),
    [
        ("2026-05-04 08:59", False),
        ("2026-05-04 09:00", True),
        ("2026-05-04 21:59", True),
        ("2026-05-04 22:00", False),
        ("2026-05-06 12:00", False),
        ("2026-05-09 09:30", False),
        ("2026-05-10 12:00", False),
    ],
)
def test_people_are_in_from_start_to_end_but_not_on_days_off(now: str, are_open: bool) -> None:
    assert HOURS.are_open(moment(now)) is are_open


@pytest.mark.parametrize(
    ("now", "back"),
    [
        ("2026-05-04 08:00", "今天 09:00"),
        ("2026-05-04 23:00", "明天 09:00"),
        ("2026-05-05 23:00", "周四 09:00"),
        ("2026-05-09 21:00", "周一 09:00"),
    ],
)
def test_it_is_said_when_people_are_back(now: str, back: str) -> None:
    assert HOURS.back_text(moment(now)) == back


def test_after_a_long_holiday_the_date_is_said() -> None:
    holiday = frozenset(date(2026, 5, day) for day in range(4, 17))
    hours = BusinessHours((WEEK,) * 7, holiday, ZONE)
    assert hours.back_text(moment("2026-05-04 12:00")) == "5月17日 09:00"


def test_a_shop_without_people_promises_no_time() -> None:
    assert (
        BusinessHours((None,) * 7, frozenset(), ZONE).back_text(moment("2026-05-04 12:00"))
        == "尽快"
    )


def test_equal_days_are_named_together() -> None:
    assert HOURS.text() == "周一至周五 09:00-22:00,周六 10:00-21:00"


def test_open_until_midnight_includes_the_last_second() -> None:
    window = Window.parse("18:00-24:00")
    assert window.holds(time.max)
    assert str(window) == "18:00-24:00"


@pytest.mark.parametrize("text", ["", "09:00", "22:00-09:00", "09:00-09:00", "9-22", "24:00-25:00"])
def test_what_is_no_stretch_of_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Window.parse(text)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
def test_the_next_opening_is_ahead_and_open(now: datetime) -> None:
    local = now.replace(tzinfo=ZONE)
    opening = HOURS.next_opening(local)
    assert opening is not None
    assert opening > local
    assert HOURS.are_open(opening)


@pytest.mark.parametrize(
    ("by_weekday", "told"),
    [
        ((*[WEEK] * 5, WEEKEND, None), "周一到周五09:00-22:00、周六10:00-21:00"),
        ([WEEK] * 7, "每天09:00-22:00"),
        ([None] * 7, ""),
    ],
)
def test_the_week_is_told_in_stretches(by_weekday: list[Window | None], told: str) -> None:
    assert str(BusinessHours(tuple(by_weekday), frozenset(), ZONE)) == told
