"""`data/dialogue/questions.yml`: what a page offers to be asked, and in which order.

A question that is pressed is understood with certainty: its intent stands in the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.dialogue.table_file import Node, TableFile

QUESTIONS = Path("data/dialogue/questions.yml")
SITUATIONS = (
    "unpaid",
    "to_ship",
    "ships_late",
    "on_the_way",
    "parcel_late",
    "signed",
    "case_open",
    "bought",
    "newcomer",
    "on_product",
    "sized",
    "night",
    "campaign",
    "had_it",
)
AT_ONCE = 6
_MOST_FACTS = 2  # of what a product's sheet tells: the other wishes need their places
_ORDERS_MOVE = frozenset(SITUATIONS[: SITUATIONS.index("bought")])
_OF_PAGE = frozenset(("on_product", "sized"))
_MOST_OF_PAGE = 3  # where orders move too: the other half is theirs
_OWN = "own"  # stands for every column that the shop has named itself
_FACT = "fact."
_OWN_FIGURES = 3.0  # how much the shop's own share of an intent adds to its weight
_NEXT = 3
_LISTED_AS = (
    30,
    20,
    10,
)  # for so many talks stands what trainers write first, second and after that
_ASKED_NEXT_IN = 10  # talks at least, to be offered where no trainer has written it


@dataclass(frozen=True, kw_only=True)
class Question:
    name: str
    says: str
    intent: str
    when: frozenset[str]  # empty: always
    weight: float


@dataclass(frozen=True, kw_only=True)
class Questions:
    all: Mapping[str, Question]
    after: Mapping[str, tuple[str, ...]]  # intent → names of what is asked next
    by_fact: Mapping[str, Question]  # by topic of a product's sheet
    shortcuts: Mapping[str, tuple[str, ...]]  # title → names; the first that can be asked counts

    def find(self, name: str, sheet: Sequence[str] = ()) -> Question | None:
        """The question of this name; `sheet`: names of what is told of the product in view."""
        own = {one.name: one for one in self.of_sheet(sheet)}
        return self.all.get(name) or own.get(name)

    def of_sheet(self, sheet: Sequence[str]) -> list[Question]:
        """What can be asked of a product whose sheet tells these: topics and columns (配料)."""
        found = []
        for fact in sheet:
            question = self.by_fact.get(fact if fact.isascii() else _OWN)
            if question is not None:
                says = question.says.replace("{name}", fact)
                found.append(replace(question, name=f"{_FACT}{fact}", says=says))
        return found

    def likeliest(
        self, facts: frozenset[str], shares: Mapping[str, float], sheet: Sequence[str] = ()
    ) -> list[Question]:
        """All that can be asked. `shares`: of the shop's own first wishes by intent, 0 to 1."""
        return self._weighed([*self._possible(facts), *self.of_sheet(sheet)], shares)

    def _possible(self, facts: frozenset[str]) -> list[Question]:
        return [one for one in self.all.values() if not one.when or one.when & facts]

    def _weighed(self, possible: list[Question], shares: Mapping[str, float]) -> list[Question]:
        def weight(one: Question) -> float:
            return one.weight * (1 + _OWN_FIGURES * shares.get(one.intent, 0.0))

        return sorted(possible, key=lambda one: -weight(one))

    def predicted(
        self,
        facts: frozenset[str],
        shares: Mapping[str, float],
        limit: int = AT_ONCE,
        *,
        sheet: Sequence[str] = (),
    ) -> list[Question]:
        """The likeliest first, as `likeliest` tells, each wish once."""
        told = sorted(self.of_sheet(sheet), key=lambda one: -one.weight)[:_MOST_FACTS]
        weighed = self._weighed([*self._possible(facts), *told], shares)
        # One way to say it is enough; two facts are two questions.
        first: dict[str, Question] = {}
        for one in weighed:
            first.setdefault(one.name if one.name.startswith(_FACT) else one.intent, one)
        found = list(first.values())
        if facts & _ORDERS_MOVE:
            of_page = [one for one in found if one.when and one.when <= _OF_PAGE]
            found = [one for one in found if one not in of_page[_MOST_OF_PAGE:]]
        return found[:limit]

    def at_hand(self, facts: frozenset[str]) -> list[tuple[str, Question]]:
        """What stays beside the writing line all through a talk, each under its short title."""
        found = []
        for title, names in self.shortcuts.items():
            possible = (self.all[name] for name in names)
            question = next((one for one in possible if not one.when or one.when & facts), None)
            if question is not None:
                found.append((title, question))
        return found

    def next(
        self, intent: str, facts: frozenset[str], asked: Mapping[str, int] | None = None
    ) -> list[Question]:
        """What is often asked after an answer about `intent`, where it can be: as trainers say, and as the
        shop's own buyers do. `asked`: talks in which a wish came next."""
        asked = asked or {}
        possible = self._possible(facts)
        listed = [self.all[name] for name in self.after.get(intent, ())]
        listed = [one for one in listed if one in possible]
        weights = dict(
            zip((one.name for one in listed), (*_LISTED_AS, _LISTED_AS[-1]), strict=False)
        )
        # What stays at hand beside the writing line needs no second place.
        known = {intent, *(one.intent for one in listed)}
        known |= {one.intent for _, one in self.at_hand(facts)}
        for one in sorted(possible, key=lambda one: -one.weight):
            if one.intent not in known and asked.get(one.intent, 0) >= _ASKED_NEXT_IN:
                listed.append(one)
                known.add(one.intent)

        def weight(one: Question) -> int:
            return weights.get(one.name, 0) + asked.get(one.intent, 0)

        return sorted(listed, key=lambda one: -weight(one))[:_NEXT]


@lru_cache(maxsize=4)
def read_questions(path: Path = QUESTIONS) -> Questions:
    """Raises TableError with file and line."""
    file = TableFile(path)
    sections = file.sections(("questions", "facts", "shortcuts", "next"))
    questions = {
        str(key.value): _question(file, str(key.value), node)
        for key, node in file.pairs(sections["questions"], "每个问题")
    }
    return Questions(
        all=questions,
        after=_lists(file, sections["next"], "每个意图", questions),
        shortcuts=_lists(file, sections["shortcuts"], "每个按钮", questions),
        by_fact={
            str(key.value): replace(
                _question(file, str(key.value), node), when=frozenset(("on_product",))
            )
            for key, node in file.pairs(sections["facts"], "每样资料")
        },
    )


def _lists(
    file: TableFile, node: Node, what: str, known: Mapping[str, Question]
) -> dict[str, tuple[str, ...]]:
    return {
        str(key.value): tuple(file.known(word, known, "问题") for word in file.words(names))
        for key, names in file.pairs(node, what)
    }


def _question(file: TableFile, name: str, node: Node) -> Question:
    fields: dict[str, Any] = {str(key.value): value for key, value in file.pairs(node, "每一项")}
    for needed in ("says", "intent", "weight"):
        if needed not in fields:
            raise file.error(node, f"问题 {name} 少了 {needed}")
    when = file.words(fields["when"]) if "when" in fields else []
    return Question(
        name=name,
        says=str(fields["says"].value),
        intent=str(fields["intent"].value),
        when=frozenset(file.known(word, SITUATIONS, "情形") for word in when),
        weight=_weight(file, fields["weight"]),
    )


def _weight(file: TableFile, node: Any) -> float:
    text = str(node.value)
    if not text.isdecimal() or not 1 <= int(text) <= 9:
        raise file.error(node, f"weight 要写 1 到 9 的数字，不是「{text}」")
    return float(text)


def plain_of(intent: str) -> str:
    """A plain question's parent (faq/ask_payment) counts as itself."""
    return intent.removeprefix("faq/").partition(".")[0]


def shares_of(counts: Sequence[tuple[str, int]]) -> dict[str, float]:
    """Counts by intent as shares."""
    total = sum(count for _, count in counts)
    shares: dict[str, float] = {}
    for intent, count in counts:
        plain = plain_of(intent)
        shares[plain] = shares.get(plain, 0.0) + count / total
    return shares


def next_of(counts: Sequence[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """Counts of (intent, what was wished next) by intent."""
    found: dict[str, dict[str, int]] = {}
    for intent, following, count in counts:
        after, plain = found.setdefault(plain_of(intent), {}), plain_of(following)
        after[plain] = after.get(plain, 0) + count
    return found
