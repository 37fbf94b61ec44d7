"""How well messages were understood, in the figures that the project is held to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.nlu.thresholds import Judged, calibration_error

FIVE = ("stock_check", "size_advice", "bargain", "logistics_delay", "return_request")
APART = ("unclear", "out_of_scope")
# Answering these harms nobody: the bot says it cannot help, or just stays polite.
HARMLESS = frozenset(
    [
        "out_of_scope",
        "unclear",
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "hold_on",
        "praise",
        "ask_bot",
        "ask_human",
    ]
)


@dataclass(frozen=True)
class Row:
    """A labelled message; any intent in `accept` is right."""

    text: str
    intent: str
    accept: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """JSON lines of text, intent and accept; whatever else stands there is left."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Row(one["text"], one["intent"], tuple(one["accept"])) for one in rows]


@dataclass(frozen=True)
class Answer:
    """Intents by likelihood (without `faq/`), how sure, and what the bot does: act, ask, give up."""

    intents: tuple[str, ...]
    confidence: float
    does: str


@dataclass(frozen=True)
class Score:
    """Shares between 0 and 1."""

    in_scope: float  # first choice right, unclear and out-of-scope rows apart
    five: float  # the same for the five core intents
    each_of_five: Mapping[str, float]
    macro_f1: float
    offered: float  # right among the first three
    out_of_scope_answered: float  # acted upon as if it were a shop's business
    unclear_answered: float  # acted upon although nobody could tell what was meant
    acted: float  # of all messages in scope: acted upon at once …
    acted_right: float  # … and how many of these rightly
    asked: float
    gave_up: float
    calibration_error: float
    confusions: Sequence[tuple[str, str, int]]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def is_right(row: Row, answer: Answer) -> bool:
    return bool(answer.intents) and answer.intents[0] in row.accept


def score(rows: Sequence[Row], answers: Sequence[Answer]) -> Score:
    pairs = list(zip(rows, answers, strict=True))
    inside = [(row, answer) for row, answer in pairs if row.intent not in APART]
    core = {name: [p for p in inside if p[0].intent == name] for name in FIVE}
    acted = [p for p in inside if p[1].does == "act"]
    confusions = Counter(
        (row.intent, answer.intents[0] if answer.intents else "-")
        for row, answer in inside
        if not is_right(row, answer)
    )
    return Score(
        in_scope=_share(is_right(*p) for p in inside),
        five=_share(is_right(*p) for group in core.values() for p in group),
        each_of_five={name: _share(is_right(*p) for p in group) for name, group in core.items()},
        macro_f1=_macro_f1(inside),
        offered=_share(bool(set(answer.intents[:3]) & set(row.accept)) for row, answer in inside),
        out_of_scope_answered=_share(
            _acts_wrongly(*p) for p in pairs if p[0].intent == "out_of_scope"
        ),
        unclear_answered=_share(_acts_wrongly(*p) for p in pairs if p[0].intent == "unclear"),
        acted=len(acted) / len(inside) if inside else 0.0,
        acted_right=_share(is_right(*p) for p in acted),
        asked=_share(answer.does == "ask" for _, answer in inside),
        gave_up=_share(answer.does == "give up" for _, answer in inside),
        calibration_error=calibration_error(
            [
                Judged(answer.confidence, 0 if is_right(row, answer) else None)
                for row, answer in pairs
            ]
        ),
        confusions=[(*pair, count) for pair, count in confusions.most_common(15)],
    )


def _acts_wrongly(row: Row, answer: Answer) -> bool:
    acts = answer.does == "act" and answer.intents[0] not in HARMLESS
    return acts and answer.intents[0] not in row.accept


def _share(claims: Any) -> float:
    listed = list(claims)
    return sum(listed) / len(listed) if listed else 0.0


def _macro_f1(pairs: Sequence[tuple[Row, Answer]]) -> float:
    """Over intents that occur; an accepted other intent counts as the labelled one."""
    truth = [row.intent for row, _ in pairs]
    said = [row.intent if is_right(row, a) else (a.intents or ("-",))[0] for row, a in pairs]
    values = []
    for name in set(truth):
        hits = sum(t == s == name for t, s in zip(truth, said, strict=True))
        values.append(2 * hits / (truth.count(name) + said.count(name)))
    return sum(values) / len(values) if values else 0.0


def as_markdown(scores: Mapping[str, Score], about: str) -> str:
    """The report as a Markdown table, one column a bot."""
    lines = {
        "in scope, first choice right": "in_scope",
        "the five core intents": "five",
        "macro-F1": "macro_f1",
        "right among the first three": "offered",
        "out of scope answered wrongly": "out_of_scope_answered",
        "unclear answered at high confidence": "unclear_answered",
        "acted upon at once": "acted",
        "of these rightly": "acted_right",
        "asked back": "asked",
        "gave up": "gave_up",
        "calibration error": "calibration_error",
    }
    names = list(scores)
    text = [about, "", "| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for title, field in lines.items():
        values = [getattr(scores[name], field) for name in names]
        text.append(f"| {title} | " + " | ".join(f"{100 * value:.1f} %" for value in values) + " |")
    for name in FIVE:
        values = [scores[bot].each_of_five[name] for bot in names]
        text.append(
            f"| … {name} | " + " | ".join(f"{100 * value:.1f} %" for value in values) + " |"
        )
    text += ["", f"Most frequent confusions ({names[0]}): meant → understood"]
    text += [f"- {meant} → {said}: {count}" for meant, said, count in scores[names[0]].confusions]
    return "\n".join(text) + "\n"
