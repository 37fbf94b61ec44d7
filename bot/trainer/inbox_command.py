"""`python -m bot inbox`: what buyers said that the bot should learn; decide, and it is written."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.settings import ROOT, Settings, SettingsError, read_settings

FINE, CANNOT = 0, 2


def add_inbox(commands: Any) -> None:
    inbox: argparse.ArgumentParser = commands.add_parser(
        "inbox", help="what the bot should learn: list, review, accept, question, skip"
    )
    inbox.add_argument(
        "deed",
        nargs="?",
        choices=["list", "review", "accept", "question", "skip"],
        default="list",
        help="review: one key a decision; question: a new one, with its answer",
    )
    inbox.add_argument("line", nargs="?", default="", help="the line that is decided about")
    inbox.add_argument("intent", nargs="?", default="", help="under which it is written")
    inbox.add_argument("--title", default="", help="of a new question: 问代写贺卡")
    inbox.add_argument("--answer", default="", help="of a new question")
    inbox.add_argument("--also", action="append", default=[], help="other lines of the same")
    inbox.add_argument("--days", type=int, default=7, help="how far back")
    inbox.add_argument("--limit", type=int, default=20, help="rows to show")
    inbox.add_argument("--by", default="", help="the trainer's name: the line is a git commit")
    inbox.add_argument("--json", action="store_true")
    inbox.add_argument("--root", type=Path, default=ROOT, help="the project's folder")


def inbox(options: argparse.Namespace) -> int:
    """Exit code: 0 told or written, 2 it could not be."""
    from bot.trainer.inbox_deeds import Inbox
    from bot.trainer.teaching import CannotTeach

    try:
        settings = read_settings(ROOT)
    except SettingsError as error:
        return _cannot(str(error))
    mine = Inbox(options.root.resolve(), settings.var)
    try:
        if options.deed in ("list", "review"):
            return _look(options, settings, mine)
        told = _DEEDS[options.deed](options, mine)
    except CannotTeach as error:
        return _cannot(f"{error}。")
    print(told)
    return FINE


def _look(options: argparse.Namespace, settings: Settings, mine: Any) -> int:
    from bot.app import utc_now
    from bot.database import Database, DatabaseUnavailable, upgrade

    database = Database(settings.database_url)
    try:
        upgrade(database)
        rows, count = mine.rows(database, utc_now, days=options.days, limit=options.limit)
    except (DatabaseUnavailable, OSError) as error:
        return _cannot(f"数据库打不开: {error}")
    finally:
        database.close()
    if options.json:
        told = {"count": count, "rows": [row.as_json() for row in rows]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    elif not rows:
        print(f"最近 {options.days} 天没有要教的话。")
    elif options.deed == "review":
        _review(options, mine, rows)
    else:
        _show(rows, count)
    return FINE


def _show(rows: Sequence[Any], count: int) -> None:
    from bot.trainer.inbox_review import as_text

    for number, row in enumerate(rows, 1):
        print(as_text(row, number))
    print(f"共 {count} 组。一组一个键地教: python -m bot inbox review --by 您的名字")


def _review(options: argparse.Namespace, mine: Any, rows: Sequence[Any]) -> None:
    from bot.trainer.inbox_review import one_key, review

    decided = review(mine, rows, by=options.by, key=one_key, line=_typed, tell=print)
    print(f"定了 {decided} 组。开着的店马上认得，下次发布时模型学会。")


def _typed(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError:
        return ""


def _accept(options: argparse.Namespace, mine: Any) -> str:
    from bot.trainer.teaching import CannotTeach

    if not options.line or not options.intent:
        raise CannotTeach(
            "写上句子和意图，例如: python -m bot inbox accept '几时发货呀' ask_ship_time"
        )
    place = mine.accept(options.line, options.intent, by=options.by)
    return f"写进了 {place}，开着的店马上认得，下次发布时模型学会。"


def _question(options: argparse.Namespace, mine: Any) -> str:
    lines = [options.line, *options.also]
    file = mine.ask_anew(options.title, lines, options.answer, by=options.by, name=options.intent)
    return f"写进了 {file}，开着的店马上会答。"


def _skip(options: argparse.Namespace, mine: Any) -> str:
    for line in (options.line, *options.also):
        mine.skip(line)
    return "好，以后不再列出这句。"


_DEEDS: dict[str, Callable[[argparse.Namespace, Any], str]] = {
    "accept": _accept,
    "question": _question,
    "skip": _skip,
}


def _cannot(why: str) -> int:
    print(why, file=sys.stderr)
    return CANNOT
