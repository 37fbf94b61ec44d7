"""What buyers meet of the shop, written at the desk: hours, greeting, promises.

What counts is the settings file with this over it; which texts are sound says the caller's check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.editing import history
from bot.shop.editing.changing import By, EditedMeanwhile, Fault, Refused, Saved, Wanted, hold
from bot.shop.editing.details import details_of
from bot.shop.editing.history import What
from bot.shop.editing.rows import ShopRow
from bot.shop.editing.sheets import sheets
from bot.shop.embedded import tables
from bot.shop.embedded.house import FACE, read_house
from bot.shop.importing import storing

Texts = Mapping[str, str]
# The texts over the file's, as they are then; raises Unsound.
Check = Callable[[Texts], dict[str, str]]


class Unsound(Exception):
    """One of the texts does not do."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.field, self.what = field, what


def written(connection: Connection) -> dict[str, str]:
    """What was written at the desk, by dotted key."""
    query = select(tables.settings.c.value).where(tables.settings.c.name == FACE)
    return dict(connection.execute(query).scalar() or {})


def written_and_name(connection: Connection) -> tuple[dict[str, str], str]:
    """The same with the shop's name, where its own data tell one."""
    return written(connection), read_house(connection).name


def row_of(texts: Texts) -> ShopRow:
    known = {name: texts.get(name, "") for name in sheets()[FACE].fields}
    return ShopRow(
        section=FACE, key=FACE, title=sheets()[FACE].title, about="", cells=known, texts=dict(known)
    )


def save(connection: Connection, wanted: Wanted, by: By, check: Check) -> Saved:
    """Raises Refused, EditedMeanwhile."""
    hold(connection, FACE, FACE)
    now = written(connection)
    before = row_of(_sound(check, now))
    if before.mark != wanted.mark:
        raise EditedMeanwhile(before)
    fields = sheets()[FACE].fields
    if unknown := [name for name in wanted.typed if name not in fields]:
        raise Refused([Fault(field=unknown[0], what="没有这一项")])
    own = {**now, **wanted.typed}
    after = row_of(_sound(check, own))
    storing.store_setting(connection, FACE, now)  # there is a row from the first change on
    was = history.raw(connection, (FACE,))
    storing.store_setting(connection, FACE, own)
    found = history.differences(was, history.raw(connection, (FACE,)))
    if not found or after.mark == before.mark:
        return Saved(row=after, change_id=None)
    details = details_of(before, after)
    change_id = history.keep(
        connection, found, agent=by.agent, at=by.now, section=FACE, what=What.CHANGED,
        name=after.title, details=details,
    )  # fmt: skip
    return Saved(row=after, change_id=change_id, details=details)


def _sound(check: Check, texts: Texts) -> dict[str, str]:
    try:
        return check(texts)
    except Unsound as error:
        raise Refused([Fault(field=error.field, what=error.what)]) from None
