"""What an agent reads before taking over, so that the buyer is not asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversations.messages import Author, Message
from bot.handing_over import HandOverReason

_LAST_LINES = 6


def summarise(
    reason: HandOverReason, note: str, recent: Sequence[Message], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """{"reason", "reason_text", "note", "said": [...], "facts": {...}}; `recent` oldest first."""
    said = [
        message.text or ("[图片]" if message.picture else "[商品]")
        for message in recent
        if message.author is Author.BUYER
    ]
    return {
        "reason": reason.value,
        "reason_text": reason.text,
        "note": note,
        "said": said[-_LAST_LINES:],
        "facts": dict(facts),
    }
