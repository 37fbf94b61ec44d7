"""Half sentences (多久, 那怎么办): learned behind a buyer's wish, and under every meaning alone.

Alone such a line says nothing, so that no reading of it may be sure; behind a wish it is clear.
`data/dialogue/halves.yml` holds the lines and what each means behind which wish.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.table_file import Node, TableFile
from bot.nlu.normalise import normalise

HALVES = Path("data/dialogue/halves.yml")
SAME = "same"  # means what the wish before it means
PARTS = frozenset(["lines", "means"])
SEED = 11


@dataclass(frozen=True, kw_only=True)
class Halves:
    """One kind of half sentence."""

    name: str
    lines: tuple[str, ...]  # normalised
    means: Mapping[str, str]  # intent of the wish before → what the line then means


def read_halves(path: Path = HALVES, intents: Collection[str] | None = None) -> list[Halves]:
    """Empty without the file. `intents`: full labels that may be named (None: any).

    Raises TableError with file and line.
    """
    if not path.exists():
        return []
    file = TableFile(path)
    return [_kind(file, key, value, intents) for key, value in file.pairs(file.root, "每组半句话")]


def _kind(file: TableFile, key: Node, value: Node, intents: Collection[str] | None) -> Halves:
    parts = {
        file.known(name, PARTS, "一项"): node for name, node in file.pairs(value, "每组半句话")
    }
    if missing := sorted(PARTS - parts.keys()):
        raise file.error(key, f"「{key.value}」少了 {'、'.join(missing)}")

    def intent_of(node: Node) -> str:
        word = str(node.value)
        return word if intents is None or word == SAME else file.known(node, intents, "意图")

    means: dict[str, str] = {}
    for meaning, wishes in file.pairs(parts["means"], "means 下面"):
        intent = intent_of(meaning)
        for wish in file.words(wishes):
            before = intent_of(wish)
            if before in means:
                raise file.error(wish, f"「{before}」在「{key.value}」里写了两次,只留一处")
            means[before] = before if intent == SAME else intent
    lines = tuple(normalise(str(word.value)) for word in file.words(parts["lines"]))
    return Halves(name=str(key.value), lines=lines, means=means)


def halves_taught(
    halves: Sequence[Halves], texts: Sequence[str], intents: Sequence[str]
) -> list[tuple[str, str]]:
    """(text, full label): each line under all its meanings, and behind a line of each wish."""
    wishes = defaultdict(list)
    for text, intent in zip(texts, intents, strict=True):
        wishes[intent].append(text)
    return list(_taught(halves, wishes))


def _taught(
    halves: Sequence[Halves], wishes: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    dice = random.Random(SEED)
    for kind in halves:
        for line in kind.lines:
            known = {
                before: meant
                for before, meant in kind.means.items()
                if before in wishes and meant in wishes
            }
            yield from ((line, meant) for meant in dict.fromkeys(known.values()))
            for before, meant in known.items():
                yield f"{dice.choice(wishes[before])}\n{line}", meant
