"""How fast one sender may send: a bucket of tokens each, kept in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_REMEMBERED = 50_000  # senders; the longest quiet one is forgotten


class RateLimit:
    """At most `burst` at once, refilled at `per_second`."""

    def __init__(
        self, *, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, sender: str) -> bool:
        """Takes one token of this sender's; False where none is left."""
        now = self._clock()
        left, since = self._left.pop(sender, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._per_second)
        allowed = left >= 1
        self._left[sender] = (left - 1 if allowed else left, now)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        return allowed

    def give_back(self, sender: str) -> None:
        """What was taken did no harm and does not count."""
        if sender in self._left:
            left, since = self._left[sender]
            self._left[sender] = (min(float(self._burst), left + 1), since)
