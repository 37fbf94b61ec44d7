"""What the calls of one turn share: until when a shop may take, and what it has said already.

A buyer waits for a turn, not for a call: many slow calls after one another would outlast the limit
of an action, and a deed that was done would never be told. So a turn, and within it each action, sets
an end; a call that cannot end before it fails at once, and the action says what it knows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class OneTurn:
    """`ends_at` by `time.monotonic`; `heard` holds what was read: it is asked for once."""

    ends_at: float
    heard: dict[str, Any] = field(default_factory=dict)

    def seconds_left(self) -> float:
        return self.ends_at - time.monotonic()


_current: ContextVar[OneTurn | None] = ContextVar("one_turn", default=None)


def current_turn() -> OneTurn | None:
    """The turn that is being answered; None outside of any (an import, a clock's work)."""
    return _current.get()


@contextmanager
def one_turn(seconds: float) -> Iterator[None]:
    """Calls in here end within `seconds`; inside another turn no later than that, sharing its ears."""
    outer = _current.get()
    ends_at = time.monotonic() + seconds
    now = OneTurn(ends_at) if outer is None else OneTurn(min(ends_at, outer.ends_at), outer.heard)
    token = _current.set(now)
    try:
        yield
    finally:
        _current.reset(token)
