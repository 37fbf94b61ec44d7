"""Lines under the wrong wish: said the same under two, or heard by all others as another."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence

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
_FEW = 50  # new lines: more say something of each other


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
        if odd[at] and catalogue_intent(other) != catalogue_intent(one.intent):
            votes = sum(examples[found.at].intent == other for found in near)
            if is_new[at]:
                kind, sure = "other-intent", f"会被听成「{other}」（{most[at]:.0%}）"
            elif votes >= _OLD_VOTES and near[0].likeness > _OLD_LIKENESS:
                kind, sure = "misfiled", f"更像「{other}」（{most[at]:.0%}）"
            else:
                continue
            _tell_filed(readings, examples, one, near, kind, sure, other)
        elif is_new[at]:
            _tell_near(readings, examples, one, near)


def demand_new_filed(
    readings: Mapping[str, Reading],
    examples: Sequence[Example],
    plain: Sequence[str],
    new: Mapping[str, Container[int]],
    likeness_of: Callable[[Sequence[str], Sequence[str]], Likeness],
) -> bool:
    """Only new lines are looked at, judged by the old ones alone; whether that could be done: not
    where they are many, or of an intent that has no old line.

    `likeness_of`: (plain texts, intents) → their Likeness; the same again for the same old lines.
    """
    is_new = [one.file in new and one.line in new[one.file] for one in examples]
    fresh = [at for at, it in enumerate(is_new) if it]
    old = [at for at, it in enumerate(is_new) if not it]
    intents = [examples[at].intent for at in old]
    numbers = {label: number for number, label in enumerate(sorted(set(intents)))}
    if len(fresh) > _FEW or any(examples[at].intent not in numbers for at in fresh):
        return False
    if not fresh or len(numbers) < 2:
        return True
    likeness = likeness_of([plain[at] for at in old], intents)
    texts = [plain[at] for at in fresh]
    chances, neighbours = likeness.chances_of(texts), likeness.neighbours_of(texts, _LOOKED_AT)
    for at, row, found in zip(fresh, chances, neighbours, strict=True):
        one, best = examples[at], int(row.argmax())
        near = [Neighbour(old[each.at], each.likeness) for each in found]
        own, other = float(row[numbers[one.intent]]), likeness.labels[best]
        is_odd = own < _NEW_OWN and row[best] > _NEW_OTHER
        if is_odd and catalogue_intent(other) != catalogue_intent(one.intent):
            sure = f"会被听成「{other}」（{row[best]:.0%}）"
            _tell_filed(readings, examples, one, near, "other-intent", sure, other)
        else:
            _tell_near(readings, examples, one, near)
    return True


def _tell_filed(
    readings: Mapping[str, Reading],
    examples: Sequence[Example],
    one: Example,
    near: Sequence[Neighbour],
    kind: str,
    sure: str,
    other: str,
) -> None:
    if any(each.line == one.line and each.kind == "same" for each in readings[one.file].findings):
        return  # it stands under the other one word for word, which is told
    shown = "、".join(
        f"「{examples[found.at].text}」({examples[found.at].intent})" for found in near[:_TOLD]
    )
    readings[one.file].tell(
        kind,
        one.line,
        f"「{one.text}」写在「{one.intent}」下，{sure}，最像它的是{shown or '没有'}",
        f"真是「{one.intent}」就换个说得更清楚的写法，或多写几句这样的；不是就挪到「{other}」",
    )


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
