"""Takes a message apart that carries several wishes (有38码吗 包邮吗), so that each gets its answer.

Cutting one wish in two is worse than leaving two together: a cut is made only where both sides,
read alone, are surely of different kinds. A statement beside a question is mostly its reason
(货还没到 可以退吗): the fewer sides have the form of a question or a request, the surer both must be.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.asking import asks, is_question
from bot.nlu.labels import catalogue_intent

Reader = Callable[[str], Awaitable[Mapping[str, Any]]]
"""Reads a text as Rasa does: {"intent": {"name", "confidence"}, …} behind the gate."""

# What is said beside a wish, or answers the bot: it stays with the wish next to it.
ACCOMPANIMENT = frozenset(
    [
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "hold_on",
        "hesitate",
        "complain",
        "praise",
        "inform",
        "inform_paid",
        "out_of_scope",
        "nlu_half_sure",
        "nlu_fallback",
    ]
)
# How sure both sides must be (beyond the gate), by how many of them ask for something.
SUREST = {2: 0.75, 1: 0.9, 0: 0.97}
# Wishes that shade into one another: beside each other they are mostly one.
KIN = (
    frozenset(("track_parcel", "logistics_delay", "parcel_not_received", "order_status")),
    frozenset(("return_request", "return_policy", "refund_status", "cancel_order")),
    frozenset(("return_request", "bargain")),  # 不想退,补点钱行吗
    frozenset(("change_address", "change_order", "order_note")),
    frozenset(("bargain", "ask_promotion", "price_protection")),
    frozenset(("report_defect", "report_wrong_item", "complain")),
)
_STOCK, _UNSURE = "stock_check", ("nlu_half_sure", "nlu_fallback", "")
LONGEST = 200  # characters; longer texts are stories or pastes, not lists of wishes
MOST_BORDERS = 6  # each costs two readings
MOST_WISHES = 4
SHORTEST = 2  # letters; 吗 and 呢 alone are tails of what stands before

# Between lines and sentences, at blanks, and after a question's particle in running text.
_BORDER = re.compile(r"[\n\r]+|[，。；！？,;!?~～]+|\s+|(?<=[吗呢嘛嗎])(?=[^\W\d_]{2})")
_BLANK_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class _Reading:
    """What a stretch of the text was read as; `asks`: it has the form of a question or request."""

    intent: str
    confidence: float
    is_wish: bool
    asks: bool

    def stands_beside(self, other: _Reading) -> bool:
        """Whether the two are surely different wishes."""
        if not (self.is_wish and other.is_wish) or self.intent == other.intent:
            return False
        here, there = catalogue_intent(self.intent), catalogue_intent(other.intent)
        if any(here in group and there in group for group in KIN):
            return False
        return min(self.confidence, other.confidence) >= SUREST[self.asks + other.asks]


async def split(text: str, read: Reader) -> list[str]:
    """The wishes of a message in their order; a message with one wish comes back as it was."""
    if len(text) > LONGEST:
        return [text]
    wishes: list[str] = []
    for part in await _lines_apart(text, read):
        wishes += await _cut(part, read, MOST_WISHES - len(wishes))
    if len(wishes) > 1:
        return await _without_repeats(wishes, read)
    return [await _without_greeting(text, read)]


async def _lines_apart(text: str, read: Reader) -> list[str]:
    """Lines that a buyer sent one by one, each with those before it that it goes on with.

    Read from the first line on: behind several wishes in a row no single reading would be sure.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not 2 <= len(lines) <= MOST_BORDERS:
        return [text]
    parts = lines[:1]
    for line in lines[1:]:
        before, after = await _reading(parts[-1], read), await _reading(line, read)
        if len(parts) < MOST_WISHES and before.stands_beside(after):
            parts.append(line)
        else:
            parts[-1] = f"{parts[-1]}\n{line}"
    return parts


async def _cut(text: str, read: Reader, most: int) -> list[str]:
    """Cuts at the border where the less sure side is surest; then each side again."""
    borders = _borders(text)
    if most < 2 or not borders or len(borders) > MOST_BORDERS:
        return [text]
    best: tuple[float, int] | None = None
    for border in borders:
        left, right = await _reading(text[:border], read), await _reading(text[border:], read)
        if left.stands_beside(right):
            sureness = min(left.confidence, right.confidence)
            if best is None or sureness > best[0]:
                best = (sureness, border)
    if best is None:
        return [text]
    first = await _cut(_trimmed(text[: best[1]]), read, most - 1)
    return [*first, *await _cut(_trimmed(text[best[1] :]), read, most - len(first))]


def stretches(text: str) -> list[str]:
    """All that `split` may read of a message, the message first."""
    if len(text) > LONGEST:
        return [text]
    ends = (
        [0, *_borders(text), len(text)] if len(_borders(text)) <= MOST_BORDERS else [0, len(text)]
    )
    found = [_trimmed(text[a:b]) for at, a in enumerate(ends) for b in ends[at + 1 :]]
    return list(dict.fromkeys([text, *found]))


def _borders(text: str) -> list[int]:
    """Where the text may be cut: both sides have letters enough to say something."""
    ends = [found.end() for found in _BORDER.finditer(text)]
    return [
        end
        for end in dict.fromkeys(ends)
        if min(len(_BLANK_MARKS.sub("", part)) for part in (text[:end], text[end:])) >= SHORTEST
    ]


async def _reading(text: str, read: Reader) -> _Reading:
    stretch = _trimmed(text)
    parsed = await read(stretch)
    intent = parsed.get("intent") or {}
    name = _full_name(parsed)
    confidence = float(intent.get("confidence") or 0.0)
    if _asks_for_stock(stretch, parsed) and (name in _UNSURE or confidence < SUREST[2]):
        return _Reading(_STOCK, SUREST[2], is_wish=True, asks=True)
    return _Reading(name, confidence, name not in ACCOMPANIMENT, asks(stretch))


def _asks_for_stock(stretch: str, parsed: Mapping[str, Any]) -> bool:
    """有39码吗: its own data say what it asks, however little the classifier has learned."""
    told = {str(one.get("entity")) for one in parsed.get("entities") or ()}
    cues = {one.get("value") for one in parsed.get("entities") or () if one.get("entity") == "cue"}
    return is_question(stretch) and "have" in cues and bool(told & {"size", "colour"})


async def _without_repeats(wishes: list[str], read: Reader) -> list[str]:
    """包邮吗 有38码吗 包邮吗 asks two things."""
    kinds: dict[str, str] = {}
    for wish in wishes:
        kinds.setdefault(_full_name(await read(wish)), wish)
    return list(kinds.values())


async def _without_greeting(text: str, read: Reader) -> str:
    """The text, less a greeting before a wish that the greeting would drown."""
    for border in _borders(text)[:1]:
        head = await _reading(text[:border], read)
        rest = await _reading(text[border:], read)
        if head.intent == "greet" and rest.is_wish and _full_name(await read(text)) != rest.intent:
            return _trimmed(text[border:])
    return text


def _trimmed(text: str) -> str:
    return text.strip(" \n\r\t,，;；")


def _full_name(parsed: Mapping[str, Any]) -> str:
    intent = parsed.get("intent") or {}
    return str(intent.get("full_name") or intent.get("name") or "")
