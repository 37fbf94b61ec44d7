"""Releases as rows: who, when, of which data, with which figures, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.publishing.tables import releases


class Status(Enum):
    RUNNING = "running"
    PUBLISHED = "published"
    STOPPED = "stopped"  # by a check, a test or a figure; nothing was changed
    FAILED = "failed"  # it broke; nothing was changed
    ROLLED_BACK = "rolled_back"  # an earlier model is used again
    REGISTERED = "registered"  # trained without publishing, or found at the first opening
    TRYING = "trying"  # it answers a share of chats beside the model in use
    DROPPED = "dropped"  # it did, and was not taken

    @property
    def text(self) -> str:
        return _TEXTS[self]


_TEXTS = {
    Status.RUNNING: "正在发布",
    Status.PUBLISHED: "已发布",
    Status.STOPPED: "没有发布",
    Status.FAILED: "中断了",
    Status.ROLLED_BACK: "退回",
    Status.REGISTERED: "已登记",
    Status.TRYING: "两边答着",
    Status.DROPPED: "试过没换",
}
# A model with one of these rows may be loaded.
_LOADABLE = (
    Status.PUBLISHED,
    Status.ROLLED_BACK,
    Status.REGISTERED,
    Status.RUNNING,
    Status.TRYING,
)


_TRIED = (Status.TRYING, Status.PUBLISHED, Status.DROPPED)


@dataclass(frozen=True, kw_only=True)
class Release:
    release_id: int
    at: datetime
    by: str
    status: Status
    step: str
    data_hash: str
    model: str
    model_hash: str
    ended_at: datetime | None
    why: str
    figures: dict[str, Any]
    share: float | None  # of chats that it answers or answered beside the model in use
    tried_until: datetime | None

    def as_json(self) -> dict[str, Any]:
        return {
            **vars(self),
            "status": self.status.value,
            "status_text": self.status.text,
            "at": self.at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "tried_until": self.tried_until.isoformat() if self.tried_until else None,
        }


def add(connection: Connection, *, at: datetime, by: str, status: Status, **values: Any) -> int:
    """The new row's number. `values`: other columns of the table."""
    row: dict[str, Any] = {
        "step": "",
        "data_hash": "",
        "model": "",
        "model_hash": "",
        "why": "",
        "figures": {},
        "share": None,
    }
    row.update(values, at=at, by=by[:60], status=status.value)
    done = connection.execute(releases.insert().values(**row))
    return int(done.inserted_primary_key[0])


def change(connection: Connection, release_id: int, **values: Any) -> None:
    if isinstance(status := values.get("status"), Status):
        values["status"] = status.value
    of_it = releases.c.release_id == release_id
    connection.execute(sa.update(releases).where(of_it).values(**values))


def is_registered(connection: Connection, model_hash: str) -> bool:
    query = sa.select(releases.c.release_id).where(
        releases.c.model_hash == model_hash,
        releases.c.status.in_([one.value for one in _LOADABLE]),
    )
    return connection.execute(query.limit(1)).first() is not None


def is_empty(connection: Connection) -> bool:
    """Whether no model is registered at all: the shop has just been set up."""
    query = sa.select(releases.c.release_id).where(releases.c.model_hash != "")
    return connection.execute(query.limit(1)).first() is None


def running(connection: Connection) -> list[Release]:
    query = sa.select(releases).where(releases.c.status == Status.RUNNING.value)
    return [_release(row) for row in connection.execute(query.order_by(releases.c.release_id))]


def trying(connection: Connection) -> Release | None:
    """The one that answers beside the model in use now."""
    query = sa.select(releases).where(releases.c.status == Status.TRYING.value)
    row = connection.execute(query.order_by(releases.c.release_id.desc()).limit(1)).first()
    return _release(row) if row else None


def last_tried(connection: Connection) -> Release | None:
    """The newest that ever answered a share of chats."""
    query = sa.select(releases).where(
        releases.c.share.is_not(None), releases.c.status.in_([one.value for one in _TRIED])
    )
    row = connection.execute(query.order_by(releases.c.release_id.desc()).limit(1)).first()
    return _release(row) if row else None


def by_number(connection: Connection, release_id: int) -> Release | None:
    row = connection.execute(sa.select(releases).where(releases.c.release_id == release_id)).first()
    return _release(row) if row else None


def newest(connection: Connection, *, limit: int = 20) -> list[Release]:
    query = sa.select(releases).order_by(releases.c.release_id.desc()).limit(limit)
    return [_release(row) for row in connection.execute(query)]


def _release(row: Any) -> Release:
    values = dict(row._mapping)
    return Release(**{**values, "status": Status(values["status"])})
