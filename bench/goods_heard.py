"""How well goods of other shops are heard in lines labelled by hand.

    python -m bench.goods_heard FILE

FILE: JSON lines {"text": …, "goods": [words that must be heard], "also": [words that may be]}; both
lists may be missing. Heard is what shares characters with a word from its beginning to its end: 风扇
for 电脑风扇. Printed: lines with goods of which one is heard, words heard, what is right of all that is
heard, and milliseconds of CPU a line for all entities.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time

from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise


@dataclass
class Score:
    lines: int = 0
    naming: int = 0  # lines that name goods
    found: int = 0  # of these, with one of them heard
    heard: int = 0  # goods taken from all lines
    right: int = 0

    def add(self, words: Sequence[str], goods: Sequence[str], also: Sequence[str]) -> None:
        """`words` were heard where `goods` must be and `also` may be."""
        self.lines += 1
        self.naming += bool(goods)
        self.found += any(_is_one_of(word, goods) for word in words)
        self.heard += len(words)
        self.right += sum(_is_one_of(word, (*goods, *also)) for word in words)


def score(rows: Iterable[dict[str, object]], rules: EntityRules, today: date) -> Score:
    result = Score()
    for row in rows:
        found = rules.find(normalise(str(row["text"])), today)
        words = [str(one.value) for one in found if one.entity == "goods"]
        result.add(words, _words(row, "goods"), _words(row, "also"))
    return result


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.goods_heard", description=__doc__)
    parser.add_argument("file", type=Path)
    lines = parser.parse_args(arguments).file.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    rules, today = EntityRules(), date.today()
    rules.find("除螨仪有吗", today)  # builds what the first message needs
    start = process_time()
    told = score(rows, rules, today)
    spent = (process_time() - start) * 1000 / max(1, told.lines)
    print(f"lines {told.lines}, naming goods {told.naming}")
    print(
        f"found {_share(told.found, told.naming)} of them, right {_share(told.right, told.heard)}"
    )
    print(f"{spent:.2f} ms a line")


def _words(row: dict[str, object], name: str) -> list[str]:
    words = row.get(name) or []
    assert isinstance(words, list)
    return [normalise(str(word)) for word in words]


def _is_one_of(word: str, goods: Iterable[str]) -> bool:
    return any(word in one or one in word for one in goods)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part} of {whole})" if whole else "none"


if __name__ == "__main__":
    main()
