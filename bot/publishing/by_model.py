"""What each model's answers came to in real talks: settled, handed over, taken back by the buyer."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from bot.conversations import wishes
from bot.conversations.wishes import Tally
from bot.dialogue.outcome import Outcome
from bot.followups.report import Comparison, Share

NO_WISH = (Outcome.COURTESY, Outcome.SILENT)  # nothing was asked for
TO_PEOPLE = (Outcome.HANDED_OVER, Outcome.LEFT_TO_PERSON, Outcome.OFFERED_PERSON)
_FIGURES = (("办妥", "settled"), ("转人工", "handed_over"), ("被纠正", "corrected"))


@dataclass(frozen=True, kw_only=True)
class ByModel:
    """`settled`, `handed_over` and `corrected` are of `wishes`; what is left was asked back, told
    twice or not understood."""

    model: str  # as the model calls itself
    wishes: int
    settled: int  # answered, and the buyer let it stand
    handed_over: int
    corrected: int

    def as_json(self) -> dict[str, Any]:
        intervals = {name: list(self.share(name).interval) for _, name in _FIGURES}
        return {**vars(self), "intervals": intervals}

    def share(self, name: str) -> Share:
        """Of one of the figures."""
        return Share(count=getattr(self, name), of=self.wishes)


def by_model(connection: Connection, since: datetime, until: datetime) -> list[ByModel]:
    """Of the wishes of [since, until), the model with most of them first."""
    found: dict[str, list[Tally]] = {}
    for one in wishes.outcomes(connection, since, until):
        if one.model and one.outcome not in NO_WISH:
            found.setdefault(one.model, []).append(one)
    told = [_of(model, tallies) for model, tallies in found.items()]
    return sorted(told, key=lambda one: (-one.wishes, one.model))


def _of(model: str, tallies: Sequence[Tally]) -> ByModel:
    return ByModel(
        model=model,
        wishes=sum(one.count for one in tallies),
        settled=sum(
            one.count - one.corrected for one in tallies if one.outcome is Outcome.ANSWERED
        ),
        handed_over=sum(one.count for one in tallies if one.outcome in TO_PEOPLE),
        corrected=sum(one.corrected for one in tallies),
    )


def names_of(models: Path) -> dict[str, str]:
    """What the files of a folder call themselves → the file; a second for each file."""
    found = {}
    for path in sorted(models.glob("*.tar.gz")):
        try:
            with tarfile.open(path) as archive:
                kept = archive.extractfile("metadata.json")
                content = json.load(kept) if kept is not None else {}
            found[str(content["model_id"])] = path.name
        except (OSError, EOFError, KeyError, ValueError, tarfile.TarError):
            continue  # cut off, or none of Rasa's
    return found


def as_text(found: Sequence[ByModel], names: Mapping[str, str], days: int) -> str:
    if not found:
        return f"最近 {days} 天没有模型答过的话。"
    lines = [f"最近 {days} 天，每个模型答的诉求（括号里是 95% 的范围）："]
    for one in found:
        figures = [f"{label} {_told(one.share(name))}" for label, name in _FIGURES]
        name = names.get(one.model, f"{one.model[:8]}（文件已经不在）")
        lines.append(f"{name}：{one.wishes} 件，" + "，".join(figures))
    lines.append(_verdict(found, names))
    return "\n".join(lines)


def _verdict(found: Sequence[ByModel], names: Mapping[str, str]) -> str:
    """Whether the two with most wishes are apart by more than chance."""
    if len(found) < 2:
        return "只有一个模型，没有可比的。"
    one, other = found[:2]
    settled = Comparison(first=one.share("settled"), second=other.share("settled"))
    if not settled.is_told_apart:
        return "头两个办妥的还分不出高低，再多看些。"
    better = one if settled.first.share > settled.second.share else other
    return f"{names.get(better.model, better.model[:8])} 办妥得更多。"


def _told(share: Share) -> str:
    low, high = share.interval
    return f"{share.share:.0%}（{low:.0%}–{high:.0%}）"
