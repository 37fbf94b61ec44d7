"""Imports files all or nothing: each row is checked alone, then against the others and the shop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from bot.database import Database
from bot.shop.importing import plan, removing, sense, storing
from bot.shop.importing.cells import ImportRefused, Problem
from bot.shop.importing.dealings import store_dealings
from bot.shop.importing.moments import Moments
from bot.shop.importing.plan import Plan
from bot.shop.importing.removing import StillNeeded
from bot.shop.importing.sources import Read, read_files
from bot.shop.importing.wares import Stored, store_wares


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many rows of each section came in, the catalogue's version after it, what to look at."""

    counts: dict[str, int]
    version: str
    warnings: tuple[Problem, ...] = ()  # came in all the same
    plan: Plan = field(default_factory=Plan, compare=False)


class NotAsSeen(Exception):
    """More or less would be deleted than was agreed to; nothing was changed."""


class _NotYet(Exception):
    """Ends a transaction that only tried: everything in it is undone."""

    def __init__(self, imported: Imported) -> None:
        self.imported = imported


def import_files(
    database: Database,
    paths: Iterable[Path],
    *,
    now: datetime,
    time_zone: str = "Asia/Shanghai",
    replace: bool = False,
    dry_run: bool = False,
    gone_as_seen: int | None = None,
) -> Imported:
    """Raises ImportRefused naming every bad cell, and DatabaseUnavailable; then nothing changed.

    `replace`: what the shop holds of a section in the files, and they do not name, goes.
    `dry_run`: all of it is tried, told in `plan`, and undone.
    `gone_as_seen`: how many things may be deleted, else NotAsSeen; None asks nobody.
    """
    problems: list[Problem] = []
    zone = ZoneInfo(time_zone)
    read = read_files(paths, problems, Moments(now, zone))
    if not problems and not any(read.rows.values()):
        raise ImportRefused(_nothing_read(read))

    def work(connection: Connection) -> Imported:
        storing.hold_goods(connection)
        before = plan.snapshot(connection)
        today = now.astimezone(zone).date()
        stored = store_wares(connection, read.rows, today)
        if not problems:  # what refers to a broken row would only repeat the complaint
            store_dealings(connection, read.rows)
        if not problems:
            stored.warnings.extend(sense.check(connection, stored, before, today))
        if replace and not problems:
            _remove_left_out(connection, stored, problems)
        if problems:
            raise ImportRefused(_in_order(problems))
        counts = {name: len(found) for name, found in read.rows.items() if found}
        version = storing.renew_version(connection)
        told = tuple(_in_order(stored.warnings))
        made = plan.of(read, before, plan.snapshot(connection), counts, told)
        imported = Imported(counts=counts, version=version, warnings=told, plan=made)
        if gone_as_seen is not None and made.gone != gone_as_seen:
            raise NotAsSeen
        if dry_run:
            raise _NotYet(imported)
        return imported

    try:
        return database.run_sync(work)
    except _NotYet as tried:
        return tried.imported


def _nothing_read(read: Read) -> list[Problem]:
    """Why nothing came in: an import that reads nothing has failed."""
    return [
        Problem(file=place, row=1, column="文件", what=why) for place, why in read.passed_over
    ] or [Problem(file="文件夹", row=1, column="文件", what="里面没有 .xlsx、.csv、.yml 文件")]


def _remove_left_out(connection: Connection, stored: Stored, problems: list[Problem]) -> None:
    present = {section: set(rows) for section, rows in stored.rows.items()}
    left = removing.left_out(connection, present, set(stored.owners | present["products"]))
    for section in ("promotions", "skus", "products", "coupons", "postage"):
        try:
            removing.remove(connection, section, left.get(section, []))
        except StillNeeded as needed:
            problems += [
                Problem(file="店里的资料", row=0, column="删除", what=reason)
                for reason in needed.reasons
            ]


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(set(problems), key=lambda one: (one.file, one.sheet, one.row, one.column))
