"""Imports files all or nothing: each row is checked alone, then against the others and the shop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from bot.database import Database
from bot.shop.importing import storing
from bot.shop.importing.cells import ImportRefused, Problem
from bot.shop.importing.dealings import store_dealings
from bot.shop.importing.moments import Moments
from bot.shop.importing.sources import read_files
from bot.shop.importing.wares import store_wares


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many rows of each section came in, the catalogue's version after it, what to look at."""

    counts: dict[str, int]
    version: str
    warnings: tuple[Problem, ...] = ()  # came in all the same


def import_files(
    database: Database, paths: Iterable[Path], *, now: datetime, time_zone: str = "Asia/Shanghai"
) -> Imported:
    """Raises ImportRefused naming every bad cell, and DatabaseUnavailable; then nothing changed."""
    problems: list[Problem] = []
    zone = ZoneInfo(time_zone)
    rows = read_files(paths, problems, Moments(now, zone))

    def work(connection: Connection) -> Imported:
        warnings = store_wares(connection, rows, now.astimezone(zone).date())
        if not problems:  # what refers to a broken row would only repeat the complaint
            store_dealings(connection, rows)
        if problems:
            raise ImportRefused(_in_order(problems))
        counts = {name: len(found) for name, found in rows.items() if found}
        version = storing.renew_version(connection)
        return Imported(counts=counts, version=version, warnings=tuple(_in_order(warnings)))

    return database.run_sync(work)


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(set(problems), key=lambda problem: (problem.file, problem.row, problem.column))
