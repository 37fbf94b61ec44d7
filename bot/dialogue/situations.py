"""The vocabulary of both tables: what the shop said last, and which wishes stay open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# name → 中文, as docs/glossary.md and the tables' comments have it.
SITUATIONS: Final[Mapping[str, str]] = {
    "anything_else": "还有别的要帮忙吗、道别、请评价",
    "which_product": "问是哪一款",
    "which_order": "问是哪个订单",
    "which_variant": "问颜色、尺码、口味、数量",
    "measures": "问身高体重脚长",
    "where_to": "问寄到哪里、收件人、电话",
    "confirm": "核对,问对不对",
    "why": "问原因、问题的细节",
    "photo": "要照片",
    "wait": "请稍等,在查",
    "offer": "提出一个价、赠品、券、补偿或换法,问要不要",
    "choice": "给几条路,问选哪条",
    "told_stock": "说了有没有货",
    "told_price": "说了价格、活动、运费",
    "told_product": "说了商品、质量、尺码建议",
    "told_shipping": "说了发货时间、快递、几天到、到不到",
    "told_parcel": "说了包裹到哪了",
    "told_order": "说了订单状态,或改、取消、地址、备注、发票",
    "told_aftersale": "说了退换、退款、瑕疵、保修",
    "apology": "道歉",
    "refused": "说了不行",
    "greeted": "打了招呼,等买家开口",
    "other": "别的,应一声",
}

# Said in passing or in answer: the matter that is open stays what it was.
NO_MATTER: Final = frozenset(
    [
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "hold_on",
        "hesitate",
        "inform",
        "praise",
        "faq/ask_bot",
        "ask_human",
    ]
)

# After these a line is an answer or a farewell, whatever the matter: see `deciding`.
COURTESIES: Final = frozenset(["greet", "goodbye", "thank", "affirm", "deny", "hold_on", "praise"])


# Made of set words (cues.yml), not learned; the open matter stays what it was, too.
BY_SET_WORDS: Final = frozenset(["small_talk", "unsafe"])


def opens_matter(intent: str) -> bool:
    """Whether a line of this intent (full label) is a wish that later lines may continue."""
    return bool(intent) and intent not in NO_MATTER | BY_SET_WORDS
