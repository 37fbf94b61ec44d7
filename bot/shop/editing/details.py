"""A change in words, for the record and the list of changes; of what is secret only that it changed."""

from __future__ import annotations

from bot.shop.editing.rows import ShopRow, label
from bot.shop.editing.sheets import sheets

LONGEST, MOST = 24, 12  # characters of a value; cells that are named


def details_of(before: ShopRow | None, after: ShopRow | None) -> tuple[str, ...]:
    """价格 29.90 → 32. Of a row that is new, or gone, what is known of it in its list."""
    row = after or before
    assert row is not None
    if before is None or after is None:
        return (row.about,) if row.about else ()
    fields = sheets()[row.section].fields
    told: list[str] = []
    for name in {**before.texts, **after.texts}:
        was, now = before.texts.get(name, ""), after.texts.get(name, "")
        if was == now:
            continue
        if name in fields and fields[name].is_secret:
            told.append("议价有改动")
        elif name in fields and fields[name].form in ("grid", "picture"):
            told.append(f"{fields[name].label}有改动")
        else:
            called = fields[name].label if name in fields else label(row.section, name)
            told.append(f"{called} {_short(was)} → {_short(now)}")
    found = list(dict.fromkeys(told))
    return tuple([*found[:MOST], f"还有 {len(found) - MOST} 处"] if len(found) > MOST else found)


def _short(text: str) -> str:
    line = "、".join(text.splitlines()) or "空"
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"
