"""Conversation tests as trainers write them: the YAML read into steps, with kind errors.

One file is one conversation. At its head:

    about: 买家改主意换尺码           what goes on, in one line
    buyer: b-lin                   a buyer of the demo shop; left out = a visitor
    looking_at: sp-1001            the product page the buyer is on
    at: "14:30"                    time of the shop's day
    known_failure: …               it fails today, and this is why; it must not pass unnoticed
    turns:                         then each turn is one move and what must come of it

Moves: `buyer` (a line, or a list of lines sent in a burst), `press` (title of a button),
`picture: true`, `look` (a product id), `agent` (take | return | {say: …}), `later` (3h, 40m, 2d: time
passes and due follow-ups go out), `restart: true`, `restock` ({product, colour, size}: new stock comes).
`shop` ({order: [product colour size], then: placed | paid | shipped | signed | reviewed | refunded,
due_in: days}: an order made elsewhere; {cheaper: product}: its price falls; {birthday: true}: it is today).

Expectations: `replies` (names of responses, in this order, others may stand between), `only` (exactly
these), `says` / `never` (texts), `card` (type or list of types), `buttons` (titles), `understood`
(intents), `status` (with_bot | waiting | with_agent | closed), `silent: true`, `reason` (why a
person has it or is waited for, a value of `HandOverReason`), `summary` (texts that the agent reads), `order` (fields of the buyer's newest order; `lines` as [boot-qiyun 黑色 42 x1, …], `new_orders`
how many were placed in this talk), `return` (fields of the newest case).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

HEAD = {"about", "buyer", "looking_at", "at", "known_failure", "turns"}
MOVES = {"buyer", "press", "picture", "look", "agent", "later", "restart", "restock", "shop"}
EXPECTATIONS = {
    "replies", "only", "says", "never", "card", "buttons", "understood", "status", "silent",
    "reason", "summary", "order", "return",
}  # fmt: skip
READINGS = {"as", "behind"}
_TIME_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class ScriptError(Exception):
    """A conversation test that cannot be read; says where and what to write instead."""


@dataclass(frozen=True)
class Step:
    number: int
    move: str
    what: Any
    expected: dict[str, Any]
    readings: dict[str, Any] = field(default_factory=dict)  # `as` and `behind`, where told


@dataclass(frozen=True)
class Script:
    path: Path
    about: str
    buyer: str | None
    looking_at: str | None
    at: str
    known_failure: str
    steps: tuple[Step, ...] = field(default_factory=tuple)


def read_script(path: Path) -> Script:
    """Raises ScriptError."""
    return script_of(path, yaml.safe_load(path.read_text(encoding="utf-8")))


def script_of(path: Path, raw: Any, *, is_told: bool = False) -> Script:
    """One conversation as it stands in YAML; `path` is the file it is in. Raises ScriptError.

    `is_told`: each line says how it is read (`as`, and `behind` where that differs behind the
    buyer's last wish): an intent, or intents with their chances.
    """
    if not isinstance(raw, dict) or not raw.get("turns") or not raw.get("about"):
        raise ScriptError(f"{path}: 开头要有 about: 和 turns:")
    if unknown := set(raw) - HEAD:
        raise ScriptError(
            f"{path}: 不认识 {', '.join(sorted(unknown))},可以写 {', '.join(sorted(HEAD))}"
        )
    return Script(
        path=path,
        about=raw["about"],
        buyer=raw.get("buyer"),
        looking_at=raw.get("looking_at"),
        at=str(raw.get("at", "14:30")),
        known_failure=raw.get("known_failure", ""),
        steps=tuple(
            _step(path, number, turn, is_told) for number, turn in enumerate(raw["turns"], 1)
        ),
    )


def duration(text: str) -> timedelta:
    """From 40m, 3h, 2d."""
    match = re.fullmatch(r"(\d+)([mhd])", text)
    if match is None:
        raise ScriptError(f"later: {text}: 请写 40m、3h 或 2d")
    return timedelta(**{_TIME_UNITS[match[2]]: int(match[1])})


def _step(path: Path, number: int, turn: Any, is_told: bool) -> Step:
    where = f"{path}: 第 {number} 轮"
    moves = set(turn) & MOVES if isinstance(turn, dict) else set()
    if len(moves) != 1:
        raise ScriptError(f"{where}: 要有且只有一个动作({', '.join(sorted(MOVES))})")
    (move,) = moves
    readings = {key: value for key, value in turn.items() if is_told and key in READINGS}
    if is_told and move == "buyer" and "as" not in readings:
        raise ScriptError(f"{where}: 要写 as：这句听成什么意图")
    expected = {key: value for key, value in turn.items() if key not in (move, *readings)}
    if unknown := set(expected) - EXPECTATIONS:
        raise ScriptError(f"{where}: 不认识 {', '.join(sorted(unknown))}")
    return Step(number, move, turn[move], expected, readings)
