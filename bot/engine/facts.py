"""What the buyer has told in this chat, in words for the agent who takes over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.nlu.catalogue import current_catalogue
from bot.shop.words.dealing import Reason, Remedy
from bot.shop.words.prices import price_text

_Facts = dict[str, str]


def facts_of(slots: Mapping[str, Any]) -> _Facts:
    """{what it is: what was told}, both Chinese, in the order an agent needs them.

    Ids become names; what only the dialogue needs (what was shown, what waits) is left out.
    """
    facts: _Facts = {}
    for name, read in _TOLD:
        for source in name.split("|"):
            if (value := slots.get(source)) not in (None, "", [], {}):
                facts.update(read(value))
                break
    return facts


def product_name(product_id: str) -> str:
    """The name by which the catalogue in use knows it; the id where it knows none."""
    names = [
        term.text
        for term in current_catalogue().terms
        if term.entity == "product" and term.value == product_id
    ]
    return max(names, key=len, default=product_id)


def _plain(label: str) -> Callable[[Any], _Facts]:
    return lambda value: {label: str(value)}


def _named(label: str) -> Callable[[Any], _Facts]:
    return lambda value: {
        label: "、".join(
            product_name(str(one)) for one in (value if isinstance(value, list) else [value])
        )
    }


def _measures(value: Any) -> _Facts:
    told = value if isinstance(value, Mapping) else {}
    units = {
        "height_cm": ("身高", "cm"),
        "weight_kg": ("体重", "kg"),
        "foot_mm": ("脚长", "mm"),
        "usual_size": ("平时穿", "码"),
    }
    return {
        label: f"{_number(told[name])}{unit}"
        for name, (label, unit) in units.items()
        if told.get(name)
    }


def _wish(value: Any) -> _Facts:
    told = value if isinstance(value, Mapping) else {}
    facts = {
        label: str(told[name])
        for name, label in (("use", "用途"), ("person", "给谁"), ("kind", "想要的品类"))
        if isinstance(told.get(name), str)
    }
    if isinstance(told.get("budget_fen"), int):
        facts["预算"] = price_text(told["budget_fen"])
    return facts


def _more(value: Any) -> _Facts:
    kinds = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    texts = [
        " ".join(filter(None, (_goods_of(one), f"{one.get('quantity') or 1}件"))) for one in kinds
    ]
    return {"另外还要": "、".join(texts)} if texts else {}


def _goods_of(line: Mapping[str, Any]) -> str:
    name = product_name(str(line["product"])) if line.get("product") else ""
    return f"{name}{line.get('colour') or ''}{line.get('size') or ''}"


def _return_line(value: Any) -> _Facts:
    told = value if isinstance(value, Mapping) else {}
    pairs = (("退换商品", told.get("name")), ("退换订单", told.get("number")))
    return {label: str(text) for label, text in pairs if text}


def _photos(value: Any) -> _Facts:
    return {"照片": f"{len(value)}张"} if isinstance(value, list) else {}


def _looked_for(value: Any) -> _Facts:
    """What was wished of an order that was not found, in the buyer's words."""
    told = value if isinstance(value, Mapping) else {}
    lines = [told.get("text"), *told.get("details", ())]
    text = "；".join(str(one) for one in lines if one)
    return {"要办的（订单还没对上）": text} if text else {}


def _listed(label: str, texts: Mapping[Any, str]) -> Callable[[Any], _Facts]:
    by_value = {one.value: text for one, text in texts.items()}
    return lambda value: {label: by_value.get(value, str(value))}


def _number(value: Any) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".") if _is_number(value) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) or str(value).replace(".", "", 1).isdigit()


_REASONS = {
    Reason.NO_REASON: "无理由退换",
    Reason.OPENED: "拆开或用过",
    Reason.SIZE: "大小不合适",
    Reason.DEFECT: "质量问题",
    Reason.WRONG_ITEM: "发错或漏发",
    Reason.NOT_RECEIVED: "没收到货",
}
_REMEDIES = {
    Remedy.REFUND: "退货退款",
    Remedy.EXCHANGE: "换货",
    Remedy.RESEND: "补发",
    Remedy.PARTIAL_REFUND: "部分退款",
    Remedy.REFUND_ONLY: "只退款",
}

# Slot (or slots, the first that is set) → words. What is not here stays in the dialogue.
_TOLD: tuple[tuple[str, Callable[[Any], _Facts]], ...] = (
    ("order_product|product_in_talk|product_viewed", _named("商品")),
    ("product_strange", _plain("问的东西（店里没有）")),
    ("order_colour|colour_in_talk", _plain("款式")),
    ("order_size|size_in_talk", _plain("规格")),
    ("order_quantity|quantity_in_talk", _plain("数量")),
    ("order_more", _more),
    ("order_name", _plain("收货人")),
    ("order_phone", _plain("电话")),
    ("order_address", _plain("地址")),
    ("region_in_talk", _plain("地区")),
    ("order_note", _plain("备注")),
    ("order_placed", _plain("刚下的订单")),
    ("order_in_talk", _plain("在问的订单")),
    ("lookup_said", _looked_for),
    ("return_line", _return_line),
    ("return_reason", _listed("退换原因", _REASONS)),
    ("return_remedy", _listed("想怎么处理", _REMEDIES)),
    ("return_wanted", _plain("想换成")),
    ("return_photos", _photos),
    ("size_measures", _measures),
    ("recommend_wish", _wish),
)
