"""XL行不行, 会不会大: a yes or no from the product's own chart, with the number behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import size_text
from actions.frame.turn import Turn
from actions.hearing.profile import keep, profile_of
from bot.shop.words.goods import Measurements, Product, SizeAdvice, SizeRow, Sizing

_WORN_AND_CHANGED = ("seven_days", "opened_too")  # rules under which what was tried on goes back


def size_doubted(chat: Chat) -> str:
    """The size that the line asks about (XL行不行), or that it doubts after our advice; "" where
    none is doubted. 平时穿42 tells what is worn and doubts nothing."""
    turn = chat.turn
    doubts = hears(turn, "too_big", "too_small", "will_do", "fitness", "choosing")
    if not doubts and not probes_another(turn):
        return ""
    told = [one for one in turn.entities if one.get("entity") == "size" and not one.get("usual")]
    if told:
        return str(told[-1]["value"])
    told_before = str(chat.slot("size_told") or "")
    is_asked = hears(turn, "too_big", "too_small")
    return told_before.partition(":")[2] if is_asked and told_before.partition(":")[2] else ""


def probes_another(turn: Turn) -> bool:
    """3XL呢, behind what was said of 2XL: the next size, and no size that is worn."""
    was_sized = any(
        one.startswith(("utter_size_", "utter_offer_order")) for one in turn.told_before
    )
    is_bare = turn.has("size") and not turn.has("product", "kind", "category", "colour", "quantity")
    is_worn = hears(turn, "usual", "have") or any(one.get("usual") for one in turn.entities)
    return was_sized and is_bare and turn.questions and not is_worn


def corrects_usual(chat: Chat) -> bool:
    """不对 是41 我记错了, after 平时42: what is worn was told wrong; no other size is ordered by it."""
    known = chat.slot("size_measures") or {}
    return hears(chat.turn, "own_mistake") and chat.turn.has("size") and "usual_size" in known


async def answer_doubt(chat: Chat, product: Product, doubted: str, measures: Measurements) -> bool:
    """Yes or no to this size for this body; False where the chart cannot tell or more must be
    known first."""
    advice = await chat.shop.size_advice(product.product_id, measures)
    place, right = _place(advice, doubted), _place(advice, advice.size or "")
    if advice.outcome is not Sizing.ADVISED or place is None or right is None:
        return False
    assert advice.size is not None and advice.chart is not None
    values: dict[str, Any] = {
        "asked": size_text(doubted),
        "size": size_text(advice.size),
        "why": _why(advice.chart.rows[right], measures) or "，".join(advice.reasons[:2]),
        "steps": abs(place - right),
    }
    chat.keep("size_in_talk", advice.size)
    chat.keep("size_told", f"{product.product_id}:{advice.size}")
    mark = f"size:{product.product_id}:{doubted}"
    profile = profile_of(chat)
    was_told = mark in profile.reasons
    keep(chat, replace(profile, reasons=tuple(dict.fromkeys((*profile.reasons, mark)))))
    if was_told:
        may_change = product.returnable in _WORN_AND_CHANGED
        chat.ask("order_it", "utter_size_settled" if may_change else "utter_size_stays", **values)
    elif place == right:
        chat.ask("order_it", _fits_because(chat), **values)
    elif advice.other_size and place == _place(advice, advice.other_size):
        chat.ask("order_it", "utter_size_fits_too", **values)
    else:
        response = "utter_size_too_big" if place > right else "utter_size_too_small"
        chat.ask("order_it", response, **values)
    return True


def _fits_because(chat: Chat) -> str:
    if hears(chat.turn, "too_big"):
        return "utter_size_not_too_big"
    return "utter_size_not_too_small" if hears(chat.turn, "too_small") else "utter_size_will_do"


def _place(advice: SizeAdvice, size: str) -> int | None:
    if advice.chart is None:
        return None
    sizes = [row.size for row in advice.chart.rows]
    return sizes.index(size) if size in sizes else None


def _why(row: SizeRow, body: Measurements) -> str:
    """身高170–177、体重64–73公斤，您175、68公斤: the row beside the body; "" where none was told."""
    row_says, body_says = [], []
    for name, unit, asked, span in (
        ("身高", "厘米", body.height_cm, row.height_cm),
        ("体重", "公斤", body.weight_kg, row.weight_kg),
        ("脚长", "毫米", body.foot_mm, row.foot_mm),
    ):
        if asked is not None and span is not None:
            row_says.append(f"{name}{span[0]:g}到{span[1]:g}{unit}")
            body_says.append(f"{asked:g}{unit}")
    if not row_says:
        return ""
    return f"{size_text(row.size)}对应{'、'.join(row_says)}，您{'、'.join(body_says)}"
