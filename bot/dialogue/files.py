"""The small tables of data/dialogue: what goes on with a matter, which wishes keep a form open,
and how the bot looks at its own replies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.dialogue.matter import Matter
from bot.dialogue.table_file import Node, TableFile

FOLDER = Path("data/dialogue")
GROUPS = ("after_sale", "parcel", "invoice")  # of matters, after an order


@dataclass(frozen=True, kw_only=True)
class Matters:
    """How what was said before goes together with the next line (matters.yml)."""

    closings: frozenset[str]  # intents after which the matter is done
    presale: frozenset[str]  # wishes before buying
    after_sale: frozenset[str]  # … and those about what came wrong or goes back
    bought: frozenset[str]  # … about goods that are at the buyer's, ours or another shop's
    parcel: frozenset[str]  # … about what is on its way
    invoice: frozenset[str]
    grave: Mapping[str, frozenset[str]]  # intent → cues that make it hold all that is no clear wish
    answers: Mapping[str, frozenset[str]]  # open question → entities that answer it
    withdraws: frozenset[str]  # cues and entities by which a buyer lets a trouble be
    progress: Mapping[str, frozenset[str]]  # intent that tells how it stands → open matters
    alone: Mapping[str, frozenset[str]]  # intent → entities that wish it by themselves
    takes: Mapping[str, frozenset[str]]  # intent → entities that continue it

    def told_by(self, intent: str) -> str:
        """The intent whose answer tells how this matter stands; "" where none does."""
        return next((name for name, matters in self.progress.items() if intent in matters), "")

    def is_buying(self, matter: Matter | None, form: str) -> bool:
        """Whether an order is written, or what comes before one is what the buyer is about."""
        return form == "order_form" or (matter is not None and matter.intent in self.presale)

    def group_of(self, intent: str) -> str:
        """after_sale, parcel or invoice; "" for wishes of other kinds."""
        return next((group for group in GROUPS if intent in getattr(self, group)), "")


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
    honest: frozenset[str] = (
        frozenset()
    )  # goods that are not the shop's: a person could say nothing else


@dataclass(frozen=True, kw_only=True)
class Waits:
    """What is said in place of a courtesy where a step still waits for the buyer (waits.yml)."""

    closers: frozenset[str]  # courtesies that a reminder takes the place of
    nods: frozenset[str]  # … of these, those that let a form wait
    called_off: frozenset[str]  # cues by which the matter is let be
    unsolved: frozenset[str]  # matters that an unanswered offer of a person leaves open
    steps: Mapping[str, str]  # slot of a form, or open question → the reminder
    instead: Mapping[str, str]  # reply that asked for it → the reminder in place of the usual one
    parting: Mapping[str, str]  # slot → half a sentence for who leaves though reminded


@dataclass(frozen=True, kw_only=True)
class ByCue:
    """What set words decide whatever was understood (cues.yml): intent → cues."""

    always: Mapping[str, frozenset[str]]
    whole: Mapping[str, frozenset[str]]  # only where the line says nothing else at all
    alone: Mapping[str, frozenset[str]]  # only where nothing else is named
    within: Mapping[str, Mapping[str, frozenset[str]]]  # only while a matter of this group is open

    def decided(
        self,
        cues: Collection[str],
        *,
        is_alone: bool,
        whole: Collection[str] = (),
        groups: Collection[str] = (),
    ) -> str:
        """The intent that these cues decide; "" where none does. `whole`: those that are all the
        line says, `groups`: of the open matters."""
        tables = [(self.always, cues), (self.whole, whole)]
        tables += [(self.alone, cues)] if is_alone else []
        tables += [(table, cues) for group, table in self.within.items() if group in groups]
        for table, said in tables:
            for intent, names in table.items():
                if names & set(said):
                    return intent
        return ""


@lru_cache(maxsize=4)
def read_matters(folder: Path = FOLDER) -> Matters:
    """Raises TableError with file and line."""
    file = TableFile(folder / "matters.yml")
    names = (
        *("closings", "presale", "bought", *GROUPS, "grave", "answers", "withdraws"),
        *("progress", "alone", "takes"),
    )
    sections = file.sections(names)
    return Matters(
        closings=_words(file, sections["closings"]),
        presale=_words(file, sections["presale"]),
        bought=_words(file, sections["bought"]),
        **{group: _words(file, sections[group]) for group in GROUPS},
        grave=_lists(file, sections["grave"], "每个意图"),
        answers=_lists(file, sections["answers"], "每个问题"),
        withdraws=_words(file, sections["withdraws"]),
        progress=_lists(file, sections["progress"], "每个意图"),
        alone=_lists(file, sections["alone"], "每个意图"),
        takes=_lists(file, sections["takes"], "每个意图"),
    )


@lru_cache(maxsize=4)
def read_by_cue(folder: Path = FOLDER) -> ByCue:
    """Raises TableError with file and line."""
    file = TableFile(folder / "cues.yml")
    sections = file.sections(("always", "whole", "alone", *GROUPS))
    return ByCue(
        always=_lists(file, sections["always"], "每个意图"),
        whole=_lists(file, sections["whole"], "每个意图"),
        alone=_lists(file, sections["alone"], "每个意图"),
        within={group: _lists(file, sections[group], "每个意图") for group in GROUPS},
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
    names = ("courteous", "asked_back", "not_understood", "always", "honest")
    sections = file.sections(names)
    return Replies(**{name: _words(file, sections[name]) for name in names})


@lru_cache(maxsize=4)
def read_waits(folder: Path = FOLDER) -> Waits:
    """Raises TableError with file and line."""
    file = TableFile(folder / "waits.yml")
    names = ("closers", "nods", "called_off", "unsolved")
    sections = file.sections((*names, "steps", "instead", "parting"))
    by_reply = _lists(file, sections["steps"], "每句提醒")
    parting = _lists(file, sections["parting"], "每句道别")
    asked = file.pairs(sections["instead"], "每句问话")
    return Waits(
        **{name: _words(file, sections[name]) for name in names},
        steps={step: reply for reply, steps in by_reply.items() for step in steps},
        instead={str(key.value): str(value.value) for key, value in asked},
        parting={step: reply for reply, steps in parting.items() for step in steps},
    )


def _words(file: TableFile, node: Node) -> frozenset[str]:
    return frozenset(str(word.value) for word in file.words(node))


def _lists(file: TableFile, node: Node | None, what: str) -> dict[str, frozenset[str]]:
    return {str(key.value): _words(file, value) for key, value in file.pairs(node, what)}
