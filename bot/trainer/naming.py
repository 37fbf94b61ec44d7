"""Names that a trainer may have meant: the nearest of those that are known."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

import yaml

from bot.trainer.yaml_reading import Reading

_GOOD_NAME = re.compile(r"[a-z][a-z0-9_]*(?:/[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)?")
RETRIEVAL = "faq"


def nearest(word: str, names: Collection[str]) -> str | None:
    found = get_close_matches(word, names, n=1, cutoff=0.75 if len(word) > 5 else 0.6)
    return found[0] if found else None


def perhaps(word: str, names: Collection[str], otherwise: str) -> str:
    """是不是「…」, or what to do where no name is near."""
    meant = nearest(word, names)
    return f"是不是「{meant}」？" if meant else otherwise


def demand_known(
    reading: Reading, node: yaml.Node | None, names: Collection[str], where: str
) -> None:
    """Tells every key of a mapping that is none of `names`."""
    for key, _ in reading.pairs(node):
        name = str(key.value)
        if name not in names:
            listed = "、".join(sorted(names))
            reading.tell(
                "shape",
                key,
                f"{where}没有「{name}」这一项",
                perhaps(name, names, f"可以写: {listed}"),
            )


def demand_intent(
    reading: Reading,
    node: yaml.Node,
    *,
    intents: Collection[str],
    labels: Collection[str],
    is_told_here: bool = False,
) -> bool:
    """Whether the label is one of the catalogue; else tells which was meant.

    `intents`: names of domain.yml. `labels`: full labels that have lines. A plain question
    (`faq/x`) may be new where it `is_told_here`; its finer ones hang on a wish that is known.
    """
    label = str(node.value)
    labels = {name for name in labels if name != label or not is_told_here}
    labels = {name for name in labels if "/" in name or name in intents}
    if not _GOOD_NAME.fullmatch(label):
        reading.tell(
            "intent",
            node,
            f"意图名「{label}」只能用小写英文字母、数字和下划线",
            f"普通问答写成 {RETRIEVAL}/ask_xxx，例如 faq/ask_gift_card",
        )
        return False
    first, _, rest = label.partition("/")
    if not rest:
        if label in intents and label != RETRIEVAL:
            return True
        plain = f"{RETRIEVAL}/{label}"
        known = {*labels, *intents} - {RETRIEVAL}
        if plain in labels or (is_told_here and nearest(label, known) is None):
            cure = f"普通问答前面要加 {RETRIEVAL}/，写成 {plain}"
        else:
            cure = perhaps(
                label, known, f"普通问答写成 {plain}；要办事的意图先登记在 domain.yml 的 intents 里"
            )
        reading.tell("intent", node, f"意图表里没有「{label}」", cure)
        return False
    if first != RETRIEVAL:
        reading.tell(
            "intent", node, f"「{label}」的斜杠前面只能是 {RETRIEVAL}", f"写成 {RETRIEVAL}/{rest}"
        )
        return False
    if "." in rest:
        parent = rest.split(".")[0]
        parents = {*intents, *(name.split("/")[-1] for name in labels if "." not in name)}
        if parent not in parents:
            reading.tell(
                "intent",
                node,
                f"「{label}」的点号前面「{parent}」不是意图表里的意图",
                perhaps(
                    parent, parents, f"细分一个已有的意图才用点号，新问题写成 {RETRIEVAL}/{parent}"
                ),
            )
            return False
    elif rest in intents:
        reading.tell(
            "intent",
            node,
            f"「{rest}」已经是要办事的意图，不能再当普通问答",
            f"说法直接写在 {rest} 下面；只想细分它，就写 {RETRIEVAL}/{rest}.xxx",
        )
        return False
    elif not is_told_here and label not in labels:
        reading.tell(
            "intent",
            node,
            f"意图表里没有「{label}」",
            perhaps(label, labels, "先把它写进 data/nlu"),
        )
        return False
    return True
