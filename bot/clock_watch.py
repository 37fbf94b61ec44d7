"""Notices when the clock on the wall jumps, for work that cannot be undone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class ClockWatch:
    """Compares the wall's clock with one that only ever runs on."""

    def __init__(
        self,
        wall: Callable[[], datetime],
        *,
        steady: Callable[[], float] = time.monotonic,
        most: timedelta = timedelta(minutes=10),
    ) -> None:
        self._wall, self._steady, self._most = wall, steady, most
        self._last: tuple[datetime, float] | None = None

    def has_jumped(self) -> bool:
        """Whether the two have parted by more than `most` since the last call; sleep counts too.

        A jump that stays is told once. The first call knows nothing to compare with.
        """
        now = self._wall(), self._steady()
        last, self._last = self._last, now
        if last is None:
            return False
        return abs((now[0] - last[0]) - timedelta(seconds=now[1] - last[1])) > self._most
