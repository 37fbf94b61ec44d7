"""Last week's real messages, answered by the model that is in use and by the new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.attempts import AnsweredBy
from bot.conversations.tables import wishes
from bot.desk.masking import masked_text
from bot.dialogue.outcome import Outcome

MOST = 5000  # distinct lines
_READ = 200_000  # rows, of which the distinct lines are


@dataclass(frozen=True, kw_only=True)
class Line:
    """What buyers wrote, word for word the same."""

    text: str
    count: int
    accepted: str  # the intent that it was answered as, and nobody took it back; "" = none


@dataclass(frozen=True)
class Answer:
    """To a line that opens a talk."""

    intents: tuple[str, ...]  # of each wish in it
    replies: tuple[str, ...]  # names, in order


@dataclass(frozen=True, kw_only=True)
class Difference:
    message: str  # phones and addresses masked
    count: int
    before: Answer
    after: Answer
    is_regression: bool  # what buyers were content with is heard otherwise now

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        mark = "✗ " if self.is_regression else "  "
        times = f"（{self.count} 次）" if self.count > 1 else ""
        return f"{mark}「{self.message}」{times}\n     原来 {_told(self.before)}\n     现在 {_told(self.after)}"


def lines(
    connection: Connection, since: datetime, until: datetime, *, most: int = MOST
) -> list[Line]:
    """Distinct lines of [since, until) that the bot has read, the most frequent first."""
    mine = wishes.c
    query = (
        sa.select(mine.text, mine.intent, mine.outcome, mine.answered_by, mine.corrected_seq)
        .where(
            mine.asked_at >= since,
            mine.asked_at < until,
            mine.intent != "",
            mine.decided_by != "button",
        )
        .order_by(mine.asked_at.desc())
        .limit(_READ)
    )
    counts: dict[str, int] = {}
    accepted: dict[str, str] = {}
    for row in connection.execute(query):
        text = " ".join(row.text.split())
        if not text:
            continue
        counts[text] = counts.get(text, 0) + 1
        if _was_accepted(row):
            accepted.setdefault(text, row.intent)  # the newest counts
    kept = sorted(counts, key=lambda text: -counts[text])[:most]
    return [Line(text=text, count=counts[text], accepted=accepted.get(text, "")) for text in kept]


def differences(
    said: Sequence[Line], before: Sequence[Answer], after: Sequence[Answer]
) -> list[Difference]:
    """All of them; regressions on accepted ones first, then what was said most often."""
    found = [
        Difference(
            message=masked_text(line.text),
            count=line.count,
            before=then,
            after=now,
            is_regression=bool(line.accepted)
            and line.accepted in then.intents
            and line.accepted not in now.intents,
        )
        for line, then, now in zip(said, before, after, strict=True)
        if then != now
    ]
    return sorted(found, key=lambda one: (not one.is_regression, -one.count, one.message))


def _was_accepted(row: Any) -> bool:
    return (
        row.outcome == Outcome.ANSWERED.value
        and row.answered_by == AnsweredBy.BOT.value
        and row.corrected_seq is None
    )


def _told(answer: Answer) -> str:
    return f"{'、'.join(answer.intents) or '没听懂'} → {'、'.join(answer.replies) or '没有回答'}"
