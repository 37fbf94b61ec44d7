"""Messages with several wishes are cut where both sides are sure, and nowhere else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.nlu.wishes import split

# A reader that knows some words; what it does not know is half understood, as by the gate.
KNOWN = {
    r"^(在吗|你好|亲)$": "greet",
    r"^谢谢$": "thank",
    r"货还没到": "logistics_delay",
    r"可以退": "return_policy",
    r"码|有货": "stock_check",
    r"包邮": "ask_postage",
    r"什么时候发货": "ask_ship_time",
    r"便宜": "bargain",
    r"^\d+ \d+斤$": "inform",
    r"穿多大": "size_advice",
    r"机器人": "faq",
}


async def read(text: str) -> dict[str, Any]:
    bare = re.sub(r"[，。？！?!,]", "", text).strip()
    for pattern, name in KNOWN.items():
        if re.search(pattern, bare):
            full = {"full_name": "faq/ask_bot"} if name == "faq" else {}
            confidence = 0.85 if name == "logistics_delay" else 0.95
            return {"intent": {"name": name, "confidence": confidence, **full}}
    return {"intent": {"name": "nlu_half_sure", "confidence": 0.4}}


@pytest.mark.parametrize(
    ("message", "wishes"),
    [
        ("有38码吗 包邮吗", ["有38码吗", "包邮吗"]),
        ("有38码吗包邮吗", ["有38码吗", "包邮吗"]),
        ("有38码吗？包邮吗？什么时候发货", ["有38码吗？", "包邮吗？", "什么时候发货"]),
        ("有38码吗\n包邮吗", ["有38码吗", "包邮吗"]),
        ("有38码吗 有39码吗", ["有38码吗 有39码吗"]),
        ("你是机器人吗 包邮吗", ["你是机器人吗", "包邮吗"]),
    ],
)
async def test_each_wish_stands_alone(message: str, wishes: list[str]) -> None:
    assert await split(message, read) == wishes


@pytest.mark.parametrize(
    "message",
    [
        "有38码吗",
        "165 110斤 穿多大",
        "货还没到 可以退吗",
        "这个那个 包邮吗",
        "",
        "包邮吗 谢谢",
        "包邮吗。" * 60,
    ],
)
async def test_one_wish_is_never_cut(message: str) -> None:
    assert await split(message, read) == [message]


async def test_kindred_wishes_stay_together() -> None:
    async def kindred(text: str) -> dict[str, Any]:
        name = "track_parcel" if text.startswith("到哪") else "logistics_delay"
        return {"intent": {"name": name, "confidence": 0.99}}

    assert await split("到哪了？怎么还没到？", kindred) == ["到哪了？怎么还没到？"]


async def test_a_wish_said_twice_is_answered_once() -> None:
    assert await split("包邮吗 有38码吗 包邮吗", read) == ["包邮吗", "有38码吗"]


async def test_a_greeting_that_would_drown_the_wish_is_left_out() -> None:
    async def greeting_drowns(text: str) -> dict[str, Any]:
        if text.startswith("在吗"):
            return {"intent": {"name": "greet", "confidence": 0.9}}
        return await read(text)

    assert await split("在吗 有38码吗", greeting_drowns) == ["有38码吗"]
