"""The embedded shop's feed of what happened."""

from __future__ import annotations

from collections.abc import Sequence

from bot.shop.embedded import happenings
from bot.shop.embedded.counter import Counter
from bot.shop.words.happening import Happening

_MOST = 500  # in one answer


class HappeningCounter(Counter):
    """See `bot.shop.words.port.Shop` for what each verb promises."""

    async def happenings(self, after: int, *, limit: int = 100) -> Sequence[Happening]:
        return await self._read(happenings.read, after, max(1, min(limit, _MOST)))

    async def newest_happening(self) -> int:
        return await self._read(happenings.newest)
