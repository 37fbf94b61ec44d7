"""What the chats of two models that answer side by side came to, and whether one is better.

Chats are drawn, not wishes, and those of one chat go alike: the intervals count that in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.attempts import Side
from bot.conversations.tables import turns, wishes
from bot.dialogue.outcome import Outcome
from bot.followups.report import wilson
from bot.publishing.by_model import NO_WISH, TO_PEOPLE
from bot.publishing.releases import Release

FIGURES = (("办妥", "settled"), ("转人工", "handed_over"), ("被纠正", "corrected"))
NAMES = {Side.PRESENT: "原来的", Side.NEW: "新的"}
LEAST = 30  # chats of each side, before anything is said of them
_Z = 1.96  # 95 of 100 such intervals hold the true share


@dataclass
class _Chat:
    wishes: int = 0
    settled: int = 0
    handed_over: int = 0
    corrected: int = 0


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share of wishes, drawn by chats; `error` is its standard error."""

    count: int
    of: int
    chats: int
    error: float

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """As of so many wishes, each from a chat of its own, as would tell as much."""
        if not self.of:
            return wilson(0.0, 0)
        p = _smooth(self.share, self.chats)
        return wilson(self.share, min(p * (1 - p) / self.error**2, float(self.of)))


@dataclass(frozen=True, kw_only=True)
class OfSide:
    side: Side
    chats: int
    wishes: int
    rates: Mapping[str, Rate]  # by name of FIGURES

    def as_json(self) -> dict[str, Any]:
        return {
            "side": self.side.value,
            "name": NAMES[self.side],
            "chats": self.chats,
            "wishes": self.wishes,
            "figures": [
                {
                    "name": name,
                    "label": label,
                    "count": self.rates[name].count,
                    "share": self.rates[name].share,
                    "interval": list(self.rates[name].interval),
                }
                for label, name in FIGURES
            ],
        }


def by_side(connection: Connection, trial: Release) -> list[OfSide]:
    """The present one's first; both, also where one has answered nothing yet."""
    mine = wishes.c
    count, back = sa.func.count(), sa.func.count(mine.corrected_seq)
    query = (
        sa.select(
            turns.c.side, mine.conversation_id, mine.outcome, count.label("n"), back.label("back")
        )
        .join(turns, turns.c.turn_id == mine.turn_id)
        .where(turns.c.trial == trial.release_id, mine.asked_at >= trial.at)
        .group_by(turns.c.side, mine.conversation_id, mine.outcome)
    )
    found: dict[str, dict[str, _Chat]] = defaultdict(lambda: defaultdict(_Chat))
    for row in connection.execute(query):
        outcome = Outcome(row.outcome)
        if outcome in NO_WISH:
            continue
        chat = found[row.side][row.conversation_id]
        chat.wishes += row.n
        chat.corrected += row.back
        if outcome is Outcome.ANSWERED:
            chat.settled += row.n - row.back
        elif outcome in TO_PEOPLE:
            chat.handed_over += row.n
    return [_of(side, list(found[side.value].values())) for side in Side]


def verdict(found: Sequence[OfSide]) -> str:
    """What the figures tell of the two, in a sentence for people."""
    old, new = found
    if min(old.chats, new.chats) < LEAST:
        return f"每边至少要有 {LEAST} 段对话才看得出，再等等。"
    told = []
    for (label, name), is_good in zip(FIGURES, (True, False, False), strict=True):
        first, second = old.rates[name], new.rates[name]
        spread = sqrt(first.error**2 + second.error**2)
        apart = second.share - first.share
        if spread and abs(apart) > _Z * spread:
            better = NAMES[Side.NEW if (apart > 0) is is_good else Side.PRESENT]
            told.append(f"{label}{better}好（差 {abs(apart):.0%}）")
    return f"{'，'.join(told)}。" if told else "三样都还分不出高低，再多看些。"


def as_text(trial: Release, found: Sequence[OfSide]) -> str:
    lines = [
        f"{trial.model} 答 {trial.share or 0:.0%} 的对话，其余由原来的答（括号里是 95% 的范围）："
    ]
    for one in found:
        figures = [f"{label} {_told(one.rates[name])}" for label, name in FIGURES]
        lines.append(
            f"{NAMES[one.side]}：{one.chats} 段对话、{one.wishes} 件，" + "，".join(figures)
        )
    return "\n".join([*lines, verdict(found)])


def _told(rate: Rate) -> str:
    low, high = rate.interval
    return f"{rate.share:.0%}（{low:.0%}–{high:.0%}）"


def _of(side: Side, chats: Sequence[_Chat]) -> OfSide:
    return OfSide(
        side=side,
        chats=len(chats),
        wishes=sum(one.wishes for one in chats),
        rates={
            name: _rate([(getattr(one, name), one.wishes) for one in chats]) for _, name in FIGURES
        },
    )


def _smooth(share: float, chats: int) -> float:
    """Never 0 or 1, of which a standard error would be nothing."""
    return (share * chats + 1) / (chats + 2)


def _rate(chats: Sequence[tuple[int, int]]) -> Rate:
    """`chats`: (count, of) of each. The standard error is that of a ratio of two sums."""
    count, of = sum(one for one, _ in chats), sum(one for _, one in chats)
    number = len(chats)
    if not of:
        return Rate(count=0, of=0, chats=0, error=0.0)
    share = count / of
    squares = sum((one - share * n) ** 2 for one, n in chats)
    error = sqrt(squares * number / max(number - 1, 1)) / of
    p = _smooth(share, number)
    least = sqrt(p * (1 - p) / of)  # as if those of one chat went as any others
    return Rate(count=count, of=of, chats=number, error=max(error, least))
