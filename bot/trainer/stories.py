"""Rules and stories: every step named rightly, and no rule that contradicts a story or a rule.

Rasa finds contradictions while it trains, after minutes and in English. Here a rule is a wish under
conditions with what follows; a story is walked, and where a rule fits, it must go on as the rule says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from bot.trainer.naming import demand_intent, demand_known, perhaps
from bot.trainer.yaml_reading import Reading

TOP = frozenset(("version", "rules", "stories"))
STEPS = frozenset(
    (
        "intent",
        "user",
        "entities",
        "action",
        "slot_was_set",
        "active_loop",
        "or",
        "checkpoint",
        "bot",
    )
)
RULE = frozenset(("rule", "steps", "condition", "conversation_start", "wait_for_user_input"))
STORY = frozenset(("story", "steps", "metadata"))


@dataclass(frozen=True)
class Rule:
    name: str
    file: str
    line: int
    intent: str  # "" = it begins with an action
    slots: tuple[tuple[str, str | None], ...]  # None = set to anything
    loop: str | None  # None = not said
    actions: tuple[tuple[str, int], ...]  # after the intent, until the buyer speaks again
    starts: bool


@dataclass
class State:
    """Where a story stands: what was set and said so far."""

    slots: dict[str, str | None] = field(default_factory=dict)
    loop: str = ""


def _text(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _empty(word: str) -> bool:
    return word in ("", "null", "~", "None")


def _slots(reading: Reading, node: yaml.Node | None) -> Iterator[tuple[str, str | None, yaml.Node]]:
    for one in reading.items(node) or ([node] if isinstance(node, yaml.MappingNode) else []):
        if isinstance(one, yaml.ScalarNode):
            yield _text(one), None, one
        for key, value in reading.pairs(one):
            yield _text(key), _text(value), key


def read(
    reading: Reading,
    *,
    intents: Collection[str],
    labels: Collection[str],
    actions: Collection[str],
    slots: Collection[str],
    forms: Collection[str],
) -> tuple[list[Rule], list[tuple[str, yaml.Node]]]:
    """(rules, [(name of a story, its steps)]) of one file; tells names nobody knows."""
    if not isinstance(reading.root, yaml.MappingNode):
        return [], []
    demand_known(reading, reading.root, TOP, "最外层")
    rules: list[Rule] = []
    stories: list[tuple[str, yaml.Node]] = []
    for block in reading.items(reading.get(reading.root, "rules")):
        demand_known(reading, block, RULE, "一条规则里")
        if (rule := _rule(reading, block)) is not None:
            rules.append(rule)
    for block in reading.items(reading.get(reading.root, "stories")):
        demand_known(reading, block, STORY, "一个故事里")
        steps = reading.get(block, "steps")
        if not isinstance(steps, yaml.SequenceNode) or not steps.value:
            reading.tell("shape", block, "这个故事没有步骤", "写上 steps: 和一步步")
        else:
            stories.append((_text(reading.get(block, "story")), steps))
    known = {
        "intents": intents,
        "labels": labels,
        "actions": actions,
        "slots": slots,
        "forms": forms,
    }
    for part in ("rules", "stories"):
        for block in reading.items(reading.get(reading.root, part)):
            for name in ("steps", "condition"):
                for step in reading.items(reading.get(block, name)):
                    _demand_step(reading, step, known)
    return rules, stories


def _demand_step(reading: Reading, step: yaml.Node, known: Mapping[str, Collection[str]]) -> None:
    if not isinstance(step, yaml.MappingNode):
        reading.tell("shape", step, "这一步读不懂", "写成: - intent: … 或 - action: …")
        return
    demand_known(reading, step, STEPS, "一步里")
    for one in reading.items(reading.get(step, "or")):
        _demand_step(reading, one, known)
    intent, action = reading.get(step, "intent"), reading.get(step, "action")
    if isinstance(intent, yaml.ScalarNode) and _text(intent) not in known["intents"]:
        demand_intent(reading, intent, intents=known["intents"], labels=known["labels"])
    if isinstance(action, yaml.ScalarNode) and _text(action) not in known["actions"]:
        reading.tell(
            "story",
            action,
            f"没有叫「{_text(action)}」的动作或回答",
            perhaps(
                _text(action), known["actions"], "动作登记在 domain.yml，回答写在 data/replies"
            ),
        )
    loop = reading.get(step, "active_loop")
    form = _text(loop)
    if not _empty(form) and form not in known["forms"]:
        reading.tell(
            "story",
            loop,
            f"没有叫「{form}」的表单",
            perhaps(form, known["forms"], "看 domain.yml 的 forms"),
        )
    for slot, _, node in _slots(reading, reading.get(step, "slot_was_set")):
        if slot not in known["slots"] and slot != "requested_slot":
            reading.tell(
                "story",
                node,
                f"没有叫「{slot}」的记忆（slot）",
                perhaps(slot, known["slots"], "看 domain.yml 的 slots"),
            )


def _rule(reading: Reading, block: yaml.Node) -> Rule | None:
    name, steps = reading.get(block, "rule"), reading.items(reading.get(block, "steps"))
    if not steps:
        reading.tell("shape", block, "这条规则没有步骤", "写上 steps: - intent: … 和 - action: …")
        return None
    slots: list[tuple[str, str | None]] = []
    loop: str | None = None
    intent, actions, heard = "", [], False
    for step in [*reading.items(reading.get(block, "condition")), *steps]:
        if (said := reading.get(step, "intent")) is not None:
            if heard:
                break
            intent, heard = _text(said), True
        elif (action := reading.get(step, "action")) is not None:
            actions.append((_text(action), action.start_mark.line + 1))
        elif not actions:
            slots += [
                (slot, value)
                for slot, value, _ in _slots(reading, reading.get(step, "slot_was_set"))
            ]
            if (active := reading.get(step, "active_loop")) is not None:
                loop = "" if _empty(_text(active)) else _text(active)
    if not actions:
        reading.tell("story", block, "这条规则没有动作", "加一步: - action: …")
        return None
    starts = _text(reading.get(block, "conversation_start")).lower() == "true"
    return Rule(
        _text(name),
        reading.file,
        block.start_mark.line + 1,
        intent,
        tuple(slots),
        loop,
        tuple(actions),
        starts,
    )


def demand_agreement(
    readings: Mapping[str, Reading],
    rules: Sequence[Rule],
    stories: Sequence[tuple[str, str, yaml.Node]],
) -> None:
    """`stories`: (file, name, steps). Tells rules that say two things at once, and stories that go
    on otherwise than the rule that fits there."""
    by_wish: dict[tuple[object, ...], Rule] = {}
    for rule in rules:
        key = (rule.intent, rule.loop, tuple(sorted(rule.slots, key=str)), rule.starts)
        first = by_wish.setdefault(key, rule)
        if rule.intent and first is not rule and first.actions[0][0] != rule.actions[0][0]:
            readings[rule.file].tell(
                "story",
                rule.line,
                f"同样的「{rule.intent}」，这条规则接 {rule.actions[0][0]}，"
                f"{first.file}:{first.line} 接 {first.actions[0][0]}",
                "两条合成一条，或各加 condition 分开",
            )
    for file, name, steps in stories:
        _walk(readings[file], name, steps, rules)


def _walk(reading: Reading, name: str, steps: yaml.Node, rules: Sequence[Rule]) -> None:
    state, expected = State(), None
    for step in reading.items(steps):
        for slot, value, _ in _slots(reading, reading.get(step, "slot_was_set")):
            state.slots[slot] = None if value is not None and _empty(value) else value
        if (loop := reading.get(step, "active_loop")) is not None:
            state.loop = "" if _empty(_text(loop)) else _text(loop)
        if (intent := reading.get(step, "intent")) is not None:
            expected = None if state.loop else fitting(_text(intent), state, rules)
        elif (action := reading.get(step, "action")) is not None:
            if expected is not None and _text(action) != expected.actions[0][0]:
                reading.tell(
                    "story",
                    action,
                    f"故事「{name}」这一步是 {_text(action)}，可规则 {expected.file}:{expected.line} "
                    f"说「{expected.intent}」之后是 {expected.actions[0][0]}",
                    f"改成 {expected.actions[0][0]}，或给规则加 condition",
                )
            expected = None


def fitting(intent: str, state: State, rules: Sequence[Rule]) -> Rule | None:
    """The rule with most conditions that fits; None where none does or two are as near."""
    fitting = [rule for rule in rules if rule.intent == intent and _fits(rule, state)]
    fitting.sort(key=lambda rule: len(rule.slots) + (rule.loop is not None), reverse=True)
    return fitting[0] if fitting else None


def _fits(rule: Rule, state: State) -> bool:
    if rule.starts or (rule.loop or "") != state.loop:
        return False
    for slot, wanted in rule.slots:
        held = state.slots.get(slot)
        if wanted is not None and _empty(wanted):
            if held is not None:
                return False
        elif held is None or (wanted is not None and held != wanted):
            return False
    return True
