"""The figures of a replay: judged turns counted together, by source and by place in the dialogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bench.replay.judging import Ending, Judged, Sign

Figures = dict[str, dict[str, int]]  # group → name of the figure → how many
TURNS, DIALOGUES, HANDED_OVER_DIALOGUES = "turns", "dialogues", "dialogues handed over"
NAMES = (
    TURNS,
    *(ending.value for ending in reversed(Ending)),
    *(sign.value for sign in Sign),
    DIALOGUES,
    HANDED_OVER_DIALOGUES,
)
PLACES: Mapping[str, range] = {
    "line 1": range(1, 2),
    "lines 2-4": range(2, 5),
    "line 5": range(5, 6),
    "later": range(6, 10**6),
}


def count(judged: Sequence[Judged]) -> Figures:
    """All turns, those of each source, and those of each place in their dialogues."""
    groups: dict[str, Sequence[Judged]] = {"all": judged}
    for source in sorted({one.source for one in judged}):
        groups[source] = [one for one in judged if one.source == source]
    for place, lines in PLACES.items():
        groups[place] = [one for one in judged if one.line in lines]
    return {name: _count(group) for name, group in groups.items()}


def _count(judged: Sequence[Judged]) -> dict[str, int]:
    counts = Counter(one.ending.value for one in judged)
    counts.update(sign.value for one in judged for sign in one.signs)
    counts[TURNS] = len(judged)
    counts[DIALOGUES] = len({one.code for one in judged})
    counts[HANDED_OVER_DIALOGUES] = len(
        {one.code for one in judged if one.ending is Ending.HANDED_OVER}
    )
    return {name: counts[name] for name in NAMES}
