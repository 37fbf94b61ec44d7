"""Canned phrases: the shop's and one's own, by group and short code, ranked by use.

Inside their caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk import phrase_pictures
from bot.desk.phrase_pictures import PhrasePicture
from bot.desk.tables import phrases

LONGEST_TEXT, LONGEST_GROUP, LONGEST_CODE = 1000, 40, 20
MOST_OF_ONE = 2000
_READ_ALOUD = 60  # characters that can be found by their sound
SHOPS = ""  # as the agent of a phrase
# What stands in the braces of a phrase, by the name that agents write.
VARIABLES = ("买家", "商品", "订单", "快递单号", "客服")


class BadPhrase(Exception):
    """`message` says what is wrong, and in which line of a file."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Phrase:
    phrase_id: int
    agent: str
    group: str
    code: str
    text: str
    uses: int
    picture: PhrasePicture | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "phrase_id": self.phrase_id,
            "is_shops": self.agent == SHOPS,
            "group": self.group,
            "code": self.code,
            "text": self.text,
            "uses": self.uses,
            "picture": self.picture.as_json() if self.picture else None,
            "sounds": sounds_of(" ".join((self.code, self.group, self.text))[:_READ_ALOUD]),
        }


@lru_cache(maxsize=10_000)
def sounds_of(text: str) -> str:
    """Its characters as pinyin without tones, a syllable a word: 尺码 → "chi ma". Others as they are."""
    from pypinyin import lazy_pinyin  # its tables take a tenth of a second

    return " ".join(" ".join(lazy_pinyin(text)).lower().split())


def of_agent(connection: Connection, agent: str) -> list[Phrase]:
    """The shop's and the agent's own, the most used first."""
    query = (
        sa.select(phrases)
        .where(phrases.c.agent.in_([SHOPS, agent]))
        .order_by(phrases.c.uses.desc(), phrases.c.group_name, phrases.c.phrase_id)
    )
    shown = phrase_pictures.usable(connection, agent)
    return [
        Phrase(
            phrase_id=row.phrase_id,
            agent=row.agent,
            group=row.group_name,
            code=row.code,
            text=row.text,
            uses=row.uses,
            picture=shown.get(row.picture_id),
        )
        for row in connection.execute(query)
    ]


def checked(group: str, code: str, text: str, picture_id: str = "") -> dict[str, str]:
    """As columns. Raises BadPhrase. With a picture there need be no words."""
    group, code, text = group.strip(), code.strip().lstrip("/／"), text.strip()
    if not text and not picture_id:
        raise BadPhrase("内容是空的")
    for what, value, longest in (
        ("内容", text, LONGEST_TEXT),
        ("分组", group, LONGEST_GROUP),
        ("短码", code, LONGEST_CODE),
    ):
        if len(value) > longest:
            raise BadPhrase(f"{what}最多 {longest} 字")
    if " " in code:
        raise BadPhrase("短码里不能有空格")
    unknown = [name for name in _braces(text) if name not in VARIABLES]
    if unknown:
        raise BadPhrase(f"不认识 {{{unknown[0]}}}，可以写 {'、'.join(VARIABLES)}")
    return {"group_name": group, "code": code, "text": text, "picture_id": picture_id}


def add(connection: Connection, agent: str, values: Mapping[str, str], *, by: str) -> int:
    """Raises BadPhrase where one has too many, or the picture is none that this agent may use."""
    count = sa.select(sa.func.count()).where(phrases.c.agent == agent)
    if connection.execute(count).scalar_one() >= MOST_OF_ONE:
        raise BadPhrase(f"最多 {MOST_OF_ONE} 条，先删掉一些")
    _demand_picture(connection, by, values["picture_id"])
    added = connection.execute(phrases.insert().values(agent=agent, uses=0, **values))
    return int(added.inserted_primary_key[0])


def change(
    connection: Connection, phrase_id: int, agent: str, values: Mapping[str, str], *, by: str
) -> bool:
    """False where there is none of this agent's. Raises BadPhrase as above."""
    _demand_picture(connection, by, values["picture_id"])
    this = (phrases.c.phrase_id == phrase_id, phrases.c.agent == agent)
    return bool(connection.execute(phrases.update().where(*this).values(**values)).rowcount)


def remove(connection: Connection, phrase_id: int, agent: str) -> bool:
    this = (phrases.c.phrase_id == phrase_id, phrases.c.agent == agent)
    return bool(connection.execute(sa.delete(phrases).where(*this)).rowcount)


def used(connection: Connection, phrase_id: int, agent: str) -> None:
    this = (phrases.c.phrase_id == phrase_id, phrases.c.agent.in_([SHOPS, agent]))
    connection.execute(phrases.update().where(*this).values(uses=phrases.c.uses + 1))


def picture_of(connection: Connection, phrase_id: int, agent: str) -> PhrasePicture | None:
    """Of a phrase that this agent may use."""
    this = (phrases.c.phrase_id == phrase_id, phrases.c.agent.in_([SHOPS, agent]))
    picture_id = connection.execute(sa.select(phrases.c.picture_id).where(*this)).scalar()
    return phrase_pictures.usable(connection, agent).get(picture_id) if picture_id else None


def _demand_picture(connection: Connection, agent: str, picture_id: str) -> None:
    if picture_id and picture_id not in phrase_pictures.usable(connection, agent):
        raise BadPhrase("没有找到这张图片，再传一次吧")


def _braces(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]
