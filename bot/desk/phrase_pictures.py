"""Pictures that canned phrases bring along: whose they are, by what name files speak of them.

Inside their caller's transaction. A picture that no phrase has any more goes with its file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.channels.pictures import StoredPicture
from bot.conversations.service import Unsendable
from bot.database import lock
from bot.desk.tables import phrase_pictures, phrases

MOST_OF_ONE = 200  # that one agent has brought
LONGEST_NAME = 60  # characters


@dataclass(frozen=True, kw_only=True)
class PhrasePicture:
    stored: StoredPicture
    name: str

    def as_json(self) -> dict[str, Any]:
        return {**self.stored.as_message(), "name": self.name}


def add(
    connection: Connection, picture: StoredPicture, agent: str, name: str, now: datetime
) -> PhrasePicture:
    """Under a name that no other of the agent's has: 尺码表.png, 尺码表(2).png. Raises Unsendable."""
    lock(connection, f"phrase pictures of {agent}")
    taken = _names(connection, agent)
    if len(taken) >= MOST_OF_ONE:
        raise Unsendable("too_many_pictures", f"短语里的图片最多 {MOST_OF_ONE} 张，先删掉一些")
    own, number = clean(name), 2
    while own in taken:
        path = PurePosixPath(clean(name))
        own, number = f"{path.stem}({number}){path.suffix}", number + 1
    connection.execute(
        phrase_pictures.insert().values(
            picture_id=picture.picture_id,
            agent=agent,
            name=own,
            width=picture.width,
            height=picture.height,
            taken_at=now,
        )
    )
    return PhrasePicture(stored=picture, name=own)


def usable(connection: Connection, agent: str) -> dict[str, PhrasePicture]:
    """By id, those of the phrases that the agent has and those that they have brought; the latter
    come last, so that of two that bear one name the own one is found."""
    table = phrase_pictures.c
    shown = sa.select(phrases.c.picture_id).where(phrases.c.agent.in_(["", agent]))
    query = (
        sa.select(phrase_pictures)
        .where(sa.or_(table.agent == agent, table.picture_id.in_(shown)))
        .order_by(table.agent == agent, table.taken_at, table.picture_id)
    )
    return {
        row.picture_id: PhrasePicture(
            stored=StoredPicture(picture_id=row.picture_id, width=row.width, height=row.height),
            name=row.name,
        )
        for row in connection.execute(query)
    }


def take_unused(connection: Connection, before: datetime) -> list[str]:
    """Ids of those that were brought before then and no phrase has: their rows go."""
    table = phrase_pictures.c
    is_used = sa.exists().where(phrases.c.picture_id == table.picture_id)
    unused = sa.select(table.picture_id).where(table.taken_at < before, sa.not_(is_used))
    ids = list(connection.execute(unused).scalars())
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        connection.execute(sa.delete(phrase_pictures).where(table.picture_id.in_(some)))
    return ids


def clean(name: str) -> str:
    """The last part of a file's name, short and of signs that can be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    return seen[-LONGEST_NAME:].strip(". ") or "图片"


def _names(connection: Connection, agent: str) -> Sequence[str]:
    query = sa.select(phrase_pictures.c.name).where(phrase_pictures.c.agent == agent)
    return list(connection.execute(query).scalars())
