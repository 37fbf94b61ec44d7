"""A message that leaves the house, and what a door is.

A door that may repeat (a webhook: the receiver knows the id again) delivers at least once. One that
may not (a text message, an e-mail) delivers at most once: where nobody can tell whether it arrived,
the row ends as `unsure` and is not tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol


class DeliveryStatus(Enum):
    WAITING = "waiting"
    TRYING = "trying"  # somebody is at it, or died at it
    DELIVERED = "delivered"
    DEAD = "dead"  # refused, tried too often, too late, or unsure: a person looks at it
    WITHDRAWN = "withdrawn"  # not wanted any more before it left


@dataclass(frozen=True, kw_only=True)
class Delivery:
    delivery_id: int
    door: str
    target: str
    key: str
    buyer_id: str
    body: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime | None
    attempts: int  # this one included


class NotNow(Exception):
    """It surely did not arrive and may later. `after`: as long as the other side asked for."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class Refused(Exception):
    """It did not arrive and never will as it is."""


class Unsure(Exception):
    """Nobody can tell whether it arrived."""


class Door(Protocol):
    may_repeat: bool
    """Whether the other side recognises what it got before."""

    async def deliver(self, delivery: Delivery) -> str:
        """The other side's receipt, or "". Raises NotNow, Refused or Unsure."""
        ...
