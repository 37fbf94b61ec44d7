"""What is swept out because it is old is found by an index: tables grow, and a sweep holds the lock."""

from __future__ import annotations

import pytest

from bench.followups.scans import noted, scans
from bot.shop.embedded import tables
from bot.shop.words.dealing import Access
from tests.shop.conftest import House

SWEPT = (tables.requests.name, tables.order_tries.name)
VERBS = ("SELECT", "DELETE")


async def swept(house: House) -> list[str]:
    """What reads a whole table while old answers and old wrong tries go."""
    with noted(house.database, SWEPT, VERBS) as asked:
        await house.office.forget_old_requests()
        await house.shop.order("6802000000000301", Access(asker="s", phone_tail="0000"))
    assert {one for one in SWEPT for statement in asked if f"DELETE FROM {one}" in statement} == {
        *SWEPT
    }
    return scans(house.database, asked, SWEPT)


async def test_old_answers_and_tries_are_found_by_an_index(house: House) -> None:
    assert await swept(house) == []


@pytest.mark.parametrize("table", SWEPT)
async def test_without_its_index_the_whole_table_would_be_read(house: House, table: str) -> None:
    """The negative control."""
    column = "made_at" if table == tables.requests.name else "at"
    index = f"ix_{table}_{column}"
    house.database.run_sync(lambda connection: connection.exec_driver_sql(f"DROP INDEX {index}"))
    assert any(f"DELETE FROM {table}" in statement for statement in await swept(house))
