"""What buyers say, as it stands in data/nlu: every line with its place, and how it is written."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import yaml

from bot.trainer.marks import demand_marks, without_marks
from bot.trainer.naming import demand_intent, demand_known
from bot.trainer.words_rule import LONGEST_TITLE
from bot.trainer.yaml_reading import Reading

TOP = frozenset(("version", "nlu", "responses"))
BLOCK = frozenset(("intent", "metadata", "examples"))
# Rasa's other kinds of training data; the house has none of them, a plain Rasa project may.
OTHER = frozenset(("synonym", "regex", "lookup"))
FEWEST = 30  # lines of an intent; fewer are only half heard beside the others
MOST = 5000  # an intent with more pulls the others' lines over to itself
_WRONG_DASH = re.compile(r"^\s*([－—–−‐•·*]|-(?=\S)|－)\s*(\S.*)$")
_BULLET = "- "


@dataclass(frozen=True, slots=True)
class Example:
    text: str  # without marks
    intent: str  # the full label
    file: str
    line: int
    intent_line: int  # where its intent is named


def version_of(reading: Reading) -> None:
    """Tells a version that Rasa would not read as "3.1"."""
    node = reading.get(reading.root, "version")
    if node is None:
        return
    if not isinstance(node, yaml.ScalarNode) or node.value.strip("“”‘’\"'") != "3.1":
        reading.tell("shape", node, f"version 写的是 {node.value}", '写成: version: "3.1"')
    elif node.value != "3.1":
        reading.tell("shape", node, "version 用了中文引号", '写成: version: "3.1"')
    elif node.tag != "tag:yaml.org,2002:str":
        reading.tell("shape", node, "version 的 3.1 没有引号，会被当成数字", '写成: version: "3.1"')


def blocks(reading: Reading) -> list[tuple[yaml.Node, yaml.Node | None, yaml.Node]]:
    """(node of the block, its label, its examples); tells what is missing or misspelt."""
    found: list[tuple[yaml.Node, yaml.Node | None, yaml.Node]] = []
    nlu = reading.get(reading.root, "nlu")
    if nlu is None:
        return []
    if not isinstance(nlu, yaml.SequenceNode):
        reading.tell(
            "shape", nlu, "nlu: 下面是空的或者少了短横", "写成一段一段: - intent: faq/ask_xxx"
        )
        return []
    for block in nlu.value:
        if not isinstance(block, yaml.MappingNode):
            reading.tell(
                "shape", block, "nlu 下面的一段要以 intent 开头", "写成: - intent: faq/ask_xxx"
            )
            continue
        if any(reading.get(block, name) for name in OTHER):
            continue
        demand_known(reading, block, BLOCK, "一段说法里")
        _demand_title(reading, block)
        label, examples = reading.get(block, "intent"), reading.get(block, "examples")
        if label is None:
            reading.tell("shape", block, "这一段没有写 intent", "第一行写成: - intent: faq/ask_xxx")
        elif not isinstance(label, yaml.ScalarNode) or not str(label.value).strip():
            reading.tell("shape", label, "intent 后面是空的", "写上意图名，例如 faq/ask_gift_card")
            label = None
        if examples is None:
            reading.tell("shape", block, "这一段没有 examples", "写上 examples: |，下面一行一句")
        elif isinstance(examples, yaml.SequenceNode) and examples.value:
            reading.tell("shape", examples, "examples 后面少了竖线", "写成: examples: |")
        elif not isinstance(examples, yaml.ScalarNode) or not str(examples.value).strip():
            reading.tell("few", examples, "examples 下面一句都没有", f"至少写 {FEWEST} 句")
        elif examples.style != "|":
            reading.tell(
                "shape", examples, "examples 后面少了竖线，几句话会连成一句", "写成: examples: |"
            )
        else:
            found.append((block, label, examples))
    return found


def _demand_title(reading: Reading, block: yaml.Node) -> None:
    title = reading.get(reading.get(block, "metadata"), "title")
    if isinstance(title, yaml.ScalarNode) and len(title.value) > LONGEST_TITLE:
        what = f"按钮上的字「{title.value}」太长"
        reading.tell("button", title, what, f"title 不超过 {LONGEST_TITLE} 个字")


def labels_in(reading: Reading) -> set[str]:
    """Every label that has a block here, rightly spelt or not."""
    nlu = reading.get(reading.root, "nlu")
    labels = (reading.get(block, "intent") for block in reading.items(nlu))
    return {str(label.value) for label in labels if isinstance(label, yaml.ScalarNode)}


def examples_of(
    reading: Reading,
    *,
    intents: Collection[str],
    labels: Collection[str],
    entities: Collection[str],
) -> list[Example]:
    """The lines of one file under data/nlu; the reading is told what is wrong with them."""
    version_of(reading)
    if not isinstance(reading.root, yaml.MappingNode):
        if reading.root is not None:
            reading.tell(
                "shape", reading.root, "最外层要是 version、nlu、responses", "照指南里的样子写"
            )
        return []
    demand_known(reading, reading.root, TOP, "最外层")
    found: list[Example] = []
    for _, label, examples in blocks(reading):
        if label is None:
            continue
        demand_intent(reading, label, intents=intents, labels=labels, is_told_here=True)
        found += _lines(reading, label, examples, entities)
    return found


def _lines(
    reading: Reading, label: yaml.Node, examples: yaml.Node, entities: Collection[str]
) -> Iterator[Example]:
    intent, named_at = str(label.value), label.start_mark.line + 1
    begins = examples.start_mark.line + 2  # the first line below `examples: |`
    # The node's text has lost blank lines at its end only; those between keep their places.
    for number, raw in enumerate(str(examples.value).splitlines(), begins):
        line = raw.strip()
        if not line:
            continue
        if not line.startswith(_BULLET):
            _tell_bullet(reading, number, line)
            continue
        written = line.removeprefix(_BULLET).strip()
        text = without_marks(written)
        if not text:
            reading.tell("line", number, "这里只有短横，没有话", "写上一句买家的话，或删掉这一行")
            continue
        if "[" in written:
            demand_marks(reading, number, written, entities)
        yield Example(text, intent, reading.file, number, named_at)


def _tell_bullet(reading: Reading, number: int, line: str) -> None:
    if line == "-":
        reading.tell("line", number, "这里只有短横，没有话", "写上一句买家的话，或删掉这一行")
    elif found := _WRONG_DASH.match(line):
        reading.tell(
            "line",
            number,
            "句子前面不是英文短横加空格，这一句会被丢掉",
            f"写成: - {found[2]}",
        )
    else:
        reading.tell("line", number, "句子前面少了短横，这一句会被丢掉", f"写成: - {line}")


def demand_counts(
    readings: dict[str, Reading], examples: Sequence[Example], *, new: Collection[str] | None
) -> None:
    """Too few, too many, or the same words again and again under one intent.

    `new`: files with new lines; uniformity is looked at there (None: everywhere).
    """
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for one in examples:
        by_intent[one.intent].append(one)
    for intent, lines in by_intent.items():
        first = lines[0]
        reading = readings[first.file]
        if len(lines) < FEWEST:
            reading.tell(
                "few",
                first.intent_line,
                f"「{intent}」只有 {len(lines)} 句说法，多半听不全",
                f"写到 {FEWEST} 句以上：短句、错别字、绕着弯问都要有",
            )
        elif len(lines) > MOST:
            reading.tell(
                "many",
                first.intent_line,
                f"「{intent}」有 {len(lines)} 句，会把别的意图的话拉过来，训练也慢",
                f"删掉差不多的，留 {MOST} 句以内",
            )
        _demand_once(readings, lines)
        touched = new is None or any(one.file in new for one in lines)
        if touched and len(lines) <= MOST and (frame := _common_frame(lines)):
            reading.tell(
                "uniform",
                first.intent_line,
                f"「{intent}」的说法太像，一多半都是「{frame}」换个词",
                "换意思、换场合、换问法，不是只换一个名词",
            )


def _demand_once(readings: dict[str, Reading], lines: Sequence[Example]) -> None:
    seen: dict[str, Example] = {}
    for one in lines:
        if (first := seen.setdefault(one.text, one)) is not one:
            where = "" if first.file == one.file else f"{first.file} "
            readings[one.file].tell(
                "twice",
                one.line,
                f"「{one.text}」写了两遍（{where}第 {first.line} 行已经有了）",
                "删掉一句",
            )


_FRAME = 3  # characters at the end or beginning that make a frame


def _common_frame(lines: Sequence[Example]) -> str:
    """What more than half the lines begin or end with; "" where they differ."""
    texts = [re.sub(r"[\W_]+$", "", one.text) for one in lines]
    if len(texts) < 8:
        return ""
    long = [text for text in texts if len(text) > _FRAME]
    for frames in ([f"…{text[-_FRAME:]}" for text in long], [f"{text[:_FRAME]}…" for text in long]):
        for frame, count in Counter(frames).most_common(1):
            if count * 2 > len(texts):
                return frame
    return ""
