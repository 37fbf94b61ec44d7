"""Return rules as owners write them: 七天无理由, 未拆封30天可退, 护肤、彩妆：拆封不退."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from bot.shop.importing import headings
from bot.shop.importing.cells import Row
from bot.shop.importing.headings import fold
from bot.shop.rules.returns import KEEPS_SHORT, USUAL_DAYS

RETURNABLE = {
    "七天无理由": "seven_days",
    "拆封可退": "opened_too",
    "未拆封可退": "unopened_only",
    "贴身用品拆封不退": "hygienic",
    "定制不退": "custom_made",
    "清仓不退": "clearance",
    "生鲜不退": "fresh",
}
EVERYTHING = ("全店", "所有商品", "全部", "其他", "其余", "其它")
MOST_DAYS = 365
_NUMBERS = {"七": 7, "十": 10, "十五": 15, "三十": 30, "六十": 60, "九十": 90}
_DAYS = re.compile(r"(\d{1,3}|七|十五|三十|六十|九十|十)(?:天|日)(?:内|之内|以内)?")
_PARTED = re.compile(r"[：:]")
_NAMES = re.compile(r"\s*[、，,/]\s*")


def of_product(row: Row) -> tuple[str, int | None]:
    """(its own rule, its own days); "" and None leave them to its category and the shop."""
    rule, days = "", None
    if row.has("returnable") and isinstance(row.cells["returnable"], str):
        rule, days = _read(row, "returnable", row.text("returnable"))
    if row.has("return_days"):
        days = _days(row, "return_days", rule, row.whole("return_days", most=MOST_DAYS))
    return rule, days


def of_shop(row: Row) -> list[dict[str, Any]]:
    """What the shop says of whole categories or kinds, in its order: 护肤、彩妆：未拆封可退."""
    return list(_of_shop(row))


def _of_shop(row: Row) -> Iterator[dict[str, Any]]:
    for told in row.texts("return_rules"):
        said, *rest = _PARTED.split(told, maxsplit=1)
        names = [one for one in _NAMES.split(said.strip()) if one]
        if not rest or not names:
            row.refuse("return_rules", f"“{told}”请写成 类目：规则，如 贴身用品：拆封不退")
            continue
        rule, days = _read(row, "return_rules", rest[0])
        goods = [] if set(names) <= set(EVERYTHING) else names
        yield {"goods": goods, "returnable": rule, "days": days}


def text_of(returnable: str, days: int | None) -> str:
    """As `_read` reads it."""
    word = {meaning: word for word, meaning in RETURNABLE.items()}.get(returnable, returnable)
    return "，".join(one for one in (word, f"{days}天" if days else "") if one)


def _read(row: Row, column: str, told: str) -> tuple[str, int | None]:
    plain = unicodedata.normalize("NFKC", told).strip()
    found = _DAYS.findall(plain)
    said = fold(_DAYS.sub("", plain))
    rule = plain if plain in RETURNABLE.values() else _rule(fold(plain)) or _rule(said)
    if rule is None:
        words = "、".join(RETURNABLE)
        row.refuse(
            column, f"“{told}”看不出是哪条规矩，请写：{words}；可以加天数，如 未拆封30天可退"
        )
        return "", None
    days = (_NUMBERS.get(found[-1]) or int(found[-1])) if found else None  # 七天无理由，90天
    if days == USUAL_DAYS and rule == "seven_days":
        return rule, None  # the name of the rule: how many days is the shop's to say
    return rule, None if days is None else _days(row, column, rule, days)


def _rule(folded: str) -> str | None:
    """The rule of these words; "" where only days are written."""
    if not folded:
        return ""
    known = headings.wordings()["products.returnable"]
    by_word = {fold(word): meaning for word, meaning in RETURNABLE.items()}
    return by_word.get(fold(known.get(folded, folded)))


def _days(row: Row, column: str, rule: str, days: int) -> int:
    least = 1 if rule in KEEPS_SHORT else USUAL_DAYS
    if not least <= days <= MOST_DAYS:
        row.refuse(column, f"{days} 天不合理，请写 {least} 到 {MOST_DAYS}；无理由退货不能少于 7 天")
        return USUAL_DAYS
    return days
