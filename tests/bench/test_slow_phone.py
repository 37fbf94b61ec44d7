"""The table of the slow phone: medians, in the units that are read."""

from __future__ import annotations

from bench.slow_phone import Opened, table


def test_medians_are_told() -> None:
    one = Opened(
        button_ms=1000,
        button_bytes=4096,
        button_requests=1,
        bubble_ms=2000,
        bubble_bytes=51200,
        bubble_requests=4,
    )
    slow = Opened(**{**one.__dict__, "bubble_ms": 9000.0})
    first, second = table([one, slow, one]).splitlines()
    assert first.split() == ["until", "the", "button:", "4.0", "KB", "1", "requests", "1.00", "s"]
    assert "50.0 KB" in second and "2.00 s after the press" in second
