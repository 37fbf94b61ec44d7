"""What every sale needs to know of shop and moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.engine import Connection

from bot.shop.embedded.catalogue import Catalogue
from bot.shop.embedded.house import House


@dataclass(frozen=True, kw_only=True)
class Till:
    """One transaction's view: goods as of today, the shop's settings, the clock."""

    connection: Connection
    catalogue: Catalogue
    house: House
    now: datetime
    zone: tzinfo
