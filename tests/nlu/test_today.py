"""K37: 今天 is the shop's day, wherever the machine stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.nlu import today


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("_clock", "_zone"):
        monkeypatch.setattr(today, name, getattr(today, name))
    yield


@pytest.mark.parametrize(
    ("utc", "zone", "day"),
    [
        ((2026, 11, 20, 16, 30), "Asia/Shanghai", date(2026, 11, 21)),
        ((2026, 11, 21, 15, 50), "Asia/Shanghai", date(2026, 11, 21)),
        ((2026, 11, 20, 16, 30), "Asia/Urumqi", date(2026, 11, 20)),
    ],
)
def test_the_day_is_the_shops(utc: tuple[int, ...], zone: str, day: date) -> None:
    moment = datetime(*utc, tzinfo=timezone.utc)  # type: ignore[arg-type,misc]
    today.use_clock(lambda: moment, ZoneInfo(zone))
    assert today.today() == day
