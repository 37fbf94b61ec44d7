"""What buyers meet of the shop: its name, hours, greeting and promises, as they are at this moment.

The settings file says them at the start; what an owner writes at the desk lies over it, counts at
once in this process and within seconds in others, and is looked at by the file's own checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.hours import WEEKDAYS, BusinessHours
from bot.settings_file import SettingsError, SettingsFile
from bot.shop_settings import (
    SERVICE,
    ShopSettings,
    read_greeting,
    read_hours,
    read_service,
    read_unreachable,
)

_LONGEST = 200  # characters of a greeting
_OF_SHOP = ("assistant", "kind", "new_arrivals")
_LISTS = ("greeting.quick_questions", "business_hours.closed_on")
_MAY_BE_LEFT_OUT = ("service", "unreachable")
_CLOSED = ("", "休息", "不上班")
_GREETINGS = ("first", "known", "away")


class Face:
    """`now`: the settings that count at this moment."""

    def __init__(self, base: ShopSettings) -> None:
        self._base = base
        self.now = base
        self.words: Mapping[str, str] = _Words(lambda: self.now.words)

    def use(self, written: Mapping[str, str], name: str = "") -> None:
        """`written`: at the desk, by dotted key; `name`: the shop's, where its own data tell one.

        What does not pass the checks of today's file is left out as a whole.
        """
        try:
            self.now = self.over(written, name)
        except SettingsError:
            self.now = self.over({}, name)

    def over(self, written: Mapping[str, str], name: str = "") -> ShopSettings:
        """The settings with this over them. Raises SettingsError with its `key`."""
        texts = {**texts_of(self._base), **written}
        file = SettingsFile.of(_nested(texts))
        for key in (*(f"shop.{one}" for one in _OF_SHOP), *(f"greeting.{g}" for g in _GREETINGS)):
            if not texts[key].strip():
                raise file.error(key, "没有填，这一项必须有")
            if len(texts[key]) > _LONGEST:
                raise file.error(key, f"太长了，最多 {_LONGEST} 个字")
        return replace(
            self._base,
            name=name.strip() or self._base.name,
            assistant=file.text("shop.assistant"),
            kind=file.text("shop.kind"),
            new_arrivals=file.text("shop.new_arrivals"),
            hours=read_hours(file, self._base.zone),
            greeting=read_greeting(file),
            service=read_service(file),
            unreachable=read_unreachable(file),
        )

    # --- as business hours, for whoever asks again and again

    def are_open(self, now: datetime) -> bool:
        return self.now.hours.are_open(now)

    def next_opening(self, now: datetime) -> datetime | None:
        return self.now.hours.next_opening(now)

    def back_text(self, now: datetime) -> str:
        return self.now.hours.back_text(now)


def texts_of(shop: ShopSettings) -> dict[str, str]:
    """As a person types them, by dotted key; a list is a line each."""
    greeting, unreachable = shop.greeting, shop.unreachable
    return {
        **{f"shop.{one}": getattr(shop, one) for one in _OF_SHOP},
        **{f"business_hours.{day}": text for day, text in _days(shop.hours)},
        "business_hours.closed_on": "\n".join(
            one.isoformat() for one in sorted(shop.hours.closed_on)
        ),
        **{f"greeting.{one}": getattr(greeting, one) for one in _GREETINGS},
        "greeting.quick_questions": "\n".join(greeting.quick_questions),
        **{f"service.{one}": _own(shop.service[one], usual) for one, usual in SERVICE.items()},
        "unreachable.phone": unreachable.phone,
        "unreachable.words": unreachable.words,
    }


def _days(hours: BusinessHours) -> Iterator[tuple[str, str]]:
    for day, window in zip(WEEKDAYS, hours.by_weekday, strict=True):
        yield day, str(window) if window else ""


def _own(words: str, usual: str) -> str:
    """Of a promise that nobody made, nothing."""
    return "" if words == usual else words


def _nested(texts: Mapping[str, str]) -> dict[str, Any]:
    """As the file would hold them; what is empty and may be left out is left out."""
    found: dict[str, Any] = {}
    for key, text in texts.items():
        section, _, name = key.partition(".")
        told = text.strip()
        if key in _LISTS:
            lines = [line.strip() for line in told.splitlines() if line.strip()]
            value: Any = [_day(line) for line in lines] if section == "business_hours" else lines
        else:
            value = _window(told) if section == "business_hours" else told
        if section == "business_hours" and told in _CLOSED:
            continue
        if not told and section in _MAY_BE_LEFT_OUT:
            continue
        found.setdefault(section, {})[name] = value
    found.setdefault("business_hours", {})
    return found


def _window(text: str) -> str:
    """9：00～22：00 as 09:00-22:00."""
    plain = text.replace("：", ":").replace("～", "-").replace("~", "-").replace("—", "-")
    parts = (part.strip() for part in plain.split("-"))
    return "-".join(part.zfill(5) if ":" in part else part for part in parts)


def _day(text: str) -> Any:
    """2027-02-16 and 2027/2/16; what is none stays as it is, for the check to complain of."""
    try:
        year, month, day = text.replace("/", "-").replace(".", "-").split("-")
        return date(int(year), int(month), int(day))
    except ValueError:
        return text


class _Words(Mapping[str, str]):
    """What stands in the braces of replies, as it is when they are said."""

    def __init__(self, read: Callable[[], Mapping[str, str]]) -> None:
        self._read = read

    def __getitem__(self, name: str) -> str:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())
