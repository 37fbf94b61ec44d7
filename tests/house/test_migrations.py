"""The migrations make the tables that the code speaks of, and take them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import bot.conversations.tables
import bot.desk.tables
import bot.followups.tables
import bot.shop.tables  # noqa: F401  # registers its tables, as the others do
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
