"""Which model files may be loaded: those whose content is registered, and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.database import Database
from bot.publishing import releases
from bot.publishing.releases import Status
from bot.training.made_here import digest_of, made_here


class Unregistered(Exception):
    """The file is not what a training here has made: cut off, changed, or from elsewhere."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} 没有登记过，或者不完整，不会使用。是您自己放进来的，"
            f"运行 python -m bot releases --accept {path}"
        )


class Registry:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def demand(self, path: Path) -> None:
        """Raises Unregistered. What was trained beside it is taken into the registry, and so is the
        first model of a shop that has none in it yet."""
        digest = digest_of(path)
        if self._database.read_sync(releases.is_registered, digest):
            return
        if not self._database.run_sync(self._take_in, path, digest):
            raise Unregistered(path)

    def accept(self, path: Path, *, by: str) -> None:
        """A model from elsewhere, on somebody's word."""
        digest = digest_of(path)
        if not self._database.read_sync(releases.is_registered, digest):
            self._database.run_sync(self._add, path, digest, by)

    def _take_in(self, connection: Connection, path: Path, digest: str) -> bool:
        mine = [one for one in made_here(path.parent) if one.digest == digest]
        if mine:
            self._add(connection, path, digest, mine[-1].by)
            return True
        if releases.is_empty(connection):
            self._add(connection, path, digest, "开门")
            return True
        return False

    def _add(self, connection: Connection, path: Path, digest: str, by: str) -> None:
        now = self._clock()
        releases.add(
            connection,
            at=now,
            ended_at=now,
            by=by,
            status=Status.REGISTERED,
            model=path.name,
            model_hash=digest,
        )
