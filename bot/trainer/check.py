"""The check: everything that can be told about a trainer's files without training."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from bot.dialogue.situations import SITUATIONS
from bot.dialogue.table_file import TableError
from bot.trainer import examples as lines
from bot.trainer import follow_ups, misfiled, promises, replies, sentence_tests, stories
from bot.trainer.changes import new_lines
from bot.trainer.code_calls import Calls
from bot.trainer.examples import Example
from bot.trainer.finding import Finding
from bot.trainer.likeness import LastLikeness, Likeness
from bot.trainer.plain_lines import PlainLines
from bot.trainer.project import Domain, Project
from bot.trainer.replies import Reply
from bot.trainer.unfilled import demand_filled
from bot.trainer.word_files import WordFiles
from bot.trainer.yaml_reading import Reading

SHOP = "shop/demo/shop.yml"
# What the house fills into every reply (bot/shop_settings.py, `ShopSettings.words`).
HOUSE_WORDS = frozenset(
    "shop_name assistant shop_kind new_arrivals people_hours invoice_within refund_within repair_within "
    "resent_within price_protected ship_from".split()
)
_MADE = frozenset(("nlu_half_sure", "nlu_fallback"))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a check is asked for."""

    since: str | None = None  # lines newer than this commit are looked at closely
    closely: bool = False  # all lines as if they were new
    only_new: bool = False  # what lines from before are heard as is not told again
    lines: bool = True  # whether what buyers say is looked at; its names are known without
    new: Mapping[str, Container[int]] | None = None  # new lines by file, where git is not asked
    shop: str = SHOP  # the shop's file for the import: what answers may promise


class Check:
    """May be run again and again: what has not changed is not read again."""

    def __init__(self, root: Path, kept: Path | None = None) -> None:
        self.root = root
        self._project = Project(root, kept)
        self._plain = PlainLines(kept)
        self._words = WordFiles(root)
        self._likeness = LastLikeness()  # of lines from before

    def run(self, wanted: Wanted | None = None) -> list[Finding]:
        """What was found, by file and line. Never raises for what stands in a trainer's files."""
        wanted = wanted or Wanted()
        readings = self._project.readings()
        demand_filled(readings)
        domain_file = readings["domain.yml"]
        domain = self._project.domain(domain_file)
        new = wanted.new
        if new is None and not wanted.closely:
            new = new_lines(self.root, wanted.since)
        data = _under(readings, "data/nlu")
        labels = set[str]().union(*map(lines.labels_in, data.values())) if data else set()
        said = _examples(data, domain, labels)
        if wanted.lines:
            self._look_at_lines(readings, said, new, wanted)
        written = _replies(readings)
        calls = self._project.calls()
        rules = _stories(readings, domain, labels, written)
        _look_at_replies(readings, written, said, calls, domain, rules)
        self._look_at_promises(readings, written, wanted)
        if wanted.lines:
            self._look_at_tests(readings, said, written, domain, new)
        findings = [one for reading in readings.values() for one in reading.findings]
        findings += self._words.look()
        return sorted({*findings, *self._tables(labels, domain), *self._follow_ups(written)})

    def _follow_ups(self, written: Sequence[Reply]) -> list[Finding]:
        """What the kinds of follow-ups say of themselves and of their words."""
        try:
            return follow_ups.look(self.root, written, HOUSE_WORDS)
        except TableError as error:
            return [self._finding(str(error))]

    def _look_at_lines(
        self,
        readings: dict[str, Reading],
        said: Sequence[Example],
        new: Mapping[str, Container[int]] | None,
        wanted: Wanted,
    ) -> None:
        lines.demand_counts(readings, said, new=None if new is None else set(new))
        if not said:
            return
        plain = self._plain.of([one.text for one in said])
        misfiled.demand_apart(readings, said, plain)
        if len({one.intent for one in said}) > 1:
            intents = [one.intent for one in said]
            if wanted.only_new and not new:
                self._likeness.of(plain, intents)  # for the saving that comes
            elif not (
                wanted.only_new
                and misfiled.demand_new_filed(readings, said, plain, new or {}, self._likeness.of)
            ):
                likeness = Likeness(plain, intents)
                misfiled.demand_filed(readings, said, likeness, new, closely=wanted.closely)
        self._plain.save([one.text for one in said])

    def _look_at_promises(
        self, readings: dict[str, Reading], written: Sequence[Reply], wanted: Wanted
    ) -> None:
        path = self.root / wanted.shop
        if not path.exists():
            return
        try:
            shop = promises.read_facts(path, wanted.shop)
        except (OSError, ValueError, AttributeError, promises.YAMLError):
            return  # the import tells what is wrong with that file
        promises.demand_kept(readings, written, shop)

    def _look_at_tests(
        self,
        readings: dict[str, Reading],
        said: Sequence[Example],
        written: Sequence[Reply],
        domain: Domain,
        new: Mapping[str, Container[int]] | None,
    ) -> None:
        labels = {one.intent for one in said}
        tests = [
            test
            for reading in _under(readings, sentence_tests.FOLDER).values()
            for test in sentence_tests.tests_of(
                reading,
                intents=domain.intents - _MADE,
                labels=labels,
                entities=domain.entities,
                situations=SITUATIONS,
                replies={one.name for one in written},
            )
        ]
        places: dict[str, tuple[str, int]] = {}
        fresh = set(labels)
        for one in said:
            places.setdefault(one.intent, (one.file, one.intent_line))
            if new is None or one.file not in new or one.line not in new[one.file]:
                fresh.discard(one.intent)
        taught = zip(self._plain.of([one.text for one in said]), said, strict=True)
        sentence_tests.demand_enough(
            readings,
            tests,
            self._plain.of([test.text for test in tests]),
            {words: (one.file, one.line) for words, one in taught},
            places,
            fresh,
        )

    def _tables(self, labels: Collection[str], domain: Domain) -> list[Finding]:
        """What the tables of data/dialogue say of themselves."""
        from bot.dialogue.expected import read_table
        from bot.dialogue.files import read_forms, read_matters, read_replies, read_waits
        from bot.dialogue.said import read_said
        from bot.nlu.halves import read_halves

        folder = self.root / "data/dialogue"
        if not folder.is_dir():
            return []
        known = frozenset({*labels, *domain.intents})
        found = []
        for read in (
            lambda: read_table(known, folder / "expected.yml"),
            lambda: read_said(folder / "said.yml"),
            lambda: read_matters.__wrapped__(folder),
            lambda: read_forms.__wrapped__(folder),
            lambda: read_replies.__wrapped__(folder),
            lambda: read_waits.__wrapped__(folder),
            lambda: read_halves(folder / "halves.yml", known),
        ):
            try:
                read()
            except TableError as error:
                found.append(self._finding(str(error)))
        return found

    def _finding(self, told: str) -> Finding:
        """`path:line: what, and what to write instead` as a finding."""
        parts = re.match(r"(.+?)(?::(\d+))?: (.+)", told, re.DOTALL)
        if parts is None:
            return Finding("data/dialogue", 0, "table", told)
        path = Path(parts[1])
        inside = path.is_relative_to(self.root)
        file = path.relative_to(self.root).as_posix() if inside else path.as_posix()
        return Finding(file, int(parts[2] or 0), "table", parts[3].replace(",", "，"))


_compiled = lru_cache(maxsize=None)(re.compile)  # of code: a few hundred, the same every time


def _under(readings: Mapping[str, Reading], folder: str) -> dict[str, Reading]:
    return {file: one for file, one in readings.items() if file.startswith(f"{folder}/")}


def _examples(
    data: Mapping[str, Reading], domain: Domain, labels: Collection[str]
) -> list[Example]:
    given = frozenset(domain.intents - _MADE), frozenset(labels), frozenset(domain.entities)

    def made(reading: Reading) -> list[Example]:
        return lines.examples_of(reading, intents=given[0], labels=given[1], entities=given[2])

    return [
        one
        for reading in data.values()
        for one in reading.made_once("examples", given, partial(made, reading))
    ]


def _replies(readings: Mapping[str, Reading]) -> list[Reply]:
    found = []
    # Of two with one name the trainer's new one is told of, not the house's.
    for file, reading in [
        *_under(readings, "data/replies").items(),
        *_under(readings, "data/nlu").items(),
    ]:
        found += replies.replies_of(reading)
        if file.startswith("data/replies/"):
            lines.version_of(reading)
            if reading.root is not None and reading.get(reading.root, "responses") is None:
                reading.tell("shape", reading.root, "没有 responses: 这一段", "第一行写 responses:")
    return found


def _stories(
    readings: Mapping[str, Reading],
    domain: Domain,
    labels: Collection[str],
    written: Sequence[Reply],
) -> list[stories.Rule]:
    rules: list[stories.Rule] = []
    told = []
    names = {one.name for one in written} | domain.actions | domain.forms | {
        "action_listen", "action_restart", "action_session_start", "action_default_fallback",
        "action_deactivate_loop", "action_unlikely_intent", "action_back",
        "utter_faq",
    }  # fmt: skip
    for file, reading in _under(readings, "data/stories").items():
        lines.version_of(reading)
        found, walked = stories.read(
            reading,
            intents=domain.intents,
            labels=labels,
            actions=names,
            slots=domain.slots,
            forms=domain.forms,
        )
        rules += found
        told += [(file, name, steps) for name, steps in walked]
    stories.demand_agreement(readings, rules, told)
    return rules


def _look_at_replies(
    readings: Mapping[str, Reading],
    written: Sequence[Reply],
    said: Sequence[Example],
    calls: Calls,
    domain: Domain,
    rules: Sequence[stories.Rule],
) -> None:
    called = dict(calls.places)
    for rule in rules:
        for name, line in rule.actions:
            if name.startswith("utter_"):
                called.setdefault(name, (rule.file, line))
    for file, reading in _under(readings, "data/stories").items():
        for number, text in enumerate(reading.lines, 1):
            for name in re.findall(r"utter_[a-z_]+", text):
                called.setdefault(name, (file, number))
    called |= {name: place for name, place in domain.asked.items() if name not in called}
    patterns = [_compiled(one) for one in calls.patterns]
    places: dict[str, tuple[str, int]] = {}
    for one in said:
        places.setdefault(one.intent, (one.file, one.intent_line))
    replies.demand_named(readings, written, places, patterns, called)
    always = {*HOUSE_WORDS, *domain.slots}

    def may_hold(name: str) -> Collection[str]:
        if name.startswith(replies.PLAIN):
            return always
        values = calls.values.get(name)
        return always | (calls.everywhere if values is None else values)

    replies.demand_words(readings, written, may_hold, domain.intents)
