"""The shop's own settings, read from shop/settings.yml; a mistake there is told by its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.alert_settings import ALERT_KEYS, AlertPlan, alert_keys, read_alerts
from bot.desk_settings import LIMIT_KEYS, MoneyLimit, read_limits
from bot.door_settings import DOOR_KEYS, DoorPlan, read_doors
from bot.follow_up_settings import FollowUpPlan, kinds_keys, read_follow_ups
from bot.hours import WEEKDAYS, BusinessHours, Window
from bot.settings_file import SettingsError, SettingsFile

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

# What the shop promises after a sale, as it is said to buyers; these words where the file is silent.
SERVICE = {
    "invoice_within": "几个工作日",
    "refund_within": "几个工作日",
    "price_protected": "以页面写明的期限为准",
    "repair_within": "看过才能定",
    "resent_within": "备好货就发",
    "ship_from": "商品页写的发货地",
}
_LONGEST_PROMISE = 12  # characters: it stands in the middle of a bubble

_LONGEST_NOTICE = 40  # characters: two lines of a phone
_OF_PHONES = frozenset("0123456789+-() ")

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
    | {"desk", "desk.away_minutes"}
    | LIMIT_KEYS
    | {"service", *(f"service.{name}" for name in SERVICE)}
    | {"follow_ups", "follow_ups.windows", "follow_ups.quiet", "follow_ups.at_most"}
    | {"follow_ups.kinds"}
    | {"follow_ups.at_most.in_30_days", "follow_ups.at_most.in_40_days"}
    | {"privacy", "privacy.notice", "privacy.page", "privacy.contact"}
    | {"payment", "payment.link", "payment.words"}
    | {"unreachable", "unreachable.phone", "unreachable.words"}
    | ALERT_KEYS
    | DOOR_KEYS
    | {"retention", *(f"retention.{name}_days" for name in RETENTION_DAYS)}
)


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
class Payment:
    """Where an order made in the chat is paid; "" = the demo's own page, or none."""

    link: str = ""  # https://…, {number} is the order's
    words: str = ""  # what to do where there is no link


@dataclass(frozen=True, kw_only=True)
class Unreachable:
    """What the chat says where the house does not answer; kept by the buyer's browser until then."""

    phone: str = ""  # to be called
    words: str = ""  # what else can be done


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
    payment: Payment = Payment()
    unreachable: Unreachable = Unreachable()
    doors: DoorPlan = field(default_factory=DoorPlan)
    alerts: AlertPlan = field(default_factory=AlertPlan)
    service: Mapping[str, str] = field(default_factory=lambda: dict(SERVICE))  # by names of SERVICE
    session_silence: timedelta = timedelta(minutes=30)  # of the buyer: the talk is over
    away_after: timedelta = timedelta(minutes=5)  # of an agent: their talks wait for another one
    limits: Mapping[str, MoneyLimit] = field(default_factory=dict)  # by role; none: no limit

    @property
    def words(self) -> Mapping[str, str]:
        """What stands in the braces of replies: {assistant}, {shop_name}, {shop_kind}, …"""
        return {
            "shop_name": self.name,
            "assistant": self.assistant,
            "shop_kind": self.kind,
            "new_arrivals": self.new_arrivals,
            "people_hours": str(self.hours) or "工作时间",
            **self.service,
        }


def read_shop_settings(path: Path) -> ShopSettings:
    """Raises SettingsError naming the file, the line and what to write instead."""
    file = SettingsFile(path)
    known = KEYS | kinds_keys(file) | alert_keys(file)
    file.demand_known(known, free=("business_hours", "follow_ups.kinds", "alerts.targets"))
    zone = _zone(file)
    return ShopSettings(
        name=file.text("shop.name"),
        assistant=file.text("shop.assistant"),
        kind=file.text("shop.kind"),
        new_arrivals=file.text("shop.new_arrivals"),
        zone=zone,
        hours=read_hours(file, zone),
        greeting=read_greeting(file),
        reading=_reading(file),
        follow_ups=read_follow_ups(file),
        retention=_retention(file),
        privacy=_privacy(file),
        payment=_payment(file),
        unreachable=read_unreachable(file),
        doors=read_doors(file),
        alerts=read_alerts(file),
        service=read_service(file),
        session_silence=timedelta(
            minutes=file.whole("sessions.silence_minutes", 30, least=5, most=1440)
        ),
        away_after=timedelta(minutes=file.whole("desk.away_minutes", 5, least=2, most=240)),
        limits=read_limits(file),
    )


def _zone(file: SettingsFile) -> ZoneInfo:
    name = file.text("shop.time_zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise file.error("shop.time_zone", f"没有时区「{name}」,国内请写 Asia/Shanghai") from None


def read_greeting(file: SettingsFile) -> Greeting:
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


def read_hours(file: SettingsFile, zone: ZoneInfo) -> BusinessHours:
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
            by_weekday[day] = file.window(where, text)
    return BusinessHours(tuple(by_weekday), frozenset(_closed_days(file)), zone)


def _closed_days(file: SettingsFile) -> list[date]:
    days = file.get("business_hours", dict).get("closed_on") or []
    if not isinstance(days, list) or not all(type(day) is date for day in days):
        raise file.error(
            "business_hours.closed_on", "请写一列日期,不带引号,例如 [2027-02-16, 2027-02-17]"
        )
    return days


def _payment(file: SettingsFile) -> Payment:
    link = file.template("payment.link", ("number",)) if file.has("payment.link") else ""
    words = file.template("payment.words", ()) if file.has("payment.words") else ""
    if link and not link.startswith("https://"):
        raise file.error("payment.link", "请写完整网址，例如 https://m.example.com/pay?id={number}")
    return Payment(link=link, words=words)


def read_unreachable(file: SettingsFile) -> Unreachable:
    phone, words = (
        file.template(key, ()) if file.has(key) else ""
        for key in ("unreachable.phone", "unreachable.words")
    )
    if phone and not (set(phone) <= _OF_PHONES and 3 <= sum(map(str.isdigit, phone)) <= 15):
        raise file.error("unreachable.phone", '请写能打的电话，加引号，例如 "0571-88880000"')
    if len(words) > _LONGEST_NOTICE:
        raise file.error("unreachable.words", f"最多 {_LONGEST_NOTICE} 个字，说买家能怎么办就好")
    return Unreachable(phone=phone, words=words)


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


def read_service(file: SettingsFile) -> dict[str, str]:
    told = {
        name: file.template(f"service.{name}", ()) if file.has(f"service.{name}") else usual
        for name, usual in SERVICE.items()
    }
    for name, words in told.items():
        if not 0 < len(words) <= _LONGEST_PROMISE:
            raise file.error(
                f"service.{name}", f"写 1 到 {_LONGEST_PROMISE} 个字，例如「{SERVICE[name]}」"
            )
    return told


def _retention(file: SettingsFile) -> RetentionPlan:
    return RetentionPlan(
        **{
            name: timedelta(
                days=file.whole(f"retention.{name}_days", days, least=_SHORTEST_DAYS.get(name, 1))
            )
            for name, days in RETENTION_DAYS.items()
        }
    )


__all__ = [
    "KEYS",
    "FollowUpPlan",
    "Greeting",
    "Privacy",
    "Reading",
    "RetentionPlan",
    "SettingsError",
    "ShopSettings",
    "Unreachable",
    "read_shop_settings",
]
