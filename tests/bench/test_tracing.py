"""The stopwatch of bench/stages.py."""

from collections.abc import Iterator

from bench.tracing import Stopwatch


def ticking() -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += 1.0


def test_a_stage_does_not_count_the_stage_inside() -> None:
    ticks = ticking()
    watch = Stopwatch(lambda: next(ticks))
    with watch.stage("outer"), watch.stage("inner"):  # ticks 0, 1 and 2, 3
        pass
    assert watch.seconds == {"inner": 1.0, "outer": 2.0}


async def test_a_coroutine_is_timed_until_it_ends() -> None:
    ticks = ticking()
    watch = Stopwatch(lambda: next(ticks))

    async def work() -> int:
        next(ticks)
        return 5

    assert await watch.wrapped("work", work)() == 5
    assert watch.seconds["work"] == 2.0
    assert watch.calls["work"] == 1
