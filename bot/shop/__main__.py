"""`python -m bot.shop import PATH…` and `python -m bot.shop demo`: fill the shop from files."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.database import DEFAULT_URL, Database, DatabaseUnavailable, upgrade
from bot.shop import tables
from bot.shop.counter import utc_now
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.columns import SECTIONS
from bot.shop.importing.importer import import_files

EVERYDAY = Path(__file__).parents[2] / "data" / "patterns" / "everyday.txt"
DEMO = Path(__file__).parents[2] / "shop" / "demo"


def main(arguments: list[str] | None = None) -> int:
    """0 when all came in, 1 when nothing did."""
    parser = argparse.ArgumentParser(prog="python -m bot.shop", description=__doc__)
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL") or DEFAULT_URL)
    commands = parser.add_subparsers(dest="command", required=True)
    importing = commands.add_parser("import", help="导入 YAML、CSV、Excel 文件或整个文件夹")
    importing.add_argument("paths", nargs="+", type=Path)
    demo = commands.add_parser("demo", help="装入演示店铺（日期按今天重算）")
    demo.add_argument("--if-empty", action="store_true", help="店里已有商品就不动")
    options = parser.parse_args(arguments)
    os.umask(0o077)  # the database holds phones and addresses

    database = Database(options.database)
    try:
        upgrade(database)
        if options.command == "demo":
            if options.if_empty and database.read_sync(_has_products):
                print("店里已有商品，没有改动。")
                return 0
            return _import(database, [DEMO])
        return _import(database, options.paths)
    except DatabaseUnavailable as problem:
        print(f"数据库打不开，什么都没有导入：{problem}", file=sys.stderr)
        return 1
    finally:
        database.close()


def _import(database: Database, paths: list[Path]) -> int:
    try:
        imported = import_files(database, paths, now=utc_now())
    except ImportRefused as refused:
        for problem in refused.problems:
            print(problem, file=sys.stderr)
        print(f"共 {len(refused.problems)} 处要改，什么都没有导入。", file=sys.stderr)
        return 1
    for warning in imported.warnings:
        print(f"提醒 {warning}", file=sys.stderr)
    counts = "、".join(f"{SECTIONS[name]} {count}" for name, count in imported.counts.items())
    print(f"已导入：{counts or '没有内容'}。")
    for name, nickname in database.read_sync(_everyday_nicknames):
        print(
            f"提醒：商品「{name}」的别名「{nickname}」是天天要说的词，不会当它是这件商品，请换一个。",
            file=sys.stderr,
        )
    return 0


def _everyday_nicknames(connection: Connection) -> list[tuple[str, str]]:
    """(product's name, nickname) of nicknames that buyers say of anything."""
    lines = EVERYDAY.read_text(encoding="utf-8").splitlines()
    everyday = {word for line in lines if not line.startswith("#") for word in line.split()}
    rows = connection.execute(select(tables.products.c.name, tables.products.c.nicknames))
    return [(row.name, one) for row in rows for one in row.nicknames or () if one in everyday]


def _has_products(connection: Connection) -> bool:
    return bool(connection.execute(select(func.count()).select_from(tables.products)).scalar())


if __name__ == "__main__":
    sys.exit(main())
