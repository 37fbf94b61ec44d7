"""A courier that the buyer does not want: 别发圆通, 不要申通, and not 为什么不发顺丰."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.nlu.found import Found, just_before

_NO = re.compile(
    r"(?:不要|不想要?|不用|别|勿|拒绝?|除了)(?:再|给我|帮我){0,3}(?:发|走|用|寄|选|拿|来)?$|不发$"
)
# Who asks why not would rather have it.
_ASKS = re.compile(r"(?:为什么|为啥|干嘛|咋|怎么|是不是|难道)[^,，。；!！]{0,4}$")


def with_refusals(found: list[Found], text: str) -> list[Found]:
    """`courier` becomes `courier_refused` where a no stands directly before it."""
    return [
        replace(one, entity="courier_refused")
        if one.entity == "courier" and _is_refused(just_before(text, one.start))
        else one
        for one in found
    ]


def _is_refused(before: str) -> bool:
    no = _NO.search(before)
    return no is not None and not _ASKS.search(before[: no.start()])
