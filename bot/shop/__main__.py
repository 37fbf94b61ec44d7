"""`python -m bot.shop import PATH…`, `start`, `template`, `delete`, `empty`, `demo`: the shop and its files."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.database import DEFAULT_URL, Database, DatabaseUnavailable, upgrade
from bot.shop.embedded import tables
from bot.shop.embedded.counter import utc_now
from bot.shop.importing import trade_packs, workbook
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.columns import SECTIONS, section
from bot.shop.importing.importer import Imported, import_files
from bot.shop.importing.plan import Plan
from bot.shop.importing.removing import REMOVABLE, StillNeeded, empty, remove
from bot.shop.importing.storing import renew_version
from bot.shop.importing.telling import sentences

EVERYDAY = Path(__file__).parents[2] / "data" / "patterns" / "everyday.txt"
DEMO = Path(__file__).parents[2] / "shop" / "demo"


def main(arguments: list[str] | None = None) -> int:
    """0 when all was done, 1 when nothing was."""
    options = _parser().parse_args(arguments)
    os.umask(0o077)  # the database holds phones and addresses
    database = Database(options.database)
    try:
        upgrade(database)
        return int(_COMMANDS[options.command](database, options))
    except DatabaseUnavailable as problem:
        print(f"数据库打不开，什么都没有改：{problem}", file=sys.stderr)
        return 1
    finally:
        database.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.shop", description=__doc__)
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL") or DEFAULT_URL)
    commands = parser.add_subparsers(dest="command", required=True)
    importing = commands.add_parser("import", help="导入 Excel、CSV、YAML 文件或整个文件夹")
    importing.add_argument("paths", nargs="+", type=Path)
    importing.add_argument("--dry-run", action="store_true", help="只看会怎么改，不真的改")
    importing.add_argument(
        "--replace", action="store_true", help="这几类以文件为准：店里有、文件里没写的删掉"
    )
    importing.add_argument("--yes", action="store_true", help="要删东西时不再问")
    starting = commands.add_parser(
        "start", help="照一个行当起步：start 零食 我的店.xlsx；不写就列出有哪些"
    )
    starting.add_argument("trade", nargs="?", default="", help="行当，如 零食、美妆、手机配件")
    starting.add_argument("path", nargs="?", type=Path, help="写到哪里，如 我的店.xlsx")
    demo = commands.add_parser("demo", help="装入演示店铺（日期按今天重算）")
    demo.add_argument("--if-empty", action="store_true", help="店里已有商品就不动")
    for name, what in (("template", "店里现在的资料，填进 Excel 模板"), ("export", "同 template")):
        writing = commands.add_parser(name, help=what)
        writing.add_argument("path", type=Path, help="写到哪里，如 我的店.xlsx")
        writing.add_argument("--blank", action="store_true", help="只要空的模板")
        writing.add_argument("--all", action="store_true", help="买家、订单、售后也填上")
    deleting = commands.add_parser("delete", help="删掉几样：delete 商品 boot-01 boot-02")
    deleting.add_argument("kind", help=f"{'、'.join(SECTIONS[name] for name in REMOVABLE)}")
    deleting.add_argument("keys", nargs="+", help="编号、券码或运费区名")
    emptying = commands.add_parser("empty", help="清空整个店（演示数据也是），订单、买家一起清")
    emptying.add_argument("--yes", action="store_true", help="不再问")
    return parser


def _do_import(database: Database, options: argparse.Namespace) -> int:
    if options.replace and not options.yes and not options.dry_run:
        tried = _try(database, options.paths, dry_run=True, replace=True)
        if tried is None:
            return 1
        gone = tried.plan.gone
        _tell(tried.plan)
        if gone and not _agreed(f"会删掉 {gone} 项"):
            return 1
    return _import(database, options.paths, dry_run=options.dry_run, replace=options.replace)


def _do_start(database: Database, options: argparse.Namespace) -> int:
    pack = trade_packs.pack_named(options.trade)
    if pack is None:
        told = sys.stderr if options.trade else sys.stdout
        if options.trade:
            print(f"没有“{options.trade}”这个行当。", file=told)
        known = "、".join(one.name for one in trade_packs.packs())
        print(f"有：{known}。例如 start {trade_packs.packs()[0].name} 我的店.xlsx", file=told)
        print("都不像也没关系：template 我的店.xlsx --blank，列名写您自己的。", file=told)
        return 1 if options.trade else 0
    if options.path is None:
        print("\n".join(pack.lines()))
        return 0
    if options.path.suffix.lower() != ".xlsx":
        print(f"{options.path}：请写以 .xlsx 结尾的文件名", file=sys.stderr)
        return 1
    if options.path.exists():
        print(f"{options.path} 已经有了，没有改它；请换个名字", file=sys.stderr)
        return 1
    workbook.write(options.path, trade_packs.sheets_of(pack, utc_now()))
    print("\n".join(pack.lines()))
    print(f"已写到 {options.path}。里面是示例商品，换成您的，再 import。")
    return 0


def _do_demo(database: Database, options: argparse.Namespace) -> int:
    if options.if_empty and database.read_sync(_has_products):
        print("店里已有商品，没有改动。")
        return 0
    return _import(database, [DEMO])


def _do_write(database: Database, options: argparse.Namespace) -> int:
    if options.path.suffix.lower() != ".xlsx":
        print(f"{options.path}：请写以 .xlsx 结尾的文件名", file=sys.stderr)
        return 1
    sheets = database.read_sync(workbook.contents, blank=options.blank, everything=options.all)
    workbook.write(options.path, sheets)
    print(f"已写到 {options.path}。改好后用 import 导回来。")
    return 0


def _do_delete(database: Database, options: argparse.Namespace) -> int:
    kind = section(options.kind)
    if kind not in REMOVABLE:
        can = "、".join(SECTIONS[name] for name in REMOVABLE)
        print(f"删不了“{options.kind}”，能删的有：{can}", file=sys.stderr)
        return 1
    try:
        there = database.run_sync(_delete_rows, kind, options.keys)
    except StillNeeded as needed:
        print("\n".join(needed.reasons), file=sys.stderr)
        print("什么都没有删。", file=sys.stderr)
        return 1
    for key in sorted(set(options.keys) - set(there)):
        print(f"店里没有“{key}”。", file=sys.stderr)
    print(f"已删除{SECTIONS[kind]} {len(there)} 项。")
    return 0 if there else 1


def _do_empty(database: Database, options: argparse.Namespace) -> int:
    if not options.yes and not _agreed("会清空整个店：商品、优惠、运费、买家、订单、售后"):
        return 1
    counts = database.run_sync(empty)
    print(f"已清空，共 {sum(counts.values())} 行。现在导入您自己的资料：import 我的店/")
    return 0


_COMMANDS = {
    "import": _do_import,
    "start": _do_start,
    "demo": _do_demo,
    "template": _do_write,
    "export": _do_write,
    "delete": _do_delete,
    "empty": _do_empty,
}


def _agreed(what: str) -> bool:
    """Asks at a terminal; elsewhere --yes has to be written."""
    if not sys.stdin.isatty():
        print(f"{what}。确定的话加上 --yes。", file=sys.stderr)
        return False
    return input(f"{what}。确定请输入 是：").strip() in ("是", "yes", "y")


def _delete_rows(connection: Connection, kind: str, keys: list[str]) -> list[str]:
    there = remove(connection, kind, keys)
    renew_version(connection)
    return there


def _import(
    database: Database, paths: list[Path], *, dry_run: bool = False, replace: bool = False
) -> int:
    imported = _try(database, paths, dry_run=dry_run, replace=replace)
    if imported is None:
        return 1
    _tell(imported.plan)
    counts = "、".join(f"{SECTIONS[name]} {count}" for name, count in imported.counts.items())
    print(f"{'可以导入' if dry_run else '已导入'}：{counts}。")
    if dry_run:
        print("这只是试一遍，什么都没有改。")
        return 0
    for name, nickname in database.read_sync(_everyday_nicknames):
        print(
            f"提醒：商品「{name}」的别名「{nickname}」是天天要说的词，不会当它是这件商品，请换一个。",
            file=sys.stderr,
        )
    return 0


def _try(database: Database, paths: list[Path], *, dry_run: bool, replace: bool) -> Imported | None:
    """None where it was refused; the reasons are printed."""
    try:
        return import_files(database, paths, now=utc_now(), dry_run=dry_run, replace=replace)
    except ImportRefused as refused:
        for sentence in sentences(refused.problems):
            print(sentence, file=sys.stderr)
        print(f"共 {len(refused.problems)} 处要改，什么都没有导入。", file=sys.stderr)
        return None


def _tell(plan: Plan) -> None:
    for line in plan.lines():
        print(line)
    for sentence in sentences(plan.warnings):
        print(f"提醒 {sentence}", file=sys.stderr)


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
