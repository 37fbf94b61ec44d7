"""Canned phrases: the shop's and one's own, by group and short code, ranked by use, CSV in and out.

Inside their caller's transaction.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.tables import phrases

LONGEST_TEXT, LONGEST_GROUP, LONGEST_CODE = 1000, 40, 20
MOST_OF_ONE = 2000
_READ_ALOUD = 60  # characters that can be found by their sound
SHOPS = ""  # as the agent of a phrase
# What stands in the braces of a phrase, by the name that agents write.
VARIABLES = ("买家", "商品", "订单", "快递单号", "客服")
HEADINGS = ("分组", "短码", "内容")


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

    def as_json(self) -> dict[str, Any]:
        return {
            "phrase_id": self.phrase_id,
            "is_shops": self.agent == SHOPS,
            "group": self.group,
            "code": self.code,
            "text": self.text,
            "uses": self.uses,
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
    return [
        Phrase(
            phrase_id=row.phrase_id,
            agent=row.agent,
            group=row.group_name,
            code=row.code,
            text=row.text,
            uses=row.uses,
        )
        for row in connection.execute(query)
    ]


def checked(group: str, code: str, text: str) -> dict[str, str]:
    """As columns. Raises BadPhrase."""
    group, code, text = group.strip(), code.strip().lstrip("/／"), text.strip()
    if not text:
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
    return {"group_name": group, "code": code, "text": text}


def add(connection: Connection, agent: str, values: Mapping[str, str]) -> int:
    """Raises BadPhrase where one has too many."""
    count = sa.select(sa.func.count()).where(phrases.c.agent == agent)
    if connection.execute(count).scalar_one() >= MOST_OF_ONE:
        raise BadPhrase(f"最多 {MOST_OF_ONE} 条，先删掉一些")
    added = connection.execute(phrases.insert().values(agent=agent, uses=0, **values))
    return int(added.inserted_primary_key[0])


def change(connection: Connection, phrase_id: int, agent: str, values: Mapping[str, str]) -> bool:
    """False where there is none of this agent's."""
    this = (phrases.c.phrase_id == phrase_id, phrases.c.agent == agent)
    return bool(connection.execute(phrases.update().where(*this).values(**values)).rowcount)


def remove(connection: Connection, phrase_id: int, agent: str) -> bool:
    this = (phrases.c.phrase_id == phrase_id, phrases.c.agent == agent)
    return bool(connection.execute(sa.delete(phrases).where(*this)).rowcount)


def used(connection: Connection, phrase_id: int, agent: str) -> None:
    this = (phrases.c.phrase_id == phrase_id, phrases.c.agent.in_([SHOPS, agent]))
    connection.execute(phrases.update().where(*this).values(uses=phrases.c.uses + 1))


def as_csv(found: list[Phrase]) -> str:
    """With the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEADINGS)
    rows.writerows((one.group, one.code, one.text) for one in found)
    return f"\ufeff{out.getvalue()}"


def from_csv(text: str) -> list[dict[str, str]]:
    """As columns, in the order of the file. Raises BadPhrase with the line."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if rows.fieldnames is None or "内容" not in rows.fieldnames:
        raise BadPhrase("第 1 行要是表头：分组、短码、内容三列")
    found = []
    for number, row in enumerate(rows, 2):
        try:
            found.append(checked(row.get("分组") or "", row.get("短码") or "", row["内容"] or ""))
        except BadPhrase as error:
            raise BadPhrase(f"第 {number} 行：{error.message}") from None
    return found


def import_csv(connection: Connection, agent: str, wanted: list[dict[str, str]]) -> tuple[int, int]:
    """(new, known already); the same text in the same group is known."""
    known = {(one.group, one.text) for one in of_agent(connection, agent) if one.agent == agent}
    new = [one for one in wanted if (one["group_name"], one["text"]) not in known]
    for one in new:
        add(connection, agent, one)
    return len(new), len(wanted) - len(new)


def _braces(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]
