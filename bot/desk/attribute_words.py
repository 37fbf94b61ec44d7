"""What is known of a buyer, in the agent's words; the bot reckons with the stored ones.

A size that is no number, or a fit in other words, would stop the bot at the buyer's next question.
"""

from __future__ import annotations

_WORDS = {
    "fit": {"slim": "修身", "regular": "正常", "loose": "宽松"},
    "foot_shape": {"wide": "脚宽", "thin": "脚瘦", "high_instep": "脚背高"},
    "price_sensitive": {"yes": "是"},
}
_NUMBERS = {
    "height_cm": ("厘米", "cm"),
    "weight_kg": ("公斤", "kg"),
    "foot_mm": ("毫米", "mm"),
    "budget_fen": ("分",),
}
_MOST = 1_000_000


class NotUnderstood(ValueError):
    """Its text says what may be written."""


def attribute_shown(name: str, stored: str) -> str:
    words = _WORDS.get(name, {})
    return "、".join(words.get(one, one) for one in stored.split(",")) if words else stored


def attribute_meant(name: str, written: str) -> str:
    """As it is stored; "" forgets it. Raises NotUnderstood."""
    text = written.strip()
    if not text:
        return ""
    if name in _NUMBERS:
        return _number(text, _NUMBERS[name])
    words = _WORDS.get(name)
    if words is None:
        return text
    meant = {**{shown: stored for stored, shown in words.items()}, **{one: one for one in words}}
    parts = [part.strip() for part in text.replace("，", "、").replace(",", "、").split("、")]
    if not all(part in meant for part in parts):
        raise NotUnderstood(f"写{'、'.join(words.values())}里的一个")
    return ",".join(meant[part] for part in parts)


def _number(text: str, units: tuple[str, ...]) -> str:
    bare = text.lower()
    for unit in units:
        bare = bare.removesuffix(unit).strip()
    if not bare.replace(".", "", 1).isdecimal() or not bare.isascii() or float(bare) > _MOST:
        raise NotUnderstood(f"写一个数字，单位是{units[0]}")
    return bare
