"""K16: on which day an order leaves, and from when on that day was not kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.database import Database, upgrade
from bot.shop.embedded.house import House, Pause, read_house
from bot.shop.embedded.promise import departure, leaves_on, shipping_promise, ships
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import import_files
from bot.shop.rules import public_days

ZONE = ZoneInfo("Asia/Shanghai")
SHOP = House(cutoff="16:00")  # Monday to Saturday
SPRING = Pause(first=date(2027, 2, 3), last=date(2027, 2, 12), note="春节放假")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("house", "paid", "day"),
    [
        (SHOP, "2026-03-18 15:59", "2026-03-18"),
        (SHOP, "2026-03-18 16:00", "2026-03-19"),
        (SHOP, "2026-03-21 17:00", "2026-03-23"),  # a Saturday evening: Sunday is free
        (SHOP, "2026-10-01 10:00", "2026-10-08"),  # all of the national holiday
        (SHOP, "2026-09-20 10:00", "2026-09-20"),  # a Sunday that is worked for it
        (replace(SHOP, ships_on_holidays=True), "2026-10-01 10:00", "2026-10-01"),
        (replace(SHOP, ships_on_holidays=True), "2026-09-20 10:00", "2026-09-21"),
        (replace(SHOP, ships_also_on=(date(2026, 10, 3),)), "2026-10-01 10:00", "2026-10-03"),
        (replace(SHOP, pauses=(SPRING,)), "2027-02-02 16:30", "2027-02-13"),
        (replace(SHOP, pauses=(SPRING,), ships_also_on=(date(2027, 2, 11),)), "2027-02-05 15:00", "2027-02-11"),
        (replace(SHOP, earlier_cutoffs=("11:00",)), "2026-03-18 12:00", "2026-03-18"),
        (replace(SHOP, cutoff="26:00"), "2026-03-18 23:30", "2026-03-18"),
        (replace(SHOP, cutoff="26:00"), "2026-03-19 01:30", "2026-03-19"),
        (replace(SHOP, cutoff="26:00"), "2026-03-22 01:30", "2026-03-22"),  # Saturday's night
        (replace(SHOP, cutoff="26:00"), "2026-03-22 02:30", "2026-03-23"),
    ],
)  # fmt: skip
def test_an_order_leaves_on_the_first_day_that_ships(house: House, paid: str, day: str) -> None:
    assert leaves_on(house, at(paid)) == date.fromisoformat(day)


def test_new_years_eve_is_known_before_the_year_is_announced() -> None:
    assert leaves_on(SHOP, at("2027-02-05 15:00")) > date(2027, 2, 8)


def test_a_year_without_swaps_is_reckoned_and_told_once() -> None:
    public_days._of.cache_clear()
    with capture_logs() as logs:
        assert ships(SHOP, date(2044, 3, 18)) and not ships(SHOP, date(2044, 10, 1))
        assert ships(SHOP, date(2044, 6, 21))
    assert [(one["event"], one["year"]) for one in logs] == [("shipping.swaps_unknown", 2044)]


@pytest.mark.parametrize("year", [1900, 2100, 2200])
def test_no_year_is_too_far(year: int) -> None:
    assert leaves_on(SHOP, at(f"{year}-03-18 10:00")).year == year


def test_a_shop_that_never_ships_is_reckoned_all_the_same() -> None:
    never = replace(SHOP, pauses=(Pause(first=date(2026, 1, 1), last=date(2028, 1, 1)),))
    assert leaves_on(never, at("2026-03-18 10:00")) > date(2026, 3, 18)


def test_late_is_measured_against_the_promise_and_not_against_the_calendar() -> None:
    house = replace(SHOP, pauses=(SPRING,))
    paid = at("2027-02-02 16:30")
    for day in range(3, 15):
        assert not departure(house, paid, at(f"2027-02-{day:02} 12:00")).is_late
    late = departure(house, paid, at("2027-02-16 12:00"))
    assert (late.ships_on, late.is_late) == (date(2027, 2, 13), True)


def test_a_parcel_packed_and_not_scanned_has_one_day_of_grace() -> None:
    paid = at("2026-03-21 10:00")  # Saturday
    monday = departure(SHOP, paid, at("2026-03-23 12:00"))
    assert (monday.ships_on, monday.is_late) == (date(2026, 3, 23), False)
    assert departure(SHOP, paid, at("2026-03-24 09:00")).is_late


@pytest.mark.parametrize("hours", range(0, 24 * 400, 29))
def test_what_is_promised_ships_and_is_never_late_on_that_day(hours: int) -> None:
    house = replace(SHOP, pauses=(SPRING,), cutoff="25:30")
    paid = at("2026-03-01 00:30") + timedelta(hours=hours)
    day = leaves_on(house, paid)
    assert paid.date() <= day
    assert ships(house, day) or ships(house, day - timedelta(days=1))
    assert not departure(house, paid, datetime.combine(day, paid.time(), ZONE)).is_late


def test_the_owners_note_is_told_before_the_holidays_name() -> None:
    house = replace(SHOP, pauses=(SPRING,))
    promise = shipping_promise(house, at("2027-02-05 15:00"), ZONE)
    assert (promise.closed_since, promise.closed_why) == (date(2027, 2, 3), "春节放假")
    named = shipping_promise(SHOP, at("2026-10-02 10:00"), ZONE)
    assert (named.closed_since, named.closed_why) == (date(2026, 10, 1), "国庆节")


def test_a_free_sunday_is_no_pause() -> None:
    promise = shipping_promise(SHOP, at("2026-03-21 17:00"), ZONE)
    assert (promise.ships_on, promise.closed_since) == (date(2026, 3, 23), None)


def _imported(tmp_path: Path, lines: str) -> House:
    path = tmp_path / "shop.yml"
    path.write_text(f"shop:\n  name: 小店\n{lines}", encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path / 'shop.db'}")
    try:
        upgrade(database)
        import_files(database, [path], now=at("2026-03-18 10:00"))
        return database.read_sync(read_house)
    finally:
        database.close()


def test_the_owner_writes_pauses_extra_days_and_pick_ups(tmp_path: Path) -> None:
    house = _imported(
        tmp_path,
        "  cutoff: ['16:00', '9:30', '26:00']\n"
        "  ships_also_on: [2027-02-14]\n"
        "  pauses:\n"
        "    - {from: 2027-02-03, to: 2027-02-12, note: 春节放假}\n",
    )
    assert house.cutoffs == ("09:30", "16:00", "26:00")
    assert house.ships_also_on == (date(2027, 2, 14),)
    assert house.pauses == (SPRING,)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("  pauses:\n    - {from: 2027-02-12, to: 2027-02-03}\n", "shop.yml:4 to: 不能早于"),
        ("  pauses:\n    - {from: 初三, to: 2027-02-03}\n", "shop.yml:4 from: “初三”不是日期"),
        ("  pauses:\n    - {from: 2027-02-03}\n", "shop.yml:4 to: 没有填"),
        ("  pauses: 春节\n", "shop.yml:3 pauses: 这里写成列表"),
        ("  cutoff: 下午四点\n", "shop.yml:3 cutoff: “下午四点”不是钟点"),
        ("  ships_also_on: [周日]\n", "shop.yml:3 ships_also_on: “周日”不是日期"),
    ],
)
def test_a_slip_is_told_by_file_and_line(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        _imported(tmp_path, lines)
    assert told in str(caught.value)
