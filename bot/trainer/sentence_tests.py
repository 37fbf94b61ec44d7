"""Sentence tests as trainers write them: tests/sentences/<topic>.yml.

    sentences:
    - say: 有38的么
      intent: stock_check
      entities: {size: "38"}        values as they are after normalising; what is left out is not asked
      situation: told_product       optional: what the shop said last (data/dialogue/said.yml)
      after: 这双有黑色吗            optional: the buyer's wish before
      reply: utter_in_stock         optional: one of the answer's replies
      known_failure: …              it fails today, and this is why; it must keep failing

Shorter: `intent: greet` with `says: [在吗, 有人不]`, which is one test a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from bot.trainer.naming import demand_intent, demand_known, perhaps
from bot.trainer.yaml_reading import Reading

FOLDER = "tests/sentences"
FEWEST = 10  # tests of each intent that are not its examples
TOP = frozenset(("sentences",))
KEYS = frozenset(
    (
        "say",
        "says",
        "intent",
        "entities",
        "situation",
        "after",
        "reply",
        "known_failure",
        "looking_at",
    )
)


@dataclass(frozen=True, kw_only=True)
class SentenceTest:
    text: str
    intent: str
    file: str
    line: int
    entities: Mapping[str, str] = field(default_factory=dict)
    situation: str = ""
    after: str = ""
    reply: str = ""
    looking_at: str = ""
    known_failure: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether it is read without a talk around it."""
        return not (self.situation or self.after or self.reply or self.looking_at)


def tests_of(
    reading: Reading,
    *,
    intents: Collection[str],
    labels: Collection[str],
    entities: Collection[str],
    situations: Collection[str],
    replies: Collection[str],
) -> list[SentenceTest]:
    """Of one file; the reading is told what is wrong with it."""
    if reading.root is None:
        return []
    if not isinstance(reading.root, yaml.MappingNode):
        reading.tell(
            "tests", reading.root, "最外层要是 sentences:", "写成: sentences: 下面一段一段"
        )
        return []
    demand_known(reading, reading.root, TOP, "最外层")
    known = {
        "entities": entities, "situations": situations, "replies": replies,
    }  # fmt: skip
    found: list[SentenceTest] = []
    for block in reading.items(reading.get(reading.root, "sentences")):
        if not isinstance(block, yaml.MappingNode):
            reading.tell(
                "tests", block, "一段考题要写 intent 和 say", "写成: - {intent: greet, say: 在吗}"
            )
            continue
        demand_known(reading, block, KEYS, "一段考题里")
        intent = reading.get(block, "intent")
        if not isinstance(intent, yaml.ScalarNode):
            reading.tell("tests", block, "这一段没有写 intent", "写上应该听成哪个意图")
            continue
        demand_intent(reading, intent, intents=intents, labels=labels)
        found += _tests(reading, block, str(intent.value), known)
    return found


def _tests(
    reading: Reading, block: yaml.Node, intent: str, known: Mapping[str, Collection[str]]
) -> Iterator[SentenceTest]:
    say, says = reading.get(block, "say"), reading.get(block, "says")
    lines = [*reading.items(says), *([say] if isinstance(say, yaml.ScalarNode) else [])]
    if not lines:
        reading.tell("tests", block, "这一段没有句子", "写上 say: 一句话，或 says: 一列")
    words = {
        name: str(node.value)
        for name in ("situation", "after", "reply", "looking_at", "known_failure")
        if isinstance(node := reading.get(block, name), yaml.ScalarNode)
    }
    for name, names, what in (("situation", "situations", "情境"), ("reply", "replies", "回答")):
        if name in words and words[name] not in known[names]:
            reading.tell(
                "tests",
                reading.get(block, name),
                f"没有叫「{words[name]}」的{what}",
                perhaps(words[name], known[names], "看 docs/glossary.md 和 data/replies"),
            )
    told = {}
    for key, value in reading.pairs(reading.get(block, "entities")):
        told[str(key.value)] = str(value.value)
        if str(key.value) not in known["entities"]:
            reading.tell(
                "tests",
                key,
                f"没有叫「{key.value}」的实体",
                perhaps(str(key.value), known["entities"], "看 domain.yml 的 entities"),
            )
    for line in lines:
        yield SentenceTest(
            text=str(line.value),
            intent=intent,
            file=reading.file,
            line=line.start_mark.line + 1,
            entities=told,
            **words,
        )


def demand_enough(
    readings: Mapping[str, Reading],
    tests: Sequence[SentenceTest],
    plain: Sequence[str],
    taught: Mapping[str, tuple[str, int]],
    places: Mapping[str, tuple[str, int]],
    fresh: Collection[str] = (),
) -> None:
    """`plain`: the tests' lines without punctuation; `taught`: the same of every example, with its
    place; `places`: label → where its lines begin; `fresh`: labels that are new altogether. A test that
    is taught tests nothing."""
    counts: Counter[str] = Counter()
    seen: dict[tuple[str, str], SentenceTest] = {}
    for test, words in zip(tests, plain, strict=True):
        if test.is_alone and words in taught:
            file, line = taught[words]
            readings[test.file].tell(
                "tests",
                test.line,
                f"考题「{test.text}」就是训练里的说法（{file}:{line}），考不出什么",
                "换一种说法",
            )
        elif test.is_alone and seen.setdefault((words, test.intent), test) is not test:
            readings[test.file].tell("tests", test.line, f"考题「{test.text}」出了两遍", "删掉一句")
        else:
            counts[test.intent] += 1
    for label, (file, line) in places.items():
        if counts[label] < FEWEST:
            readings[file].tell(
                "tests-none-yet" if label in fresh else "tests-few",
                line,
                f"「{label}」只有 {counts[label]} 道句子考题",
                f"在 {FOLDER}/ 里写到 {FEWEST} 句，用和训练不一样的说法",
            )
