"""Gives actions the shop: the embedding app's, or one opened from DATABASE_URL on first use."""

from __future__ import annotations

import os

from bot.shop.wire.looking import as_allowed
from bot.shop.words.port import Shop

_provided: Shop | None = None


def provide(given: Shop | None) -> None:
    """Makes `given` the shop of all actions; None forgets it."""
    global _provided
    _provided = given


def shop() -> Shop:
    """The shop. Opens the embedded one where `rasa run actions` runs without our server."""
    global _provided
    if _provided is None:
        from bot.database import Database
        from bot.shop.embedded.embedded import EmbeddedShop

        _provided = EmbeddedShop(
            Database(os.environ.get("DATABASE_URL", "sqlite:///var/dianxiaoer.db"))
        )
    return as_allowed(_provided)
