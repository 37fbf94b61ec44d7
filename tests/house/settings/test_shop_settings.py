"""A mistake in shop/settings.yml is told by file, line and what to write instead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.followups.kinds import kinds_of
from bot.settings import SettingsError, read_shop_settings
from tests.support.house import ROOT

GOOD = (ROOT / "shop" / "settings.yml").read_text(encoding="utf-8")
_CALL = 'unreachable:\n  phone: "0571-88880000"\n  words: 也可以留言\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.yml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, start: str) -> int:
    return next(
        number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start)
    )


def test_the_demo_shops_settings_are_read() -> None:
    shop = read_shop_settings(ROOT / "shop" / "settings.yml")
    assert shop.reading.burst_wait_s == 0.7
    assert shop.follow_ups.after["unpaid_order"] == timedelta(minutes=40)


@pytest.mark.parametrize(
    ("before", "after", "where", "advice"),
    [
        ("time_zone: Asia/Shanghai", "time_zone: 北京", "time_zone", "Asia/Shanghai"),
        ("time_zone: Asia/Shanghai", "time_zone: ../etc", "time_zone", "Asia/Shanghai"),
        ('"09:00-22:00"', '"9点到22点"', "mon-fri", '"09:00-22:00"'),
        ('"09:00-22:00"', '"22:00-09:00"', "mon-fri", '"09:00-22:00"'),
        ("mon-fri:", "周一:", "周一", "mon-fri"),
        ("mon-fri:", "fri-mon:", "fri-mon", "mon-fri"),
        ("mon-fri:", "mon-day:", "mon-day", "mon-fri"),
        ("closed_on: []", "closed_on: 春节", "closed_on", "2027-02-16"),
        ("closed_on: []", 'closed_on: ["2027-02-16"]', "closed_on", "不带引号"),
        ("burst_wait_ms: 700", "burst_wait_ms: 很快", "burst_wait_ms", "数字"),
        ("burst_wait_ms: 700", "burst_wait_ms: -1", "burst_wait_ms", "不小于 0"),
        ("burst_wait_ms: 700", "burst_wait_ms: true", "burst_wait_ms", "数字"),
        ("longest_wait_ms: 3000", "longest_wait_ms: 3", "longest_wait_ms", "burst_wait_ms"),
        ("{nickname}", "{name}", "known", "{nickname}"),
        ("{back}", "{back", "away", "{back}"),
        ('windows: ["12:00-13:30", "18:00-20:30"]', "windows: []", "windows", "12:00-13:30"),
        ("at_most: {in_30_days: 6, ", "at_most: {", "at_most", "数字"),
        ("unpaid_order: {after_minutes: 40}", "unpaid_order: 40", "unpaid_order", "一组设置"),
        ("unpaid_order: {after", "unpaid_order: {aftr", "unpaid_order", "after_minutes"),
        ("unpaid_order: {after_minutes: 40}", "unpaid_order: {send: 1}", "unpaid_order", "yes 或 no"),
        ('quiet: "21:30-09:00"', 'quiet: "09:00-21:30"', "quiet", "从晚上到早上"),
        ("assistant: 小行", "asistant: 小行", "asistant", "assistant"),
        ("name: 山行户外", "name: ", "name", "文字"),
        ("    - 怎么退换货", "    - 12", "quick_questions", "问题"),
        ("greeting:", "greetings:", "greetings", "greeting"),
        ("conversations_days: 180", "conversations_days: 0", "conversations_days", "1 到"),
        ("conversations_days: 180", "conversations_days: 半年", "conversations_days", "数字"),
        ("follow_ups_days: 90", "follow_ups_days: 30", "follow_ups_days", "40 到"),
        ("requests_days: 30", "request_days: 30", "request_days", "requests_days"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, before: str, after: str, where: str, advice: str
) -> None:
    assert GOOD.count(before) == 1
    text = GOOD.replace(before, after)
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        read_shop_settings(path)
    assert str(error.value).startswith(f"{path}:{line_of(text, where)}: ")
    assert advice in str(error.value)


def test_a_missing_part_is_told_by_its_key(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.partition("follow_ups:")[0])
    with pytest.raises(SettingsError, match=r"follow_ups\.windows"):
        read_shop_settings(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "hello", "a: [", "a: b: c", "\ttab: 1", "d: 2027-02-31"]
)
def test_what_is_no_settings_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"settings\.yml"):
        read_shop_settings(written(tmp_path, text))


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("  name: 山行户外", '  name: "山行户外'))
    with pytest.raises(SettingsError, match=rf"{path}:\d+: "):
        read_shop_settings(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="没有找到"):
        read_shop_settings(tmp_path / "settings.yml")


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.yml"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(SettingsError, match="UTF-8"):
        read_shop_settings(path)


def test_a_kind_of_follow_up_is_switched_off_and_slowed_down(tmp_path: Path) -> None:
    slower = "unpaid_order: {after_minutes: 90}\n    undecided: {send: no}"
    text = GOOD.replace("unpaid_order: {after_minutes: 40}", slower)
    plan = read_shop_settings(written(tmp_path, text)).follow_ups
    kinds = kinds_of(plan)
    assert kinds["unpaid_order"].after == timedelta(minutes=90)
    assert "undecided" not in kinds and "restock" in kinds


def test_a_kind_of_follow_up_that_nobody_knows_is_told(tmp_path: Path) -> None:
    text = GOOD.replace("unpaid_order: {after_minutes: 40}", "unpaid_ordr: {after_minutes: 40}")
    plan = read_shop_settings(written(tmp_path, text)).follow_ups
    with pytest.raises(SettingsError, match=r"unpaid_ordr.*unpaid_order"):
        kinds_of(plan)


def test_a_file_that_is_silent_about_keeping_has_the_usual_times(tmp_path: Path) -> None:
    head, _, _ = GOOD.partition("retention:")
    shop = read_shop_settings(written(tmp_path, head))
    assert shop.retention.conversations == timedelta(days=180)
    assert shop.retention.reveals == timedelta(days=1095)


def test_how_to_reach_a_shop_that_does_not_answer_is_read_and_may_be_left_out(
    tmp_path: Path,
) -> None:
    told = read_shop_settings(written(tmp_path, f"{GOOD}\n{_CALL}")).unreachable
    assert (told.phone, told.words) == ("0571-88880000", "也可以留言")
    silent = read_shop_settings(ROOT / "shop" / "settings.yml").unreachable
    assert (silent.phone, silent.words) == ("", "")


@pytest.mark.parametrize(
    ("before", "after", "where", "advice"),
    [
        ('"0571-88880000"', "057188880000x", "phone", "能打的电话"),
        ('"0571-88880000"', '"-- --"', "phone", "能打的电话"),
        ("也可以留言", "也可以留言" * 9, "words", "40"),
        ("也可以留言", '"{shop}"', "words", "花括号"),
        ("phone:", "telephone:", "telephone", "phone、words"),
    ],
)
def test_a_mistake_in_it_is_told(
    tmp_path: Path, before: str, after: str, where: str, advice: str
) -> None:
    changed = _CALL.replace(before, after)
    path = written(tmp_path, f"{GOOD}\n{changed}")
    with pytest.raises(SettingsError) as error:
        read_shop_settings(path)
    line = GOOD.count("\n") + 1 + line_of(changed, where)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert advice in str(error.value)
