"""Teaches the classifier that 好的, 亲 and 谢谢 around a wish do not change the wish.

Trainers write the wish; buyers wrap it (嗯嗯 那什么时候发货呀 麻烦了). Every second message gets a
wrapped copy in training, so that trainers need not write both.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

BEFORE = [
    "好的",
    "嗯",
    "哦",
    "嗯嗯",
    "好吧",
    "那",
    "亲",
    "你好",
    "请问",
    "老板",
    "哦哦",
    "噢",
    "那个",
    "在吗",
    "ok",
    "行",
    "好",
    "对",
    "是的",
    "知道了",
    "可是",
    "但是",
    "还有",
    "我想问下",
]
AFTER = ["谢谢", "呢", "啊", "哦", "吧", "呀", "亲", "了", "麻烦了", "哈", "嘛"]
# Here the courtesy is the message itself.
COURTEOUS = frozenset(["greet", "goodbye", "thank", "affirm", "deny", "hold_on", "faq/ask_bot"])
SEED = 3


def wrapped(texts: Sequence[str], intents: Sequence[str]) -> Iterable[tuple[str, int]]:
    """(wrapped copy, index of its message) for every second message that carries a wish."""
    dice = random.Random(SEED)
    for at, (text, intent) in enumerate(zip(texts, intents, strict=True)):
        copy = text
        if dice.random() < 0.8:
            copy = dice.choice(BEFORE) + dice.choice(("", " ", ",")) + copy
        if dice.random() < 0.4:
            copy = copy + dice.choice(("", " ")) + dice.choice(AFTER)
        if at % 2 == 0 and intent not in COURTEOUS:
            yield copy, at
