"""`python -m bench.pattern_hits [FILE]`: how many lines each word list and pattern hits.

Read are our own training lines and, as FILE, real messages (JSON lines with `text`). For each value
of data/patterns/entities/*.yml and each compiled pattern of bot/nlu it prints both counts, fewest
first: what hits fewer than five lines goes, or carries its reason in a comment.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import bot.nlu
from bot.nlu.entities import CUE, NO_CUE
from bot.nlu.normalise import normalise
from bot.nlu.phrases import PATTERNS, PhraseBook, read_patterns
from bot.nlu.training_lines import training_files, training_lines

FEW = 5
# These read what no normalised message holds any more, or files.
_NOT_OF_MESSAGES = ("normalise", "phrases", "training_lines")


def compiled_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """(module.NAME, pattern) of every pattern that stands alone in a module of bot/nlu."""
    for found in pkgutil.iter_modules(bot.nlu.__path__):
        if found.name in _NOT_OF_MESSAGES:
            continue
        module = importlib.import_module(f"bot.nlu.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{found.name}.{name}", value


def hits(texts: Sequence[str]) -> Counter[str]:
    """Lines hit, by name: `entity: value` of a word list, `module.NAME` of a pattern."""
    counts: Counter[str] = Counter()
    phrases = read_patterns(PATTERNS)
    counts.update({f"{one.entity}: {one.value}": 0 for one in phrases})
    cues = PhraseBook(one for one in phrases if one.entity == CUE)
    words = PhraseBook(one for one in phrases if one.entity != CUE)
    patterns = dict(compiled_patterns())
    counts.update(dict.fromkeys(patterns, 0))
    for text in texts:
        heard = [*cues.find_each(text, hiding=NO_CUE), *words.find(text)]
        found = {f"{one.entity}: {one.value}" for one in heard}
        counts.update(found)
        counts.update(name for name, pattern in patterns.items() if pattern.search(text))
    return counts


def real_texts(path: Path) -> list[str]:
    rows = path.read_text(encoding="utf-8").splitlines()
    return [normalise(json.loads(row)["text"]) for row in rows if row]


def table(own: Counter[str], real: Counter[str] | None) -> Iterable[str]:
    for name in sorted(own, key=lambda name: (own[name] + (real or own)[name], name)):
        mark = "  < 5" if own[name] + (real[name] if real else 0) < FEW else ""
        yield f"{own[name]:7d} {real[name] if real else '–':>7}  {name}{mark}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", help="real messages, JSON lines with text")
    parser.add_argument("--only", default="", help="names that begin so, like `cue:`")
    options = parser.parse_args()
    own = hits([normalise(line.text) for line in training_lines(training_files())])
    real = hits(real_texts(options.file)) if options.file else None
    print("    own    real  name")
    for line in table(own, real):
        if options.only in line:
            print(line)


if __name__ == "__main__":
    main()
