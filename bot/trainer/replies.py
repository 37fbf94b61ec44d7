"""The answers: named as they are called, filled with what is known, short, and by the rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from bot.trainer import words_rule
from bot.trainer.naming import demand_known, nearest, perhaps
from bot.trainer.yaml_reading import Reading

VARIANT = frozenset(
    ("text", "buttons", "image", "custom", "channel", "condition", "metadata", "elements", "id")
)
PLAIN = "utter_faq/"
_NAME = re.compile(r"utter_[A-Za-z0-9_/.]+")
_ANY_BRACES = re.compile(r"(?<!\{)\{([^{}]*)\}(?!\})")
# How the shop calls what its SKUs differ in; actions fill these into every reply.
OF_EVERY_REPLY = frozenset(("axes", "colour_name", "size_name"))
_TITLE_AT_MOST = words_rule.LONGEST_BUTTON


@dataclass(frozen=True)
class Reply:
    """One response with its variants' texts; lines from 1."""

    name: str
    file: str
    line: int
    texts: tuple[tuple[str, int], ...]
    buttons: tuple[tuple[str, str, int], ...]  # title, payload, line
    beside: tuple[tuple[str, int], ...] = ()  # what is said in place of texts beside cards


def replies_of(reading: Reading) -> list[Reply]:
    """Of one file; its reading is told what is wrong with their shape."""
    responses = reading.get(reading.root, "responses")
    if responses is None:
        return []
    if not isinstance(responses, yaml.MappingNode) or not responses.value:
        reading.tell("shape", responses, "responses: 下面是空的", "写上 utter_xxx: 和几种回答")
        return []
    found = []
    for key, value in responses.value:
        name = str(key.value)
        if not _NAME.fullmatch(name):
            reading.tell(
                "shape", key, f"回答的名字「{name}」要以 utter_ 开头", f"写成: utter_{name}:"
            )
        if not isinstance(value, yaml.SequenceNode) or not value.value:
            reading.tell("answer", key, f"「{name}」下面没有回答", "写两三种: - text: …")
            continue
        found.append(_reply(reading, name, key, value))
    return found


def _reply(reading: Reading, name: str, key: yaml.Node, value: yaml.Node) -> Reply:
    texts: list[tuple[str, int]] = []
    beside: list[tuple[str, int]] = []
    buttons: list[tuple[str, str, int]] = []
    for variant in value.value:
        if not isinstance(variant, yaml.MappingNode):
            reading.tell("shape", variant, f"「{name}」的一种回答要以 text 开头", "写成: - text: …")
            continue
        demand_known(reading, variant, VARIANT, "一种回答里")
        text = reading.get(variant, "text")
        if isinstance(text, yaml.ScalarNode):
            if not str(text.value).strip() and not reading.get(variant, "custom"):
                reading.tell("answer", text, f"「{name}」有一种回答是空的", "写上话，或删掉这一种")
            texts.append((str(text.value), text.start_mark.line + 1))
        elif text is not None:
            reading.tell(
                "shape", text, f"「{name}」的 text 不是一句话", '整句加英文引号: - text: "…"'
            )
        elif not any(reading.get(variant, part) for part in ("custom", "image", "buttons")):
            reading.tell("shape", variant, f"「{name}」的一种回答没有 text", "写成: - text: …")
        buttons += _buttons(reading, variant)
        beside += _beside_cards(reading, variant)
    line = key.start_mark.line + 1
    return Reply(name, reading.file, line, tuple(texts), tuple(buttons), tuple(beside))


def _beside_cards(reading: Reading, variant: yaml.Node) -> Iterator[tuple[str, int]]:
    custom = reading.get(variant, "custom")
    words = reading.get(custom, "beside_cards") if isinstance(custom, yaml.MappingNode) else None
    if words is None:
        return
    if not isinstance(words, yaml.ScalarNode) or not str(words.value).strip():
        reading.tell("shape", words, "beside_cards 不是一句话", "写成: beside_cards: 您喜欢哪款？")
        return
    yield str(words.value), words.start_mark.line + 1


def _buttons(reading: Reading, variant: yaml.Node) -> Iterator[tuple[str, str, int]]:
    for button in reading.items(reading.get(variant, "buttons")):
        title, payload = reading.get(button, "title"), reading.get(button, "payload")
        if title is None or not isinstance(title, yaml.ScalarNode):
            reading.tell(
                "button", button, "按钮没有 title", "写成: - {title: 好的, payload: /affirm}"
            )
            continue
        sent = str(payload.value) if isinstance(payload, yaml.ScalarNode) else ""
        yield str(title.value), sent, title.start_mark.line + 1


def demand_named(
    readings: Mapping[str, Reading],
    replies: Sequence[Reply],
    labels: Mapping[str, tuple[str, int]],
    said: Collection[re.Pattern[str]],
    called_at: Mapping[str, tuple[str, int]],
) -> None:
    """Each is written once, is said somewhere, and each that is called for is written.

    `labels`: label → its first place. `called_at`: the names that code, rules and forms call for,
    with the place that calls; `said`: patterns of those that code puts together.
    """
    written: dict[str, Reply] = {}
    for one in replies:
        first = written.setdefault(one.name, one)
        if first is not one:
            readings[one.file].tell(
                "answer-twice",
                one.line,
                f"「{one.name}」在 {first.file}:{first.line} 已经写过，两处只有一处会用",
                "合到一处，或换个名字",
            )
        if len({text for text, _ in one.texts}) < 2 and (one.texts or not one.buttons):
            readings[one.file].tell(
                "answer-single", one.line, f"「{one.name}」只有一种说法", "至少写两种不同的，轮着用"
            )
    plain = {name for name in labels if name.startswith("faq/")}
    for label in sorted(plain):
        file, line = labels[label]
        if (name := f"utter_{label}") not in written:
            lonely = [one for one in written if one.startswith(PLAIN) and one[6:] not in plain]
            near = nearest(name, lonely) or (
                next((one for one in lonely if written[one].file == file), None)
            )
            cure = (
                f"把 {written[near].file}:{written[near].line} 的「{near}」改名为「{name}」"
                if near
                else f"在同一个文件的 responses: 下写 {name}:，两三种说法"
            )
            readings[file].tell("answer-missing", line, f"「{label}」没有回答", cure)
    for name, one in written.items():
        if name.startswith(PLAIN):
            if name.removeprefix("utter_") not in plain:
                readings[one.file].tell(
                    "answer-unused",
                    one.line,
                    f"没有哪个问题用「{name}」来回答",
                    perhaps(
                        name,
                        {f"utter_{label}" for label in plain},
                        "回答的名字要写成 utter_ 加意图名",
                    ),
                )
        elif not _is_said(name, called_at, said):
            missing = {called for called in called_at if called not in written}
            readings[one.file].tell(
                "answer-unused",
                one.line,
                f"没有动作、规则或表单会说「{name}」",
                perhaps(name, missing, "改成会说的名字，或删掉"),
            )
    _demand_written(readings, written, called_at, said)


def _demand_written(
    readings: Mapping[str, Reading],
    written: Mapping[str, Reply],
    called_at: Mapping[str, tuple[str, int]],
    said: Collection[re.Pattern[str]],
) -> None:
    unsaid = {name for name in written if not _is_said(name, called_at, said)}
    for name, (file, line) in called_at.items():
        if name in written or name == "utter_faq":
            continue
        near = nearest(name, unsaid)
        what = f"{file}:{line} 要说「{name}」，可是没有写这句回答"
        if near:
            one = written[near]
            readings[one.file].tell("answer-missing", one.line, what, f"「{near}」改名为「{name}」")
        else:
            where = readings.get(file) or next(iter(readings.values()))
            where.tell(
                "answer-missing", line, f"没有写「{name}」这句回答", "在 data/replies 里写上它"
            )


def _is_said(name: str, called: Container[str], patterns: Collection[re.Pattern[str]]) -> bool:
    return name in called or any(one.fullmatch(name) for one in patterns)


def demand_words(
    readings: Mapping[str, Reading],
    replies: Sequence[Reply],
    known_values: Callable[[str], Collection[str] | None],
    intents: Collection[str],
) -> None:
    """Length, the rules for words, braces, buttons. `known_values`: what the braces of a reply of
    this name may hold (None: whatever calls it cannot be told)."""
    for one in replies:
        reading = readings[one.file]
        for text, line in (*one.texts, *one.beside):
            if (size := words_rule.length(text)) > words_rule.LONGEST:
                reading.tell(
                    "answer-long",
                    line,
                    f"「{one.name}」有 {size} 个字，气泡里太长",
                    f"拆成两句或删减到 {words_rule.LONGEST} 个字以内",
                )
            for what, instead in words_rule.against(text):
                reading.tell("words", line, what, instead)
            _demand_braces(reading, one.name, text, line, known_values(one.name))
        for title, payload, line in one.buttons:
            _demand_button(reading, title, payload, line, intents)


def _demand_braces(
    reading: Reading, name: str, text: str, line: int, known: Collection[str] | None
) -> None:
    for found in _ANY_BRACES.finditer(text):
        if not re.fullmatch(r"[a-z_]+", found[1]):
            reading.tell(
                "braces",
                line,
                f"花括号里的「{found[1]}」不是能填的名字",
                "改成普通文字，或写能填的英文名",
            )
        elif known is not None and found[1] not in known and found[1] not in OF_EVERY_REPLY:
            listed = "、".join(f"{{{one}}}" for one in sorted(known)[:12])
            reading.tell(
                "braces",
                line,
                f"「{name}」里的 {{{found[1]}}} 没有东西能填，买家会看到花括号",
                perhaps(found[1], known, f"可以写: {listed}"),
            )
    if text.count("{") != text.count("}"):
        reading.tell("braces", line, "花括号不成对", "每个 { 配一个 }")


def _demand_button(
    reading: Reading, title: str, payload: str, line: int, intents: Collection[str]
) -> None:
    if len(title) > _TITLE_AT_MOST:
        reading.tell("button", line, f"按钮「{title}」太长", f"不超过 {_TITLE_AT_MOST} 个字")
    for what, instead in words_rule.against(title):
        reading.tell("words", line, what, instead)
    if not payload.startswith("/"):
        reading.tell(
            "button", line, f"按钮「{title}」的 payload 要以 / 开头", "例如 payload: /affirm"
        )
        return
    sent = re.match(r"/([\w.]+)", payload)
    if sent and sent[1] not in intents:
        reading.tell(
            "button",
            line,
            f"按钮「{title}」的「{sent[1]}」不在意图表里",
            perhaps(sent[1], intents, "写已有的意图"),
        )
    if "{" in payload and "{{" not in payload:
        reading.tell(
            "button", line, f"按钮「{title}」的数据要用双层花括号", '写成 /inform{{"size": "38"}}'
        )
