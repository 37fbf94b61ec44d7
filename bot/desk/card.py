"""The card of a hand-over in sentences: who, which order, what was tried, mood, how long already.

What an agent reads in three seconds and never asks again. Phones and addresses are masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author, Message
from bot.conversations.wishes import Wish
from bot.desk.masking import known_addresses, masked_text
from bot.desk.moods import heard_mood
from bot.dialogue.outcome import Outcome
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Buyer, Order
from bot.shop.words.prices import price_text
from bot.shop.words.status_words import STATUS_TEXTS

_LONGEST_QUOTE = 40
_MOST_TRIED = 3
_TRIED = {
    Outcome.ANSWERED: "答了",
    Outcome.REPEATED: "又答了一遍",
    Outcome.ASKED_BACK: "没把握，反问了",
    Outcome.NOT_UNDERSTOOD: "没听懂",
    Outcome.HANDED_OVER: "转给您",
    Outcome.LEFT_TO_PERSON: "没答，留给您",
    Outcome.OFFERED_PERSON: "问要不要人工",
}
_MOODS = {
    HandOverReason.ANGER.value: "买家在生气，先安抚。",
    HandOverReason.REVIEW_THREATENED.value: "买家说要给差评，先把事情办好，别劝他不要评。",
    HandOverReason.SAFETY.value: "可能有人受伤或不舒服，先问人。",
    HandOverReason.MISUNDERSTOOD.value: "机器人连着没听懂，买家可能不耐烦了。",
    HandOverReason.URGED.value: "买家等急了。",
    HandOverReason.AGENT_LEFT.value: "上一位同事离开了，买家等过一回。",
}


def sentences(
    conversation: Conversation,
    *,
    buyer: Buyer | None,
    orders: Sequence[Order],
    wishes: Sequence[Wish],
    recent: Sequence[Message],
    now: datetime,
    zone: ZoneInfo,
) -> list[str]:
    """`wishes` and `recent` oldest first."""
    known = known_addresses(conversation.summary)
    told = [
        _who(conversation, buyer),
        _what(conversation, orders, zone),
        _tried([one for one in wishes if one.seq >= conversation.session_seq], known),
        *_moods(conversation, recent, known),
        _waiting(conversation, now, zone),
        _next(recent, known),
    ]
    return [one for one in told if one]


def _who(conversation: Conversation, buyer: Buyer | None) -> str:
    if buyer is None:
        return "还没登录的访客。" if not conversation.signed_in else "已登录的买家，店里没有资料。"
    if not buyer.orders_count:
        return f"{buyer.nickname}，还没买过。"
    since = f"，上次{buyer.last_order_on:%Y年%-m月%-d日}" if buyer.last_order_on else ""
    spent = price_text(buyer.spent_fen)
    return f"{buyer.nickname}，老顾客，买过{buyer.orders_count}单，共{spent}{since}。"


def _what(conversation: Conversation, orders: Sequence[Order], zone: ZoneInfo) -> str:
    facts = (conversation.summary or {}).get("facts", {})
    said = " ".join(str(value) for value in facts.values())
    named = next((one for one in orders if one.number in said), None)
    order = named or (orders[0] if orders else None)
    if order is None:
        return ""
    lines = "、".join(
        " ".join(filter(None, (one.name, one.colour, one.size))) + f" ×{one.quantity}"
        for one in order.lines[:3]
    )
    which = "在说的订单" if named else "最近一单"
    day = order.created_at.astimezone(zone)
    return (
        f"{which} {order.number}（{day:%-m月%-d日}，{STATUS_TEXTS[order.status]}）："
        f"{lines}，{price_text(order.total_fen)}。"
    )


def _tried(wishes: Sequence[Wish], known: Sequence[str]) -> str:
    tried = [
        f"「{masked_text(one.text[:_LONGEST_QUOTE], known)}」{_TRIED[one.outcome]}"
        for one in wishes
        if one.outcome in _TRIED
    ]
    return f"说过：{'；'.join(tried[-_MOST_TRIED:])}。" if tried else ""


def _moods(
    conversation: Conversation, recent: Sequence[Message], known: Sequence[str]
) -> list[str]:
    """What the reason tells of it, and what the buyer's own lines tell beyond that."""
    said = conversation.hand_over_reason
    lines = [one for one in recent if one.seq >= conversation.session_seq]
    heard = heard_mood(lines, known, HandOverReason(said) if said else None)
    return [_MOODS.get(said, ""), heard]


def _waiting(conversation: Conversation, now: datetime, zone: ZoneInfo) -> str:
    if conversation.status is not Status.WAITING or conversation.waiting_since is None:
        return ""
    waited = f"等了{_span(now - conversation.waiting_since)}"
    promised = conversation.promised_for
    if promised is None:
        return f"{waited}。"
    local, today = promised.astimezone(zone), now.astimezone(zone).date()
    when = f"{local:%H:%M}" if local.date() == today else f"{local:%-m月%-d日 %H:%M}"
    return f"{waited}，答应{when}前回" + ("，已经过了。" if promised < now else "。")


def _next(recent: Sequence[Message], known: Sequence[str]) -> str:
    last = recent[-1] if recent else None
    if last is None or last.author is not Author.SUGGESTION or not last.text:
        return ""
    return f"机器人想接着说：「{masked_text(last.text[:80], known)}」"


def _span(passed: timedelta) -> str:
    minutes = int(passed.total_seconds()) // 60
    if minutes < 1:
        return "不到1分钟"
    if minutes < 60:
        return f"{minutes}分钟"
    hours = minutes // 60
    return f"{hours}小时" if hours < 48 else f"{hours // 24}天"
