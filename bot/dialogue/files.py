"""The small tables of data/dialogue: what goes on with a matter, which wishes keep a form open,
and how the bot looks at its own replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.dialogue.table_file import Node, TableFile

FOLDER = Path("data/dialogue")


@dataclass(frozen=True, kw_only=True)
class Matters:
    """How what was said before goes together with the next line (matters.yml)."""

    closings: frozenset[str]  # intents after which the matter is done
    presale: frozenset[str]  # wishes before buying
    answers: Mapping[str, frozenset[str]]  # open question → entities that answer it
    takes: Mapping[str, frozenset[str]]  # intent → entities that continue it


@dataclass(frozen=True, kw_only=True)
class Forms:
    """Which intents keep a form open (forms.yml); a form that is not named stays for all."""

    stays: Mapping[str, frozenset[str]]

    def lets_go(self, form: str, intent: str) -> bool:
        return form in self.stays and intent not in self.stays[form]


@dataclass(frozen=True, kw_only=True)
class Replies:
    """How the bot looks at its own words (replies.yml): names of responses."""

    courteous: frozenset[str]
    asked_back: frozenset[str]
    not_understood: frozenset[str]
    always: frozenset[str]


@lru_cache(maxsize=4)
def read_matters(folder: Path = FOLDER) -> Matters:
    """Raises TableError with file and line."""
    file = TableFile(folder / "matters.yml")
    sections = file.sections(("closings", "presale", "answers", "takes"))
    return Matters(
        closings=_words(file, sections["closings"]),
        presale=_words(file, sections["presale"]),
        answers=_lists(file, sections["answers"], "每个问题"),
        takes=_lists(file, sections["takes"], "每个意图"),
    )


@lru_cache(maxsize=4)
def read_forms(folder: Path = FOLDER) -> Forms:
    """Raises TableError with file and line."""
    file = TableFile(folder / "forms.yml")
    return Forms(stays=_lists(file, file.root, "每张表单"))


@lru_cache(maxsize=4)
def read_replies(folder: Path = FOLDER) -> Replies:
    """Raises TableError with file and line."""
    file = TableFile(folder / "replies.yml")
    names = ("courteous", "asked_back", "not_understood", "always")
    sections = file.sections(names)
    return Replies(**{name: _words(file, sections[name]) for name in names})


def _words(file: TableFile, node: Node) -> frozenset[str]:
    return frozenset(str(word.value) for word in file.words(node))


def _lists(file: TableFile, node: Node | None, what: str) -> dict[str, frozenset[str]]:
    return {str(key.value): _words(file, value) for key, value in file.pairs(node, what)}
