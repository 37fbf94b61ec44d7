"""Show training messages that stand too close to a real buyer's message.

Real messages are for measuring only: a training line that equals one, or is one lightly
edited, would make every figure of the report worthless. Usage:

    python bench/real_overlap.py data/nlu/*.yml

Exit status 1 when a line of five or more characters equals a real message, or one of eight or
more shares at least 70 % of its character pairs with one.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

REAL_MESSAGES = Path(__file__).resolve().parents[2] / "shared" / "real-messages"
SAME_FROM = 5
NEAR_FROM = 8
NEAR_SHARE = 0.7


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


def real_messages() -> list[str]:
    texts = []
    for path in sorted(REAL_MESSAGES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts.append(plain(json.loads(line)["text"]))
    return texts


def overlaps(paths: list[Path]) -> Iterator[str]:
    """One sentence for each training line that must be written anew."""
    real = real_messages()
    same = set(real)
    near = [(text, pairs(text)) for text in real if len(text) >= NEAR_FROM]
    for path in paths:
        for number, line in training_lines(path):
            text = plain(line)
            if len(text) >= SAME_FROM and text in same:
                yield f"{path}:{number}: equals a real message: {line}"
            elif len(text) >= NEAR_FROM:
                mine = pairs(text)
                for other, theirs in near:
                    if len(mine & theirs) >= NEAR_SHARE * len(mine | theirs):
                        yield f"{path}:{number}: too close to a real message: {line} ~ {other}"
                        break


def main() -> int:
    found = list(overlaps([Path(name) for name in sys.argv[1:]]))
    print("\n".join(found) or "no training line stands close to a real message")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
