"""What an agent reads before taking over, so that the buyer is not asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversations.messages import Author, Message

REASONS = {
    "asked": "买家要找人工",
    "misunderstood": "连着没听懂",
    "anger": "买家生气,或要投诉、差评",
    "defect": "质量问题或错发,有凭据",
    "money": "钱款争议",
    "below_floor": "还价超出权限",
    "bulk": "批量采购",
    "address_after_packing": "打包后改地址",
    "no_data": "店铺资料里没有答案",
    "trouble": "系统没办成",
}

_LAST_LINES = 6


def summarise(
    reason: str, note: str, recent: Sequence[Message], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """{"reason", "reason_text", "note", "said": [...], "facts": {...}}; `recent` oldest first."""
    said = [
        message.text or ("[图片]" if message.picture else "[商品]")
        for message in recent
        if message.author is Author.BUYER
    ]
    return {
        "reason": reason,
        "reason_text": REASONS.get(reason, reason),
        "note": note,
        "said": said[-_LAST_LINES:],
        "facts": dict(facts),
    }
