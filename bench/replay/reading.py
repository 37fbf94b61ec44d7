"""Dialogues as they stand in a file: one JSON object a line, checked before anything is played.

    {"code": "J00", "source": "jd", "orders": [{…}] or null, "turns": [{"who", "text", "wish"}, …]}

`who` is buyer or seller. `orders` are written as in shop/demo/orders.yml, with the return case of
an order as its `ret`; null is a visitor. `wish` (or `intent`), one intent or a list of those that
are right, is for the figures and may be missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

BUYER, SELLER = "buyer", "seller"
_CODE = re.compile(r"[\w-]{1,40}")  # it names a file
_PLACEHOLDER = re.compile(r"\{([ot])(\d*)\}|\{([pn])\}")


class Unreadable(Exception):
    """Lines of the file that are no dialogue; each problem is `file:line: what`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NothingToFill(Exception):
    """A line names an order, a parcel or a buyer that the dialogue does not have."""


@dataclass(frozen=True, kw_only=True)
class Line:
    who: str
    text: str
    wish: tuple[str, ...] = ()  # every intent that counts as right; () = nobody said


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    code: str
    source: str
    orders: tuple[Mapping[str, Any], ...] | None  # None: a visitor
    lines: tuple[Line, ...]

    @property
    def buyers_lines(self) -> int:
        return sum(line.who == BUYER for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What placeholders stand for."""

    orders: tuple[str, ...] = ()  # {o}, {o2}, …: numbers in the order of the row
    parcels: tuple[str, ...] = ()  # {t}, {t2}, …: tracking numbers
    phone: str = ""  # {p}
    name: str = ""  # {n}


def read_dialogues(path: Path) -> list[Dialogue]:
    """Raises Unreadable with every line that is wrong, and OSError."""
    dialogues: list[Dialogue] = []
    problems: list[str] = []
    for number, text in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not text.strip():
            continue
        try:
            dialogue = _dialogue(json.loads(text))
            if any(dialogue.code == other.code for other in dialogues):
                raise ValueError(f"code {dialogue.code} stands there twice; give each its own")
            dialogues.append(dialogue)
        except json.JSONDecodeError as error:
            problems.append(f"{path.name}:{number}: no JSON ({error}); write one object a line")
        except ValueError as error:
            problems.append(f"{path.name}:{number}: {error}")
    if not dialogues and not problems:
        problems.append(f"{path.name}:1: the file is empty; write one dialogue a line")
    if problems:
        raise Unreadable(problems)
    return dialogues


def filled(text: str, facts: Facts) -> str:
    """The line with its placeholders replaced; other braces stay. Raises NothingToFill."""

    def value(found: re.Match[str]) -> str:
        if found[3]:
            given = facts.phone if found[3] == "p" else facts.name
        else:
            values = facts.orders if found[1] == "o" else facts.parcels
            place = int(found[2] or 1)
            given = values[place - 1] if 1 <= place <= len(values) else ""
        if not given:
            raise NothingToFill(f"{found[0]} stands for nothing: `orders` has none")
        return given

    return _PLACEHOLDER.sub(value, text)


def _dialogue(row: Any) -> Dialogue:
    """Raises ValueError with what is wrong, and what to write instead."""
    if not isinstance(row, dict):
        raise ValueError('write an object, {"code": …, "source": …, "orders": …, "turns": […]}')
    if unknown := row.keys() - {"code", "source", "orders", "turns"}:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}; write code, source, orders, turns")
    code, source, orders, turns = (row.get(name) for name in ("code", "source", "orders", "turns"))
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise ValueError('code: write a short name of letters and digits, "J00"')
    if not isinstance(source, str) or not source:
        raise ValueError('source: write where the dialogue is from, "jd"')
    if "orders" not in row or not (orders is None or _are_objects(orders)):
        raise ValueError("orders: write a list of orders, or null for a visitor")
    if not _are_objects(turns):
        raise ValueError('turns: write a list of {"who": "buyer", "text": "…"}')
    dialogue = Dialogue(
        code=code,
        source=source,
        orders=None if orders is None else tuple(orders),
        lines=tuple(_line(turn, place) for place, turn in enumerate(turns, 1)),
    )
    if not dialogue.buyers_lines:
        raise ValueError("turns: no line is a buyer's; write at least one")
    return dialogue


def _line(turn: Mapping[str, Any], place: int) -> Line:
    if unknown := turn.keys() - {"who", "text", "wish", "intent"}:
        raise ValueError(
            f"turn {place}: unknown {', '.join(sorted(unknown))}; write who, text, wish"
        )
    if turn.get("who") not in (BUYER, SELLER):
        raise ValueError(f"turn {place}: who is buyer or seller")
    text = turn.get("text")
    if not isinstance(text, str) or (turn["who"] == BUYER and not text.strip()):
        raise ValueError(f"turn {place}: text: write what was said")
    wish = turn.get("wish", turn.get("intent")) or []
    wishes = [wish] if isinstance(wish, str) else wish
    if not isinstance(wishes, list) or not all(isinstance(one, str) for one in wishes):
        raise ValueError(f"turn {place}: wish: write an intent, or a list of those that are right")
    return Line(who=turn["who"], text=text, wish=tuple(wishes))


def _are_objects(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)
