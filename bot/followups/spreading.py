"""Where a late message finds its place, when many are late: nobody gets all of a morning in one minute."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from bot.followups.rules import FollowUp

LATE = timedelta(minutes=15)
"""Due for longer than this: the house was away, asleep, or behind."""
FEW = 5  # so many late ones may go out together; more are spread
PER_MINUTE = 10
_LONGEST = timedelta(hours=2)


def place_of(follow_up: FollowUp, behind: int) -> timedelta:
    """Where in the time that so many need a late one finds its place; the same at every try."""
    span = min(timedelta(minutes=behind / PER_MINUTE), _LONGEST)
    digest = hashlib.sha256(str(follow_up.follow_up_id).encode()).digest()
    return timedelta(seconds=1) + span * (int.from_bytes(digest[:4], "big") / 2**32)
