"""SQLite without its threads and without waiting for the disk: months are played in an hour.

Who writes lets others go on before, as a thread would, so workers still come between each other; a
transaction stays one. A machine that loses its power is no part of the play.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import event

from bot.database import Database

T = TypeVar("T")


class Hasty(Database):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        event.listen(self.engine, "connect", _spare_the_disk)

    async def run(self, work: Callable[..., T], /, *args: Any, **options: Any) -> T:
        await asyncio.sleep(0)
        return self.run_sync(work, *args, **options)


def _spare_the_disk(raw: Any, record: Any) -> None:
    raw.execute("PRAGMA synchronous = OFF")
