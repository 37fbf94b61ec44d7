"""The shop's greeting, hours and promises at the desk: read, changed, and used at once."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.keys import DATABASE, FACE, SHOP
from bot.settings_file import SettingsError
from bot.shop.editing import face
from bot.shop.editing.changing import By, Saved, Wanted
from bot.shop.editing.rows import ShopRow
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop_face import texts_of

# What the file wants with quotes and brackets, as the page has it.
_ON_PAGE = {
    "business_hours.closed_on": "一行写一天，如 2027-02-16",
    "unreachable.phone": "写能打的电话，如 0571-88880000",
}


async def reread(app: web.Application) -> None:
    """Uses what is written by now; a shop of its own says its name by the settings file."""
    if isinstance(app[SHOP], EmbeddedShop):
        app[FACE].use(*await app[DATABASE].read(face.written_and_name))


def row(app: web.Application) -> ShopRow:
    return face.row_of(texts_of(app[FACE].now))


def save(app: web.Application, connection: Connection, wanted: Wanted, by: By) -> Saved:
    return face.save(connection, wanted, by, lambda texts: _checked(app, texts))


def _checked(app: web.Application, texts: face.Texts) -> dict[str, str]:
    """Raises face.Unsound."""
    try:
        return texts_of(app[FACE].over(texts))
    except SettingsError as error:
        raise face.Unsound(error.key, _on_page(error)) from None


def _on_page(error: SettingsError) -> str:
    told = _ON_PAGE.get(error.key)
    if not told and error.key.startswith("business_hours."):
        told = "写成 09:00-22:00 这样，到半夜写 24:00；休息就空着"
    return told or error.what
