"""`python -m bot publish`, `rollback`, `releases`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.database import Database
from bot.publishing import by_model, by_side, going_on, releases, trials
from bot.publishing.registry import Registry, Unregistered
from bot.publishing.releases import Release, Status
from bot.publishing.scores import MARGIN
from bot.settings import ROOT, Settings, SettingsError, read_settings
from bot.training.going_back import go_back
from bot.training.kinds import Kind
from bot.training.made_here import digest_of, whoever
from bot.training.refusals import Refused
from bot.training.trainer import Failed

FINE, STOPPED, CANNOT = 0, 1, 2
_GENTLY = 15  # of 19: buyers' turns go first
_SHOWN = 15


def add_publish(commands: Any) -> None:
    publish: argparse.ArgumentParser = commands.add_parser(
        "publish", help="check, train beside the open house, try, compare, swap"
    )
    publish.add_argument("--by", default="", help="who publishes")
    how = publish.add_mutually_exclusive_group()
    how.add_argument(
        "--further", action="store_true", help="go on from the last model: new examples only"
    )
    how.add_argument("--full", action="store_true", help="train from nothing in any case")
    publish.add_argument(
        "--margin", type=_share, default=MARGIN, help="share of an intent's tests that may be lost"
    )
    publish.add_argument(
        "--accept", action="append", default=[], help="an intent or a talk that may become worse"
    )
    publish.add_argument("--days", type=int, default=7, help="of real messages that are replayed")
    publish.add_argument(
        "--share", type=_part, help="of chats that it answers beside the model in use: 0.2"
    )
    rollback = commands.add_parser("rollback", help="use the model before the newest again")
    rollback.add_argument("--by", default="", help="who goes back")
    listed: argparse.ArgumentParser = commands.add_parser(
        "releases", help="what was published, when, by whom; accept a model from elsewhere"
    )
    listed.add_argument("--accept", type=Path, help="a model file that may be loaded from now on")
    listed.add_argument("--by", default="", help="who accepts, adopts or drops")
    listed.add_argument(
        "--adopt", action="store_true", help="the one that answers a share of chats answers all"
    )
    listed.add_argument("--drop", action="store_true", help="… answers none any more")
    listed.add_argument("--json", action="store_true")
    listed.add_argument(
        "--compare", action="store_true", help="what each model's answers came to in real talks"
    )
    listed.add_argument("--days", type=int, default=30, help="of real talks that are compared")


def publish(options: argparse.Namespace) -> int:
    """Exit code: 0 published, 1 stopped because something is worse, 2 it could not be."""
    from bot.publishing.publishing import Publishing, Stopped
    from bot.publishing.steps import RealChecks
    from bot.publishing.wanted import Wanted

    signal.signal(signal.SIGTERM, _stop)
    try:
        with _house() as (settings, database, clock):
            os.chdir(ROOT)
            os.nice(_GENTLY)
            publishing = Publishing(
                root=ROOT,
                models=settings.models,
                kept=settings.var / "releases",
                database=database,
                clock=clock,
                out=sys.stdout,
                checks=RealChecks(ROOT, settings, lambda line: print(line, flush=True)),
            )
            publishing.publish(
                Wanted(
                    by=options.by or whoever(),
                    kind=_kind(options),
                    margin=options.margin,
                    accepted=options.accept,
                    days=max(1, options.days),
                    share=options.share,
                )
            )
    except Stopped as error:
        print(error, file=sys.stderr)
        return STOPPED
    except KeyboardInterrupt:
        return _cannot("发布停下了，原来的模型没有动。")
    except _CANNOT as error:
        return _cannot(str(error))
    return FINE


def _kind(options: argparse.Namespace) -> Kind | None:
    if options.further:
        return Kind.FURTHER
    return Kind.FULL if options.full else None


def rollback(options: argparse.Namespace) -> int:
    """Exit code: 0 done, 2 not."""
    try:
        with _house() as (settings, database, clock):
            used, before = go_back(settings.models, Registry(database, clock).demand)
            if database.read_sync(releases.trying) is not None:
                trials.drop(database, settings.models, clock, why="退回上一个模型时停了")
            now = clock()
            database.run_sync(
                releases.add,
                at=now,
                ended_at=now,
                by=options.by or whoever(),
                status=Status.ROLLED_BACK,
                model=used.name,
                model_hash=digest_of(used),
            )
    except _CANNOT as error:
        return _cannot(str(error))
    print(f"用回 {used.name}，开着的店几秒内换上。{before.name} 还在，再运行一次就换回来。")
    return FINE


def show_releases(options: argparse.Namespace) -> int:
    """Exit code: 0 told or done, 2 not."""
    try:
        with _house() as (settings, database, clock):
            if options.accept is not None:
                Registry(database, clock).accept(options.accept, by=options.by or whoever())
                print(f"{options.accept.name} 登记好了，开着的店重启后可以用它。")
                return FINE
            by = options.by or whoever()
            if options.adopt:
                taken = trials.adopt(database, settings.models, clock, by=by)
                print(f"用新的：{taken.model}，开着的店几秒内全换上。")
                return FINE
            if options.drop:
                left = trials.drop(database, settings.models, clock, why=f"{by}：不用了")
                print(f"{left.model} 不用了，开着的店几秒内全由原来的答。")
                return FINE
            if options.compare:
                return _compare(
                    database, settings.models, clock(), max(1, options.days), options.json
                )
            if not going_on.goes_on(settings.models):
                going_on.settle(database, settings.models, clock)
            found = database.read_sync(releases.newest, limit=_SHOWN)
    except _CANNOT as error:
        return _cannot(str(error))
    if options.json:
        print(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
        return FINE
    for one in found:
        print(as_text(one))
    if not found:
        print("还没有发布过。发布: python -m bot publish")
    return FINE


def _compare(database: Database, models: Path, now: datetime, days: int, as_json: bool) -> int:
    found = database.read_sync(by_model.by_model, now - timedelta(days=days), now)
    names = by_model.names_of(models)
    tried = database.read_sync(releases.last_tried)
    sides = database.read_sync(by_side.by_side, tried) if tried else []
    if as_json:
        told = [{**one.as_json(), "file": names.get(one.model, "")} for one in found]
        trial = None
        if tried:
            told_of = [one.as_json() for one in sides]
            trial = {**tried.as_json(), "sides": told_of, "verdict": by_side.verdict(sides)}
        print(json.dumps({"models": told, "trial": trial}, ensure_ascii=False, indent=2))
    else:
        if tried:
            print(by_side.as_text(tried, sides), end="\n\n")
        print(by_model.as_text(found, names, days))
    return FINE


def as_text(one: Release) -> str:
    at = one.at.astimezone().strftime("%m-%d %H:%M")
    sentences, replayed = one.figures.get("sentences"), one.figures.get("replay")
    told = [f"{one.release_id}. {at} {one.by} {one.status.text}"]
    if one.model:
        told.append(one.model)
    if one.share:
        told.append(f"答 {one.share:.0%} 的对话")
    if sentences:
        told.append(f"考题 {sentences['right']}/{sentences['of']}")
    if replayed:
        told.append(f"回放 {replayed['lines']} 句，{replayed['different']} 句不一样")
    if one.data_hash:
        told.append(f"数据 {one.data_hash[:8]}")
    why = f"\n    {one.why.splitlines()[0]}" if one.why else ""
    return "，".join(told) + why


class _NoHouse(Exception):
    """Settings or database cannot be read; the text is the sentence to tell."""


@contextmanager
def _house() -> Iterator[tuple[Settings, Any, Any]]:
    """(settings, database, clock). Raises _NoHouse."""
    from datetime import datetime, timezone

    from bot.database import Database, DatabaseUnavailable, upgrade

    def clock() -> datetime:
        return datetime.now(timezone.utc)

    try:
        settings = read_settings(ROOT)
    except SettingsError as error:
        raise _NoHouse(str(error)) from None
    database = Database(settings.database_url)
    try:
        upgrade(database)
        yield settings, database, clock
    except DatabaseUnavailable as error:
        raise _NoHouse(f"数据库打不开: {error}") from None
    except OSError as error:
        raise _NoHouse(f"{error.filename or '磁盘'} 读写不了（{error.strerror}）。") from None
    finally:
        database.close()


_CANNOT = (_NoHouse, Refused, Failed, Unregistered)


def _cannot(why: str) -> int:
    print(why, file=sys.stderr)
    return CANNOT


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("写 0 到 1 之间的数，例如 0.15")
    return share


def _part(text: str) -> float:
    part = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 < part < 1:
        raise argparse.ArgumentTypeError("写 0 到 1 之间的数，例如 0.2 是两成的对话")
    return part


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
