"""Lines under the wrong wish: said the same under two, or heard by all others as another."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

import numpy as np

from bot.nlu.labels import catalogue_intent
from bot.trainer.examples import Example
from bot.trainer.likeness import Likeness, Neighbour
from bot.trainer.yaml_reading import Reading

# A new line is told of where the others speak for another intent; an old one, that somebody has
# looked at, only where next to nothing speaks for its own.
_NEW_OWN, _NEW_OTHER = 0.2, 0.5
_OLD_OWN, _OLD_OTHER, _OLD_LIKENESS, _OLD_VOTES = 0.003, 0.9, 0.7, 4
_NUMBER = re.compile(r"\d+")
_NEAR = 0.82
_TOLD = 3  # nearest lines that a finding shows
_LOOKED_AT = 5


def demand_apart(
    readings: Mapping[str, Reading], examples: Sequence[Example], plain: Sequence[str]
) -> None:
    """The same sentence under two intents, however it is punctuated."""
    first: dict[tuple[str, ...], Example] = {}
    for one, words in zip(examples, plain, strict=True):
        # The classifier sees that a number is there and not which; the reader does.
        key = (words, *_NUMBER.findall(one.text)) if words else (one.text,)
        other = first.setdefault(key, one)
        if other.intent != one.intent:
            for mine, theirs in ((one, other), (other, one)):  # either may be the one to go
                readings[mine.file].tell(
                    "same",
                    mine.line,
                    f"「{mine.text}」同时写在「{mine.intent}」和「{theirs.intent}」下"
                    f"（{theirs.file}:{theirs.line}）",
                    "只留一处，看买家要办的是哪件事",
                )


def demand_filed(
    readings: Mapping[str, Reading],
    examples: Sequence[Example],
    likeness: Likeness,
    new: Mapping[str, Container[int]] | None,
    *,
    closely: bool = False,
) -> None:
    """`new`: numbers of new lines by file; None = nobody can tell which are. `closely`: every line
    is looked at as if it were new."""
    chances = likeness.chances()
    places = np.arange(len(examples))
    own = chances[places, likeness.own]
    best = chances.argmax(axis=1)
    most = chances[places, best]
    if closely:
        is_new = np.ones(len(examples), dtype=bool)
    else:
        files = new or {}
        is_new = np.array([one.file in files and one.line in files[one.file] for one in examples])
    odd = np.where(
        is_new,
        (own < _NEW_OWN) & (most > _NEW_OTHER),
        (own < _OLD_OWN) & (most > _OLD_OTHER),
    )
    looked_at = np.flatnonzero(odd | is_new)
    neighbours = likeness.neighbours(looked_at.tolist(), _LOOKED_AT)
    for at, near in zip(looked_at.tolist(), neighbours, strict=True):
        one, other = examples[at], likeness.labels[int(best[at])]
        shown = "、".join(
            f"「{examples[found.at].text}」({examples[found.at].intent})" for found in near[:_TOLD]
        )
        if odd[at] and catalogue_intent(other) != catalogue_intent(one.intent):
            votes = sum(examples[found.at].intent == other for found in near)
            if is_new[at]:
                kind, sure = "other-intent", f"会被听成「{other}」（{most[at]:.0%}）"
            elif votes >= _OLD_VOTES and near[0].likeness > _OLD_LIKENESS:
                kind, sure = "misfiled", f"更像「{other}」（{most[at]:.0%}）"
            else:
                continue
            readings[one.file].tell(
                kind,
                one.line,
                f"「{one.text}」写在「{one.intent}」下，{sure}，最像它的是{shown or '没有'}",
                f"真是「{one.intent}」就换个说得更清楚的写法，或多写几句这样的；不是就挪到「{other}」",
            )
        elif is_new[at]:
            _tell_near(readings, examples, one, near)


def _tell_near(
    readings: Mapping[str, Reading],
    examples: Sequence[Example],
    one: Example,
    near: Sequence[Neighbour],
) -> None:
    for found in near:
        other = examples[found.at]
        is_near = found.likeness >= _NEAR
        if is_near and catalogue_intent(other.intent) != catalogue_intent(one.intent):
            readings[one.file].tell(
                "near",
                one.line,
                f"「{one.text}」和「{other.intent}」下的「{other.text}」几乎一样（{other.file}:{other.line}）",
                "只留一处，或改得一听就分得开",
            )
            return
