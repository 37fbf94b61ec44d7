"""`data/dialogue/expected.yml`: what buyers tend to say after what the shop said last."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bot.dialogue.situations import SITUATIONS
from bot.dialogue.table_file import Node, TableFile

EXPECTED = Path("data/dialogue/expected.yml")


class Level(Enum):
    """How a trainer says it; what each is worth is measured (`weights`)."""

    VERY_LIKELY = "很可能"
    LIKELY = "可能"
    UNLIKELY = "不太可能"


LEVELS = {level.value: level for level in Level}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: its name for people, and the level of each intent it speaks of."""

    name: str  # "data/dialogue/expected.yml:anything_else"
    levels: Mapping[str, Level]  # by full intent label

    def level_of(self, intent: str) -> Level | None:
        """A finer plain question is as likely as its parent where it has no place of its own."""
        parent = intent.split("/")[-1].split(".")[0]  # of faq/return_policy.how
        return self.levels.get(intent, self.levels.get(parent))


@dataclass(frozen=True, kw_only=True)
class Table:
    situations: Mapping[str, Row]
    matters: Mapping[str, Row]  # by the intent of the open matter
    values: Mapping[str, Row]  # by what the line itself holds: an entity, or a cue

    def spoken(self, values: Collection[str]) -> list[Row]:
        """The rows of what the line holds."""
        return [row for name, row in self.values.items() if name in values]

    def rows(self, told: Sequence[str], matter: str) -> list[Row]:
        """The rows that speak here; a situation or matter without a row changes nothing."""
        rows = [self.situations[name] for name in told if name in self.situations]
        if matter in self.matters:
            rows.append(self.matters[matter])
        return rows


def read_table(
    intents: Collection[str], path: Path = EXPECTED, *, values: Collection[str] | None = None
) -> Table:
    """`intents`: full labels that may be named; `values`: entities and cues that may be (None:
    any). Raises TableError with file and line."""
    file = TableFile(path)
    sections = file.sections(("situations", "matters", "values"))
    named = {str(key.value) for key, _ in file.pairs(sections["values"], "每样东西")}
    return Table(
        situations=_rows(file, sections["situations"], SITUATIONS, "情境", intents),
        matters=_rows(file, sections["matters"], intents, "意图", intents),
        values=_rows(file, sections["values"], values or named, "资料或口头语", intents),
    )


def _rows(
    file: TableFile, section: Node, keys: Collection[str], what: str, intents: Collection[str]
) -> dict[str, Row]:
    rows = {}
    for key, value in file.pairs(section, f"每个{what}"):
        name = file.known(key, keys, what)
        levels: dict[str, Level] = {}
        for level, words in file.pairs(value, f"「{name}」下面"):
            degree = LEVELS[file.known(level, LEVELS, "程度")]
            for word in file.words(words):
                intent = file.known(word, intents, "意图")
                if intent in levels:
                    raise file.error(word, f"「{intent}」在「{name}」里写了两次,只留一处")
                levels[intent] = degree
        rows[name] = Row(name=f"{file.path.as_posix()}:{name}", levels=levels)
    return rows
