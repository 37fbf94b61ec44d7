"""Show training messages that stand too close to a real buyer's message.

Real messages are for measuring only: a training line that equals one, or is one lightly
edited, would make every figure of the report worthless. Usage:

    python bench/real_overlap.py data/nlu/*.yml

Exit status 1 when a line equals a real message or shares at least 70 % of its character pairs
with one. Lines that figures are measured on (the labelled files, and what buyers say in the
dialogues) count from five characters on when equal and from eight when near. Unlabelled lines
are many and everyday (怎么退货啊 is everybody's): equal or near, they count from twelve on.
What buyers and shops cannot help saying stands in `real_overlap_allowed.yml`, with its reason.
"""

from __future__ import annotations

import json
import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

REAL_MESSAGES = Path(__file__).resolve().parents[2] / "shared" / "real-messages"
ALLOWED = Path(__file__).with_name("real_overlap_allowed.yml")
NEAR_SHARE = 0.7


@dataclass(frozen=True)
class Reach:
    """From how many characters on a line of ours may not equal, or stand near, a real one."""

    same_from: int
    near_from: int


MEASURED = Reach(same_from=5, near_from=8)
EVERYDAY = Reach(same_from=12, near_from=12)


def plain(text: str) -> str:
    """The text's letters, digits and Han characters alone, lower case, half width."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if char.isalnum())


def pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def training_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Line number (from 1) and text of each example line of an NLU file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if found := re.match(r"^ {4}- (.+)$", line):
            yield number, found.group(1)


def buyers_lines(row: dict[str, Any]) -> Iterator[str]:
    """What a buyer wrote in a row: its `text`, and the buyer's lines of `turns` and `before`.

    Raises:
        ValueError: The row holds none of the three, so that a new form is not passed over.
    """
    if not row.keys() & {"text", "turns", "before"}:
        raise ValueError(f"a row with no text, turns or before: {sorted(row)}")
    if "text" in row:
        yield row["text"]
    for turn in [*row.get("turns", ()), *row.get("before", ())]:
        if turn["who"] == "buyer":
            yield turn["text"]


def read_real_messages(folder: Path) -> dict[str, Reach]:
    """Every real line (as `plain` leaves it) and how far it reaches."""
    reaches: dict[str, Reach] = {}
    for path in sorted(folder.glob("*.jsonl")):
        reach = EVERYDAY if path.stem == "unlabelled" else MEASURED
        for line in path.read_text(encoding="utf-8").splitlines():
            for text in buyers_lines(json.loads(line)):
                found = reaches.get(plain(text))
                reaches[plain(text)] = MEASURED if MEASURED in (found, reach) else EVERYDAY
    reaches.pop("", None)
    return reaches


class NearLines:
    """Finds which of some lines share `NEAR_SHARE` of their pairs with a given one.

    Two such sets must share one of the few rarest pairs of each (prefix filtering, Chaudhuri
    and others 2006), so only lines under those pairs are compared.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._pairs = {line: pairs(line) for line in lines}
        self._frequency = Counter(pair for found in self._pairs.values() for pair in found)
        self._under: defaultdict[str, list[str]] = defaultdict(list)
        for line, found in self._pairs.items():
            for pair in self._rarest(found):
                self._under[pair].append(line)

    def like(self, text: str) -> Iterator[str]:
        mine = pairs(text)
        for line in {line for pair in self._rarest(mine) for line in self._under.get(pair, ())}:
            theirs = self._pairs[line]
            if len(mine & theirs) >= NEAR_SHARE * len(mine | theirs):
                yield line

    def _rarest(self, found: frozenset[str]) -> list[str]:
        by_rarity = sorted(found, key=lambda pair: (self._frequency[pair], pair))
        return by_rarity[: len(found) - math.ceil(NEAR_SHARE * len(found)) + 1]


def allowed_lines() -> frozenset[str]:
    rows = yaml.safe_load(ALLOWED.read_text(encoding="utf-8"))
    return frozenset(plain(line) for row in rows for line in row["lines"])


def overlaps(paths: list[Path], folder: Path = REAL_MESSAGES) -> Iterator[str]:
    """One sentence for each training line that must be written anew."""
    real = read_real_messages(folder)
    near = NearLines(real)
    allowed = allowed_lines()
    for path in paths:
        for number, line in training_lines(path):
            text = plain(line)
            if text in allowed:
                continue
            if text in real and len(text) >= real[text].same_from:
                yield f"{path}:{number}: equals a real message: {line}"
                continue
            for other in sorted(near.like(text)):
                if min(len(text), len(other)) >= real[other].near_from:
                    yield f"{path}:{number}: too close to a real message: {line} ~ {other}"
                    break


def main() -> int:
    found = list(overlaps([Path(name) for name in sys.argv[1:]]))
    print("\n".join(found) or "no training line stands close to a real message")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
