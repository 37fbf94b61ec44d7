"""The migrations make the tables that the code speaks of, and take them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

import bot.channels.tables
import bot.conversations.tables
import bot.desk.tables
import bot.followups.tables
import bot.outgoing.tables
import bot.publishing.tables
import bot.shop.embedded.tables  # noqa: F401  # registers its tables, as the others do
from bot.database import Database, metadata, upgrade


def test_the_newest_migration_and_the_tables_agree(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(database)

    def differences(connection: Any) -> Any:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert database.read_sync(differences) == []
    database.close()


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(database)
    upgrade(database)
    database.close()


def test_the_account_of_the_first_start_becomes_an_owners(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(database, "0004_turns")
    columns = "(name, password_hash, created_at)"
    for name in ("admin", "小李"):
        values = f"('{name}', 'x', '2026-01-01')"
        database.run_sync(
            lambda connection, v: connection.execute(
                text(f"INSERT INTO agents {columns} VALUES {v}")
            ),
            values,
        )
    upgrade(database)
    query = text("SELECT name FROM agents WHERE role = 'owner'")
    assert database.read_sync(lambda c: list(c.execute(query).scalars())) == ["admin"]
    database.close()
