"""How often a password may be tried: by nobody freely, and so that nobody locks the agents out."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.channels.rate import RateLimit

_REMEMBERED = 1000  # places from which somebody has signed in


class SignInLimits:
    """A try counts at its account and place, at its place, and at its account.

    The last limit is slow and is what stops guessing from many places; a place that has signed in
    to the account before is not held up by it. A success gives its try back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._pair = RateLimit(burst=8, per_second=0.05, clock=clock)
        self._place = RateLimit(burst=30, per_second=0.2, clock=clock)
        self._account = RateLimit(burst=40, per_second=0.01, clock=clock)
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def allows(self, name: str, origin: str) -> bool:
        """Takes a try. `origin`: an address range."""
        if not self._pair.allows(f"{origin} {name[:60]}") or not self._place.allows(origin):
            return False
        return (name, origin) in self._known or self._account.allows(name[:60])

    def succeeded(self, name: str, origin: str) -> None:
        self._pair.give_back(f"{origin} {name[:60]}")
        self._place.give_back(origin)
        if (name, origin) not in self._known:
            self._account.give_back(name[:60])
        self._known[name, origin] = None
        self._known.move_to_end((name, origin))
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
