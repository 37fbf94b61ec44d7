"""A trade pack is a good start for an owner: axes, facts, rules and sample goods, as a workbook to edit.

`shop/trades/NAME/` holds `about.yml` and the tables. It is data alone: nothing of it is in force before the
owner has edited and imported the workbook, and no code asks which pack a shop began with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot.database import Database, upgrade
from bot.shop.importing import workbook
from bot.shop.importing.importer import import_files
from bot.shop.importing.stored import Rows

FOLDER = Path(__file__).parents[3] / "shop" / "trades"
NOTES = "说明"


@dataclass(frozen=True, kw_only=True)
class Pack:
    """What `about.yml` says; `axes` and `facts` by column, with what to write there."""

    key: str  # name of the folder
    name: str
    also: tuple[str, ...]  # what owners call the trade
    sells: str  # for `shop.kind` of the settings
    axes: Mapping[str, str]
    facts: Mapping[str, str]
    rules: str

    @property
    def tables(self) -> list[Path]:
        return sorted(one for one in (FOLDER / self.key).iterdir() if one.name != "about.yml")

    def lines(self) -> list[str]:
        """For whoever begins: what to write where."""
        return [
            f"{self.name}：规格之间差在{'、'.join(self.axes)}",
            *(f"  {name}（规格表）：{what}" for name, what in self.axes.items()),
            *(f"  {name}：{what}" for name, what in self.facts.items()),
            f"  退货：{self.rules}",
            f"  店铺设置文件里 shop.kind 写卖什么，如“{self.sells}”",
        ]


@lru_cache(maxsize=1)
def packs() -> tuple[Pack, ...]:
    """All of them, by the folders' names."""
    return tuple(_read(file) for file in sorted(FOLDER.glob("*/about.yml")))


def pack_named(name: str) -> Pack | None:
    """By the folder's name, the trade's, or what owners call it."""
    asked = name.strip()
    return next((one for one in packs() if asked in (one.key, one.name, *one.also)), None)


def sheets_of(pack: Pack, now: datetime) -> dict[str, Rows]:
    """The workbook of its sample goods, as `template` would write them; the first notes are the pack's."""
    with TemporaryDirectory(prefix="dianxiaoer-pack-") as folder:
        database = Database(f"sqlite:///{folder}/pack.db")
        try:
            upgrade(database)
            import_files(database, pack.tables, now=now)
            sheets = database.read_sync(workbook.contents)
        finally:
            database.close()
    own: Rows = [
        ["这一行一般写什么", "", "", ""],
        *([line.strip(), "", "", ""] for line in pack.lines()),
    ]
    sheets[NOTES] = [*sheets[NOTES][:1], *own, *sheets[NOTES][1:]]
    return sheets


def _read(file: Path) -> Pack:
    row: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Pack(
        key=file.parent.name,
        name=row["name"],
        also=tuple(row["also"]),
        sells=row["sells"],
        axes=row["axes"],
        facts=row["facts"],
        rules=row["rules"],
    )
