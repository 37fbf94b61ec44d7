"""How fast one sender may send."""

from __future__ import annotations

from bot.channels.rate import RateLimit


def test_a_burst_is_allowed_and_then_refilled() -> None:
    now = [0.0]
    limit = RateLimit(burst=3, per_second=1, clock=lambda: now[0])
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False]
    now[0] = 1.5
    assert [limit.allows("a") for _ in range(2)] == [True, False]


def test_senders_do_not_share() -> None:
    limit = RateLimit(burst=1, per_second=0)
    assert limit.allows("a") and limit.allows("b") and not limit.allows("a")
