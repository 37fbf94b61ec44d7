"""The shop's own settings, read from shop/settings.yml; a mistake there is told by its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.hours import WEEKDAYS, BusinessHours, Window
from bot.settings_file import SettingsError, SettingsFile

# Kinds of follow-ups that may stand in the file; one left out is switched off.
FOLLOW_UP_KINDS = ("unpaid_order", "undecided", "restock")

# How long what is kept, in days, where the file is silent.
RETENTION_DAYS = {
    "conversations": 180,
    "pictures": 180,
    "follow_ups": 90,
    "requests": 30,
    "reveals": 1095,
}
# Most follow-ups are counted over forty days, and an answer is tried again for hours.
_SHORTEST_DAYS = {"follow_ups": 40, "requests": 2}

_LONGEST_NOTICE = 40  # characters: two lines of a phone

# Every key of the file; docs/settings.md says what each means.
KEYS = frozenset(
    {
        "shop",
        "shop.name",
        "shop.assistant",
        "shop.kind",
        "shop.new_arrivals",
        "shop.time_zone",
        "business_hours",
    }
    | {"greeting", "greeting.first", "greeting.known", "greeting.away", "greeting.quick_questions"}
    | {"reading", "reading.burst_wait_ms", "reading.longest_wait_ms"}
    | {"sessions", "sessions.silence_minutes"}
    | {"follow_ups", "follow_ups.windows", "follow_ups.at_most"}
    | {"follow_ups.at_most.in_30_days", "follow_ups.at_most.in_40_days"}
    | {"privacy", "privacy.notice", "privacy.page", "privacy.contact"}
    | {"retention", *(f"retention.{name}_days" for name in RETENTION_DAYS)}
) | {
    key
    for kind in FOLLOW_UP_KINDS
    for key in (f"follow_ups.{kind}", f"follow_ups.{kind}.after_minutes")
}


@dataclass(frozen=True, kw_only=True)
class Greeting:
    first: str
    known: str  # may hold {nickname}
    away: str  # may hold {back}
    quick_questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Reading:
    burst_wait_s: float
    longest_wait_s: float


@dataclass(frozen=True, kw_only=True)
class FollowUpPlan:
    windows: tuple[Window, ...]
    at_most_in_30_days: int
    at_most_in_40_days: int
    after: Mapping[str, timedelta]  # by kind


@dataclass(frozen=True, kw_only=True)
class RetentionPlan:
    """How long what is kept; orders, buyers and cases are the shop's books and stay."""

    conversations: timedelta  # since their last line
    pictures: timedelta
    follow_ups: timedelta
    requests: timedelta  # answers kept for a call that is tried again
    reveals: timedelta  # who looked up a phone or an address


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """What the shop itself says of its buyers' data; "" = the usual words (privacy_notice.py)."""

    notice: str = ""  # the line in the chat; may hold {days} and {shop}
    page: str = ""  # of the shop's own; https://…
    contact: str = ""  # how a buyer asks for their data, or for its deletion


@dataclass(frozen=True, kw_only=True)
class ShopSettings:
    name: str
    assistant: str
    kind: str  # what it sells, in a few words
    new_arrivals: str  # when new goods come, as it is said to buyers
    zone: ZoneInfo
    hours: BusinessHours
    greeting: Greeting
    reading: Reading
    follow_ups: FollowUpPlan
    retention: RetentionPlan
    privacy: Privacy
    session_silence: timedelta = timedelta(minutes=30)  # of the buyer: the talk is over

    @property
    def words(self) -> Mapping[str, str]:
        """What stands in the braces of replies: {assistant}, {shop_name}, {shop_kind}, …"""
        return {
            "shop_name": self.name,
            "assistant": self.assistant,
            "shop_kind": self.kind,
            "new_arrivals": self.new_arrivals,
        }


def read_shop_settings(path: Path) -> ShopSettings:
    """Raises SettingsError naming the file, the line and what to write instead."""
    file = SettingsFile(path)
    file.demand_known(KEYS, free=("business_hours",))
    zone = _zone(file)
    return ShopSettings(
        name=file.text("shop.name"),
        assistant=file.text("shop.assistant"),
        kind=file.text("shop.kind"),
        new_arrivals=file.text("shop.new_arrivals"),
        zone=zone,
        hours=_hours(file, zone),
        greeting=_greeting(file),
        reading=_reading(file),
        follow_ups=_follow_ups(file),
        retention=_retention(file),
        privacy=_privacy(file),
        session_silence=timedelta(
            minutes=file.whole("sessions.silence_minutes", 30, least=5, most=1440)
        ),
    )


def _zone(file: SettingsFile) -> ZoneInfo:
    name = file.text("shop.time_zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise file.error("shop.time_zone", f"没有时区「{name}」,国内请写 Asia/Shanghai") from None


def _greeting(file: SettingsFile) -> Greeting:
    questions = file.get("greeting.quick_questions", list)
    if not all(isinstance(question, str) and question.strip() for question in questions):
        raise file.error("greeting.quick_questions", "每一行写一个问题,例如 - 怎么退换货")
    return Greeting(
        first=file.template("greeting.first", ()),
        known=file.template("greeting.known", ("nickname",)),
        away=file.template("greeting.away", ("back",)),
        quick_questions=tuple(question.strip() for question in questions),
    )


def _reading(file: SettingsFile) -> Reading:
    burst = file.number("reading.burst_wait_ms") / 1000
    longest = file.number("reading.longest_wait_ms") / 1000
    if longest < burst:
        raise file.error("reading.longest_wait_ms", "不能比 burst_wait_ms 短")
    return Reading(burst_wait_s=burst, longest_wait_s=longest)


def _hours(file: SettingsFile, zone: ZoneInfo) -> BusinessHours:
    by_weekday: list[Window | None] = [None] * 7
    for key, text in file.get("business_hours", dict).items():
        if key == "closed_on":
            continue
        where = f"business_hours.{key}"
        first, _, last = str(key).partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise file.error(where, "请写 mon 到 sun,或者一段,例如 mon-fri")
        days = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
        if not days:
            raise file.error(where, "一段要从前往后写,例如 mon-fri")
        for day in days:
            by_weekday[day] = _window(file, where, text)
    return BusinessHours(tuple(by_weekday), frozenset(_closed_days(file)), zone)


def _closed_days(file: SettingsFile) -> list[date]:
    days = file.get("business_hours", dict).get("closed_on") or []
    if not isinstance(days, list) or not all(type(day) is date for day in days):
        raise file.error(
            "business_hours.closed_on", "请写一列日期,不带引号,例如 [2027-02-16, 2027-02-17]"
        )
    return days


def _follow_ups(file: SettingsFile) -> FollowUpPlan:
    windows = file.get("follow_ups.windows", list)
    if not windows:
        raise file.error("follow_ups.windows", '至少写一个时段,例如 ["12:00-13:30"]')
    plan = file.get("follow_ups", dict)
    return FollowUpPlan(
        windows=tuple(_window(file, "follow_ups.windows", text) for text in windows),
        at_most_in_30_days=int(file.number("follow_ups.at_most.in_30_days")),
        at_most_in_40_days=int(file.number("follow_ups.at_most.in_40_days")),
        after={
            kind: timedelta(minutes=file.number(f"follow_ups.{kind}.after_minutes"))
            for kind in FOLLOW_UP_KINDS
            if kind in plan
        },
    )


def _privacy(file: SettingsFile) -> Privacy:
    notice, page, contact = (
        file.template(key, names) if file.has(key) else ""
        for key, names in (
            ("privacy.notice", ("days", "shop")),
            ("privacy.page", ()),
            ("privacy.contact", ()),
        )
    )
    if len(notice) > _LONGEST_NOTICE:
        raise file.error("privacy.notice", f"最多 {_LONGEST_NOTICE} 个字，细节写在说明页里")
    if page and not page.startswith(("https://", "http://")):
        raise file.error("privacy.page", "请写完整网址，例如 https://shop.example.com/privacy")
    return Privacy(notice=notice, page=page, contact=contact)


def _retention(file: SettingsFile) -> RetentionPlan:
    return RetentionPlan(
        **{
            name: timedelta(
                days=file.whole(f"retention.{name}_days", days, least=_SHORTEST_DAYS.get(name, 1))
            )
            for name, days in RETENTION_DAYS.items()
        }
    )


def _window(file: SettingsFile, where: str, text: Any) -> Window:
    try:
        return Window.parse(text)
    except (ValueError, AttributeError):
        raise file.error(where, f'时间段「{text}」请写成 "09:00-22:00" 这样,带引号') from None


__all__ = [
    "FOLLOW_UP_KINDS",
    "KEYS",
    "FollowUpPlan",
    "Greeting",
    "Privacy",
    "Reading",
    "RetentionPlan",
    "SettingsError",
    "ShopSettings",
    "read_shop_settings",
]
