"""Buyers' names on the lines of the list: asked for together, and never a reason to show no list."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping

import sqlalchemy as sa
import structlog
from aiohttp import web
from sqlalchemy.engine import Connection

from bot.conversations.conversation import Conversation
from bot.database import Database
from bot.shop.embedded import tables as shop_tables
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.words.errors import ShopError
from bot.shop.words.port import Shop

log = structlog.get_logger(__name__)

_KNOWN_FOR_S = 60.0  # of a shop elsewhere: its list of fifty is not fifty questions each time
_MOST_KNOWN = 5_000
_AT_ONCE = 8  # questions to a shop elsewhere


class Names:
    """Nicknames by buyer; of the embedded shop as they are stored now."""

    def __init__(
        self, shop: Shop, database: Database, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock`: seconds that only go forward."""
        self._shop, self._database, self._clock = shop, database, clock
        self._known: dict[str, tuple[float, str]] = {}  # (until, nickname); of a shop elsewhere
        self._asking = asyncio.Semaphore(_AT_ONCE)

    async def of(self, found: Collection[Conversation]) -> dict[str, str]:
        """By buyer's id: the nickname, or 访客 and the end of the id where there is none."""
        buyers = list(dict.fromkeys(one.buyer_id for one in found if one.signed_in))
        called = await self._nicknames(buyers) if buyers else {}
        return {
            one.buyer_id: called.get(one.buyer_id) or f"访客 {one.buyer_id[-4:]}" for one in found
        }

    async def _nicknames(self, buyers: list[str]) -> Mapping[str, str]:
        if isinstance(self._shop, EmbeddedShop):
            return await self._database.read(_stored, buyers)
        now = self._clock()
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        unknown = [one for one in buyers if self._known.get(one, (0.0, ""))[0] <= now]
        await asyncio.gather(*(self._ask(one, now) for one in unknown))
        return {one: self._known[one][1] for one in buyers if one in self._known}

    async def _ask(self, buyer_id: str, now: float) -> None:
        async with self._asking:
            try:
                buyer = await self._shop.buyer(buyer_id)
            except ShopError as error:  # the talk is listed all the same
                log.warning("desk.name_unknown", error=type(error).__name__)
                return
        self._known[buyer_id] = (now + _KNOWN_FOR_S, buyer.nickname if buyer else "")


NAMES = web.AppKey("names", Names)


_STORED = sa.select(shop_tables.buyers.c.buyer_id, shop_tables.buyers.c.nickname).where(
    shop_tables.buyers.c.buyer_id.in_(sa.bindparam("ids", expanding=True))
)


def _stored(connection: Connection, buyers: Collection[str]) -> dict[str, str]:
    rows = connection.execute(_STORED, {"ids": list(buyers)})
    return {row.buyer_id: row.nickname for row in rows}
