"""Looking for what is due, judging, saying and listing it goes by indexes: no table is read whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.followups.rows import fill
from bench.followups.scans import noted, scans
from bot.followups import claims, promises
from bot.followups.promise import PromiseStatus
from bot.followups.tables import follow_ups
from bot.outgoing import outbox
from bot.settings import Settings
from tests.house.conftest import Chat
from tests.support.house import Clock, House

HIDDEN = "follow_ups_due"


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("18:30", settings)


async def plenty(house: House) -> None:
    await house.feed.read()
    now = house.clock() - timedelta(minutes=5)
    await house.database.run(fill, rows=2000, now=now)


async def test_no_table_is_read_whole(house: House) -> None:
    await plenty(house)
    opened = await house.conversations.open(buyer_id="buyer-row0", signed_in=True, channel="web")
    chat, database = Chat(house, opened), house.database
    await chat.ask("先看看")
    with noted(database) as asked:
        assert await house.follow_ups.send_due() == 1
        await chat.ask("不买了")
        await house.promises.sweep()
        await database.read(claims.all_planned_of, "buyer-row0")
        await database.read(claims.next_due)
        await database.read(promises.standing, (PromiseStatus.OPEN,))
        await database.run(outbox.claim, house.clock(), "w", ["sms"])
    assert len(asked) > 12
    assert scans(database, asked) == []


async def test_without_its_index_the_scan_is_seen(house: House) -> None:
    """The negative control."""
    await plenty(house)
    await house.database.run(lambda connection: connection.exec_driver_sql(f"DROP INDEX {HIDDEN}"))
    with noted(house.database) as asked:
        await house.database.run(claims.claim, house.clock(), "w")
    seen = scans(house.database, asked)
    assert any(
        statement.startswith("SELECT") and follow_ups.name in statement for statement in seen
    )
