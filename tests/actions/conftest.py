"""A demo shop of its own for each test, and a buyer who talks to one action after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.embedded.embedded import EmbeddedShop
from tests.support.house import Clock, copied_database
from tests.support.talk import Talk


@pytest.fixture
def shop_clock(settings: Settings) -> Clock:
    return Clock.today("14:30", settings)


@pytest.fixture
def shop_and_office(
    seeded: Path, tmp_path: Path, shop_clock: Clock
) -> Iterator[tuple[EmbeddedShop, BackOffice]]:
    database = copied_database(seeded, tmp_path)
    yield EmbeddedShop(database, clock=shop_clock), BackOffice(database, clock=shop_clock)
    database.close()


@pytest.fixture
def talk_of(
    shop_and_office: tuple[EmbeddedShop, BackOffice], shop_clock: Clock, settings: Settings
) -> Callable[[str | None], Talk]:
    return lambda buyer_id: Talk(shop_and_office[0], shop_clock, settings, buyer_id)


@pytest.fixture
def office(shop_and_office: tuple[EmbeddedShop, BackOffice]) -> BackOffice:
    return shop_and_office[1]
