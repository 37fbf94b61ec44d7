"""Says complaints to an owner: what is wrong in many rows is one sentence with the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.shop.importing.cells import Problem

MOST_SENTENCES = 20
MOST_ROWS_NAMED = 5
_QUOTED = re.compile(r"“[^”]*”|\d+(?:\.\d+)?")


def sentences(problems: Sequence[Problem]) -> list[str]:
    """In the order of the first of each kind; a kind is a column and what is wrong there."""
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for one in problems:
        kinds.setdefault((one.place, one.column, _QUOTED.sub("“”", one.what)), []).append(one)
    told = [_sentence(same) for same in kinds.values()]
    if len(told) <= MOST_SENTENCES:
        return told
    left = sum(len(same) for same in list(kinds.values())[MOST_SENTENCES:])
    return [*told[:MOST_SENTENCES], f"还有 {left} 处，先改好上面的再导一次"]


def _sentence(same: Sequence[Problem]) -> str:
    first = same[0]
    rows = list(dict.fromkeys(one.row for one in same))
    if len(rows) == 1:
        return str(first)
    named = "、".join(map(str, rows[:MOST_ROWS_NAMED]))
    more = f"等 {len(rows)} 行" if len(rows) > MOST_ROWS_NAMED else "行"
    values = dict.fromkeys(found[0] for one in same if (found := re.search(r"“[^”]*”", one.what)))
    others = (
        f"（另有 {'、'.join(list(values)[1:4])}{'…' if len(values) > 4 else ''}）"
        if len(values) > 1
        else ""
    )
    return f"{first.place} 第 {named} {more} {first.column}: {first.what}{others}"
