"""Words from a private jieba, so that the shop's lexicon never leaks into the process-wide one."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import jieba

LEXICON = Path("data/lexicon")


def lexicon_files(folder: Path) -> list[Path]:
    """The word lists of a lexicon folder (*.txt), in a stable order; none when there is no folder."""
    return sorted(folder.glob("*.txt"))


class Words:
    """Cuts normalised text into words. Thread-safe: nothing changes after construction."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        """`entries` are lines of jieba's word lists: a word, optionally with frequency and tag."""
        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        self._jieba.initialize()
        for entry in entries:
            word, *rest = entry.split()
            count = int(rest[0]) if rest and rest[0].isdigit() else None
            self._jieba.add_word(word.lower(), freq=count)

    @staticmethod
    def of_files(files: Iterable[Path]) -> Words:
        """Words with these lists; blank lines and lines that start with # do not count.

        The same lists give the same object: a dictionary weighs 60 MB, and a model that is
        swapped in while another still serves should not bring its own.
        """
        lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
        return _shared(tuple(line for line in lines if line.strip() and not line.startswith("#")))

    def __contains__(self, word: str) -> bool:
        """Whether a dictionary holds the word; what is cut may also be guessed by its characters."""
        return bool(self._jieba.FREQ.get(word))

    def cut(self, text: str) -> list[tuple[str, int]]:
        """(word, offset) for each word that is not blank."""
        return [
            (word, start) for word, start, _ in self._jieba.tokenize(text) if not word.isspace()
        ]


@lru_cache(maxsize=2)
def _shared(entries: tuple[str, ...]) -> Words:
    return Words(entries)
