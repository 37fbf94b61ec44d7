"""A turn of a long conversation reads its own lines, not all that were ever said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.conversations import statements as sql
from bot.database import Database, upgrade


@pytest.fixture
def plans(tmp_path: Path) -> Any:
    """How SQLite goes about a statement."""
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    upgrade(database)

    def plan(statement: Any) -> str:
        def explain(connection: Connection) -> str:
            compiled = statement.compile(connection.engine)
            which = dict.fromkeys(compiled.params, 1)
            text = f"EXPLAIN QUERY PLAN {compiled}"
            values = tuple(which[name] for name in compiled.positiontup)
            rows = connection.exec_driver_sql(text, values)
            return " ".join(str(row[-1]) for row in rows)

        return database.read_sync(explain)

    yield plan
    database.close()


def test_pending_lines_are_found_by_their_index(plans: Any) -> None:
    assert "messages_pending" in plans(sql.PENDING)


def test_answers_are_looked_for_behind_their_question(plans: Any) -> None:
    assert "seq>?" in plans(sql.OF_TURN)
