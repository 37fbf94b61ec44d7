"""The trainers' inbox: what was unsure, fell back, was corrected or led to a person, grouped by
likeness and sorted by how much a label would help. Phones and addresses stay hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from bot.conversations.wishes import Wish
from bot.desk.masking import masked_text
from bot.dialogue.outcome import Outcome
from bot.trainer.likeness import Likeness
from bot.trainer.plain_lines import PlainLines

ALIKE = 0.45  # cosine from which two lines are one row
_SHOWN = 4  # lines of a group
_CHOICES = 3
_WHY = {
    Outcome.ASKED_BACK.value: "反问了",
    Outcome.NOT_UNDERSTOOD.value: "没听懂",
    Outcome.REPEATED.value: "重复了上次的话",
    Outcome.OFFERED_PERSON.value: "问要不要人工",
    Outcome.HANDED_OVER.value: "转了人工",
    Outcome.LEFT_TO_PERSON.value: "人工答的",
}
CORRECTED, UNHELPFUL = "买家说不是这个意思", "买家点了没帮上忙"


@dataclass(frozen=True, kw_only=True)
class Row:
    """Lines that are alike, as one decision."""

    line: str  # the most frequent, masked
    count: int
    lines: tuple[str, ...]  # different ones, the most frequent first, masked
    why: tuple[tuple[str, int], ...]  # what came of them, with counts
    heard: str  # as which intent, mostly; "" = none was decided
    nearest: tuple[tuple[str, float], ...]  # three intents and their chances
    chats: tuple[str, ...]  # conversation:line of some
    last_at: datetime
    gain: float  # how much a label would help
    around: tuple[tuple[str, str], ...] = ()  # (who, what) of the chat around one of them, masked
    answer: str = ""  # what a person answered, masked; "" = nobody did
    agent: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "last_at": self.last_at.isoformat()}


def rows_of(
    wishes: Sequence[Wish], likeness: Likeness, lines: PlainLines, *, done: Collection[str] = ()
) -> list[Row]:
    """The most helpful first. `done`: plain lines that are taught or were decided about."""
    asked = [wish for wish in wishes if wish.text.strip()]
    counts: Counter[str] = Counter()
    by_plain: dict[str, list[Wish]] = {}
    for wish, plain in zip(asked, lines.of([wish.text for wish in asked]), strict=True):
        if plain and plain not in done:
            counts[plain] += 1
            by_plain.setdefault(plain, []).append(wish)
    kinds = [plain for plain, _ in counts.most_common()]
    if not kinds:
        return []
    vectors = likeness.vectors(kinds)
    alike = np.asarray((vectors @ vectors.T).todense())
    chances = likeness.chances_of(kinds)
    left, rows = set(range(len(kinds))), []
    for at in range(len(kinds)):  # the frequent ones gather the others
        if at in left:
            group = [at, *(one for one in sorted(left - {at}) if alike[at, one] >= ALIKE)]
            left -= set(group)
            rows.append(
                _row([by_plain[kinds[one]] for one in group], chances[group], likeness.labels)
            )
    return sorted(rows, key=lambda row: (-row.gain, row.line))


def _row(groups: Sequence[Sequence[Wish]], chances: Any, labels: Sequence[str]) -> Row:
    wishes = [wish for group in groups for wish in group]
    why = Counter(_why(wish) for wish in wishes)
    weights = np.array([len(group) for group in groups], dtype=np.float64)
    mean = (chances * weights[:, None]).sum(axis=0) / weights.sum()
    best = np.argsort(-mean, kind="stable")[:_CHOICES]
    shown = tuple(masked_text(group[0].text.replace("\n", " ")) for group in groups)
    unsure = sum(1.0 - (wish.sureness or 0.0) for wish in wishes)
    heard = Counter(wish.intent for wish in wishes if wish.intent).most_common(1)
    return Row(
        line=shown[0],
        count=len(wishes),
        lines=shown[:_SHOWN],
        why=tuple(why.most_common()),
        heard=heard[0][0] if heard else "",
        nearest=tuple((labels[int(one)], round(float(mean[one]), 3)) for one in best),
        chats=tuple(f"{wish.conversation_id}:{wish.seq}" for wish in wishes[:_SHOWN]),
        last_at=max(wish.asked_at for wish in wishes),
        # A line that was taken back, or that nobody understood, teaches more than a doubtful one.
        gain=round(unsure + why[CORRECTED] + why[UNHELPFUL], 3),
    )


def _why(wish: Wish) -> str:
    if wish.corrected_seq is not None:
        return CORRECTED
    if wish.unhelpful_at is not None:
        return UNHELPFUL
    return _WHY.get(wish.outcome.value, wish.outcome.value)
