"""Whether a publish or a training goes on, and what became of one that was cut off."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.database import Database
from bot.publishing import releases, trials
from bot.publishing.releases import Release, Status
from bot.training.made_here import digest_of
from bot.training.trainer import LOCK

CUT_OFF = "发布到一半断了，什么都没有换。原来的模型照旧，可以再发布一次。"


def goes_on(models: Path) -> bool:
    """Whether some process trains or publishes models of this folder now."""
    try:
        held = os.open(models / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False


def settle(database: Database, models: Path, clock: Callable[[], datetime]) -> None:
    """Rows of publishes that were cut off get their end; only while none goes on."""
    for one in database.read_sync(releases.running):
        came = Status.PUBLISHED if one.share is None else Status.TRYING
        status = came if _is_there(one, models) else Status.FAILED
        why = CUT_OFF if status is Status.FAILED else ""
        database.run_sync(_end, one.release_id, status, why, clock())
    trials.settle(database, models, clock)


def _is_there(release: Release, models: Path) -> bool:
    """Whether its model had its place before the cut."""
    place = models / release.model
    if release.share is not None:
        place = trials.place_of(models, release.model)
    if not release.model or not release.model_hash or not place.is_file():
        return False
    return digest_of(place) == release.model_hash


def _end(connection: Connection, release_id: int, status: Status, why: str, now: datetime) -> None:
    releases.change(connection, release_id, status=status, why=why, ended_at=now)
