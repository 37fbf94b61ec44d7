"""A release that answers a share of chats beside the model in use: put there, taken for all, or dropped.

One at most. Its file stands in a folder of its own, so that nobody takes it for the newest model.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.database import Database
from bot.memory_left import memory_left
from bot.publishing import releases
from bot.publishing.releases import Release, Status
from bot.training.inputs import MARK
from bot.training.made_here import digest_of
from bot.training.refusals import Refused
from bot.training.trainer import Failed, Made, alone

BESIDE = "beside"
# To load a second model beside one that answers (it then keeps 150 MB), with room for buyers.
NEEDED_BYTES = 400 << 20
_NONE = "现在没有两边答着的模型。先这样发布：python -m bot publish --share 0.2"


def place_of(models: Path, model: str) -> Path:
    return models / BESIDE / model


def demand_memory(left: Callable[[], int | None] = memory_left) -> None:
    """Raises Refused where a second model would not fit."""
    if (free := left()) is not None and free < NEEDED_BYTES:
        raise Refused(
            f"内存只剩 {free >> 20} MB，两个模型同时答还要 {NEEDED_BYTES >> 20} MB。"
            "先关掉别的程序，或者直接发布（不写 --share）。"
        )


def demand_none(found: Release | None) -> None:
    """Raises Refused where one goes on."""
    if found is not None:
        raise Refused(
            f"{found.model} 正和原来的模型两边答着。先定下来：用新的 python -m bot releases --adopt，"
            "不用了 python -m bot releases --drop，再发布。"
        )


def put_beside(made: Made, models: Path) -> Path:
    """Where it is now; an open house loads it within seconds. Raises Failed."""
    place = place_of(models, made.path.name)
    try:
        place.parent.mkdir(exist_ok=True)
        for left in place.parent.glob("*.tar.gz"):  # of one that was dropped in mid-air
            left.unlink(missing_ok=True)
        made.path.replace(place)
    except OSError as error:
        raise Failed(f"{place} 写不了（{error.strerror}），原来的模型照旧。") from None
    return place


def adopt(database: Database, models: Path, clock: Callable[[], datetime], *, by: str) -> Release:
    """It answers all chats from now on. Raises Refused, OSError."""
    with alone(models):
        found = _demand(database)
        place = place_of(models, found.model)
        if not place.is_file() or digest_of(place) != found.model_hash:
            raise Refused(
                f"{place} 不在了，或者不完整，没有换。不用了就 releases --drop，再发布一次。"
            )
        os.utime(place)
        place.replace(models / found.model)  # a crash behind this is told by `settle`
        (models / MARK).touch()
        os.utime(models / MARK, (found.at.timestamp(), found.at.timestamp()))
        _end(database, found, Status.PUBLISHED, f"{by}：用新的", clock())
    return found


def drop(database: Database, models: Path, clock: Callable[[], datetime], *, why: str) -> Release:
    """The model in use answers all chats again. Raises Refused."""
    found = _demand(database)
    _end(database, found, Status.DROPPED, why, clock())
    place_of(models, found.model).unlink(missing_ok=True)
    return found


def settle(database: Database, models: Path, clock: Callable[[], datetime]) -> None:
    """One that was taken, and whose row does not tell so yet, gets its end."""
    found = database.read_sync(releases.trying)
    if found is None or place_of(models, found.model).is_file():
        return
    if (models / found.model).is_file():
        _end(database, found, Status.PUBLISHED, "用新的", clock())


def _demand(database: Database) -> Release:
    if (found := database.read_sync(releases.trying)) is None:
        raise Refused(_NONE)
    return found


def _end(database: Database, found: Release, status: Status, why: str, now: datetime) -> None:
    database.run_sync(releases.change, found.release_id, status=status, why=why, tried_until=now)
