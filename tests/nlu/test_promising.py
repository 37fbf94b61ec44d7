"""What an agent promises and by when; the lines stand in promises.yml."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.nlu.promising import Day, read_promise

LINES = yaml.safe_load(Path(__file__).with_name("promises.yml").read_text(encoding="utf-8"))
ZONE = ZoneInfo("Asia/Shanghai")
DAY = Day(
    now=datetime(2027, 3, 3, 15, 0, tzinfo=ZONE),
    closing=time(22),
    opens=datetime(2027, 3, 4, 9, 0, tzinfo=ZONE),
)


@pytest.mark.parametrize(("text", "matter", "due"), LINES["promised"])
def test_a_promise_is_read_with_its_time(text: str, matter: str, due: str) -> None:
    found = read_promise(text, DAY)
    assert found is not None
    assert (found.matter, found.due) == (matter, datetime.fromisoformat(due).replace(tzinfo=ZONE))


@pytest.mark.parametrize("text", LINES["not_promised"])
def test_what_is_asked_denied_or_done_promises_nothing(text: str) -> None:
    assert read_promise(text, DAY) is None


def test_a_long_text_is_no_promise_and_takes_no_time() -> None:
    assert read_promise("明天给您" * 5000, DAY) is None
