"""How the frozen sentence tests fare under two models, intent by intent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MARGIN = 0.15  # of an intent's sentences: more may not be lost; one of ten is chance


@dataclass
class Score:
    of: int = 0
    wrong: dict[str, str] = field(default_factory=dict)  # sentence → what came instead

    @property
    def right(self) -> int:
        return self.of - len(self.wrong)

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0


Scores = Mapping[str, Score]  # by intent


@dataclass(frozen=True, kw_only=True)
class Worse:
    intent: str
    before: int  # sentences right
    after: int
    of: int
    sentences: tuple[str, ...]  # lost, with what they are taken for now

    def __str__(self) -> str:
        lost = "".join(f"\n    {one}" for one in self.sentences)
        return f"{self.intent}: {self.of} 句里原来对 {self.before} 句，现在对 {self.after} 句{lost}"


def score(outcomes: Sequence[tuple[str, str, str]]) -> dict[str, Score]:
    """`outcomes`: (intent, sentence, what came instead, "" = right)."""
    found: dict[str, Score] = defaultdict(Score)
    for intent, sentence, wrong in outcomes:
        found[intent].of += 1
        if wrong:
            found[intent].wrong[sentence] = wrong
    return dict(found)


def worse(before: Scores, after: Scores, margin: float) -> list[Worse]:
    """Intents that lose more than `margin` of their sentences, the worst first."""
    found = []
    for intent, now in after.items():
        then = before.get(intent)
        if then is None or then.of != now.of or then.share - now.share <= margin + 1e-9:
            continue
        lost = [f"「{text}」{why}" for text, why in now.wrong.items() if text not in then.wrong]
        found.append(
            Worse(
                intent=intent,
                before=then.right,
                after=now.right,
                of=now.of,
                sentences=tuple(lost),
            )
        )
    return sorted(found, key=lambda one: (one.after - one.before, one.intent))


def total(scores: Scores) -> tuple[int, int]:
    """(right, of)."""
    return sum(one.right for one in scores.values()), sum(one.of for one in scores.values())
