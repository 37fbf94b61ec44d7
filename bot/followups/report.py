"""What came of following up, by kind: planned, held back and why, sent, what it led to; promises; wordings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, sqrt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.followups.rules import FollowUpStatus
from bot.followups.tables import follow_ups, judgements, promises, results

_Z = 1.96  # 95 of 100 such intervals hold the true share
_POWER = 0.84  # a difference that is there is seen four times of five
_SENT = (FollowUpStatus.SENT.value, FollowUpStatus.JOINED.value)


def wilson(p: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a share of `n`, all of it where there is none."""
    if not n:
        return 0.0, 1.0
    middle = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, kw_only=True)
class Share:
    """Of `of` sent, `count` led to it; the interval is Wilson's, honest for small numbers."""

    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.share, self.of)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two wordings of one kind, by how many of their buyers did what it is for."""

    first: Share
    second: Share

    @property
    def is_told_apart(self) -> bool:
        """By the score test of two shares, and not before each has been said thirty times."""
        n, m = self.first.of, self.second.of
        if min(n, m) < 30:
            return False
        both = (self.first.count + self.second.count) / (n + m)
        spread = sqrt(both * (1 - both) * (1 / n + 1 / m))
        return spread > 0 and abs(self.first.share - self.second.share) / spread > _Z

    @property
    def still_needed(self) -> int | None:
        """How often each must still be said until a difference as large as the present one could be
        told; None where there is none to tell, 0 where it is told."""
        if self.is_told_apart:
            return 0
        p, q = self.first.share, self.second.share
        if p == q or not self.first.of or not self.second.of:
            return None
        needed = ceil((_Z + _POWER) ** 2 * (p * (1 - p) + q * (1 - q)) / (p - q) ** 2)
        return max(30, needed) - min(self.first.of, self.second.of, max(30, needed) - 1)


@dataclass(frozen=True, kw_only=True)
class KindFigures:
    kind: str
    planned: int
    sent: int
    handed: int  # to a person, as a draft
    waiting: int
    dropped: Mapping[str, int]  # by reason
    held_back: Mapping[str, int]  # follow-ups that were postponed at least once, by reason
    led_to: Mapping[str, int]
    wordings: Mapping[str, Share]  # paid, or answered where nothing was to be paid


def figures(connection: Connection, since: datetime) -> list[KindFigures]:
    """Of all that was planned since then, by name of the kind."""
    new = follow_ups.c.planned_at > since
    by_status = _counted(connection, follow_ups.c.status, new)
    dropped = _counted(
        connection,
        follow_ups.c.dropped_because,
        new & (follow_ups.c.status == FollowUpStatus.DROPPED.value),
    )
    held, led = _held_back(connection, new), _led_to(connection, new)
    wordings = _wordings(connection, new)
    return [
        KindFigures(
            kind=kind,
            planned=sum(count.values()),
            sent=sum(count[one] for one in _SENT),
            handed=count[FollowUpStatus.HANDED.value],
            waiting=count[FollowUpStatus.PLANNED.value],
            dropped=dict(dropped[kind]),
            held_back=dict(held[kind]),
            led_to=dict(led[kind]),
            wordings=wordings.get(kind, {}),
        )
        for kind, count in sorted(by_status.items())
    ]


def promise_figures(connection: Connection, since: datetime) -> dict[str, dict[str, int]]:
    """{matter: {status: count}} of what was promised since then."""
    query = (
        sa.select(promises.c.matter, promises.c.status, sa.func.count())
        .where(promises.c.made_at > since)
        .group_by(promises.c.matter, promises.c.status)
    )
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for matter, status, count in connection.execute(query):
        found[matter][status] = count
    return dict(found)


def comparison(wordings: Mapping[str, Share]) -> Comparison | None:
    """The two that were said most often; None where there are not two."""
    most: Sequence[Share] = sorted(wordings.values(), key=lambda one: -one.of)[:2]
    return Comparison(first=most[0], second=most[1]) if len(most) == 2 else None


def _counted(connection: Connection, by: Any, which: Any) -> defaultdict[str, Counter[str]]:
    query = (
        sa.select(follow_ups.c.kind, by, sa.func.count())
        .where(which)
        .group_by(follow_ups.c.kind, by)
    )
    return _gathered(connection.execute(query))


def _held_back(connection: Connection, which: Any) -> defaultdict[str, Counter[str]]:
    count = sa.func.count(judgements.c.follow_up_id.distinct())
    query = (
        sa.select(follow_ups.c.kind, judgements.c.reason, count)
        .join(judgements, judgements.c.follow_up_id == follow_ups.c.follow_up_id)
        .where(which, judgements.c.verdict == "later")
        .group_by(follow_ups.c.kind, judgements.c.reason)
    )
    return _gathered(connection.execute(query))


def _led_to(connection: Connection, which: Any) -> defaultdict[str, Counter[str]]:
    query = (
        sa.select(follow_ups.c.kind, results.c.result, sa.func.count())
        .join(results, results.c.follow_up_id == follow_ups.c.follow_up_id)
        .where(which)
        .group_by(follow_ups.c.kind, results.c.result)
    )
    return _gathered(connection.execute(query))


def _wordings(connection: Connection, which: Any) -> dict[str, dict[str, Share]]:
    hit = sa.exists().where(
        results.c.follow_up_id == follow_ups.c.follow_up_id,
        results.c.result.in_(("paid", "review", "answered")),
    )
    query = (
        sa.select(
            follow_ups.c.kind,
            follow_ups.c.wording,
            sa.func.count(),
            sa.func.sum(sa.case((hit, 1), else_=0)),
        )
        .where(which, follow_ups.c.wording != "", follow_ups.c.sent_at.is_not(None))
        .group_by(follow_ups.c.kind, follow_ups.c.wording)
    )
    found: defaultdict[str, dict[str, Share]] = defaultdict(dict)
    for kind, wording, of, count in connection.execute(query):
        found[kind][wording] = Share(count=int(count or 0), of=of)
    return dict(found)


def _gathered(rows: Any) -> defaultdict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, name, count in rows:
        found[kind][name] = count
    return found
