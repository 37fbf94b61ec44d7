"""Checks a product's bargaining ladder: its floor, and steps that shrink and stay above it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from bot.shop.importing.cells import Row

DEFAULT_BULK = 10
# How a step begins in a table, and what it is called in YAML.
STEPS = {"让": "price", "送": "gift", "券": "coupon", "包邮": "postage", "承诺": "value"}
Values = dict[str, Any]


def ladder(row: Row, product_id: str, price_fen: int) -> Values | None:
    nested = row.row_of("bargaining")
    source = nested if row.has("bargaining") else row  # tables have it as columns
    if not source.has("floor"):
        for column in ("bulk_from", "cuts"):
            source.has(column)
        nested.finish()
        return None
    floor = source.money("floor", least=1)
    rungs: list[Values] = []
    for step in nested.rows_under("steps"):
        rungs += _rung(step)
        step.finish()
    for text in row.texts("cuts"):
        rungs += _rung(row.nested(_step(text)))
    bulk_from = source.whole("bulk_from", default=DEFAULT_BULK, least=2)
    source.read |= {"steps", "cuts"}
    cuts = [rung["cut_fen"] for rung in rungs if rung["step"] == "price"]
    if price_fen and floor >= price_fen:  # else the price itself was complained of
        source.refuse("floor", "底价要低于售价，请写更小的金额")
    if any(later >= earlier for earlier, later in pairwise(cuts)):
        source.refuse("steps", "每次让价要比上一次小（以退为进），如 20、10、5")
    if price_fen - sum(cuts) <= floor < price_fen:
        source.refuse("steps", "让价加起来到了底价或更低，请减少让价，让最后一口价高于底价")
    nested.finish()
    return {
        "product_id": product_id,
        "floor_fen": floor,
        "bulk_from": bulk_from,
        "rungs": rungs,
    }


def _step(text: str) -> dict[str, str]:
    """A step as tables write it: 20 or 让20, 送羊毛袜, 券LAOYOU15, 包邮, 承诺一年内免费修."""
    for word, kind in STEPS.items():
        if text.startswith(word):
            return {kind: text.removeprefix(word).strip(" :：") or "包邮"}
    return {"price": text}


def _rung(step: Row) -> list[Values]:
    if step.has("value"):
        return [{"step": "value", "text": step.text("value", longest=80)}]
    if step.has("gift"):
        return [{"step": "gift", "gift": step.text("gift", longest=60)}]
    if step.has("coupon"):
        return [{"step": "coupon", "coupon_code": step.text("coupon", longest=32)}]
    if step.has("postage"):
        step.choice("postage", {"free": "free", "包邮": "free"})
        return [{"step": "postage"}]
    if step.has("price"):
        return [{"step": "price", "cut_fen": step.money("price", least=1)}]
    step.refuse("steps", "每步写一样：value、gift、coupon、postage 或 price")
    return []
