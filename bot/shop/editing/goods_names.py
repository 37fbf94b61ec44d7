"""Goods are written by name where people write them, and stored by id."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.importing.headings import fold


class GoodsNames:
    """Of the shop as it is; a name that two goods have names neither."""

    def __init__(self, connection: Connection) -> None:
        found = connection.execute(select(tables.products.c.product_id, tables.products.c.name))
        named = {row.product_id: row.name for row in found}
        times = Counter(fold(name) for name in named.values())
        self._names = {key: name for key, name in named.items() if times[fold(name)] == 1}
        self._ids = {fold(name): key for key, name in self._names.items()}
        self._known = set(named)

    def shown(self, text: str) -> str:
        """Lines of ids, each with `=price` behind or without, by the goods' names."""
        return "\n".join(self._line(line, self._names) for line in text.splitlines())

    def stored(self, text: str) -> str:
        """The same lines by ids; what names nothing stays for the check to complain of."""
        lines = (line.replace("＝", "=").strip() for line in text.splitlines())
        return "\n".join(self._line(line, self._ids) for line in lines if line)

    def _line(self, line: str, names: dict[str, str]) -> str:
        said, sign, price = line.partition("=")
        said = said.strip()
        if names is self._ids:
            meant = said if said in self._known else names.get(fold(said), said)
        else:
            meant = names.get(said, said)
        return f"{meant}{sign}{price.strip()}"
