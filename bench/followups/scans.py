"""Which statements read a whole table: each one is explained by the database that ran it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot.database import Database

TABLES = ("follow_ups", "follow_up_judgements", "follow_up_results", "promises", "outgoing")
Asked = dict[str, Any]  # statement → its parameters, once each


@contextmanager
def noted(
    database: Database,
    of: Sequence[str] = TABLES,
    verbs: tuple[str, ...] = ("SELECT", "UPDATE"),
) -> Iterator[Asked]:
    """What is asked of these tables meanwhile."""
    asked: Asked = {}

    def note(*given: Any) -> None:
        statement, parameters = str(given[2]), given[3]
        if statement.startswith(verbs) and any(one in statement for one in of):
            asked.setdefault(statement, parameters)

    engines = (database.engine, database._read_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def scans(database: Database, asked: Asked, of: Sequence[str] = TABLES) -> list[str]:
    """Those that go through a whole one of these tables, as the database says."""

    def read(connection: Connection) -> list[str]:
        if not database.is_sqlite:  # a small table is read whole wherever that is allowed
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [
            one for one, given in asked.items() if _is_scan(database, connection, one, given, of)
        ]

    return database.run_sync(read)


def _is_scan(
    database: Database, connection: Connection, statement: str, given: Any, of: Sequence[str]
) -> bool:
    word = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{word} {statement}", given).all()
    told = [str(row[-1] if database.is_sqlite else row[0]) for row in rows]
    if database.is_sqlite:  # "SCAN t USING INDEX i" goes through all of the index
        return any(f"SCAN {table}" in line for line in told for table in of)
    return any(f"Seq Scan on {table} " in line for line in told for table in of)
