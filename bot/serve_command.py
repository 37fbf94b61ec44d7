"""Opens the house: database, model, doors, in that order; what hinders it is said in a sentence."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

from bot import opening
from bot.database import Database, DatabaseUnavailable, upgrade
from bot.settings import ROOT, Settings

_DATABASE_ENDS_WITHIN_S = 3.0


def serve(settings: Settings) -> int:
    """Until it is told to stop; the exit code."""
    if not settings.is_on_loopback and not settings.rest_token:
        print("提示: 对外开放时没有设置 REST_TOKEN,REST 接口会拒绝请求", file=sys.stderr)
    if settings.demo:
        print("注意: 演示模式 DEMO=1,谁都能扮成任何买家。真实的店不要这样开。", file=sys.stderr)
    started = time.monotonic()
    database = Database(settings.database_url)
    try:
        opening.raise_file_limit()
        opening.demand_folder(settings.var)
        print("正在打开数据库…", flush=True)
        opening.demand_database_folder(database)
        held = opening.lock_database(database)
        sockets = opening.bind(settings.host, settings.port)
        upgrade(database)
        opening.demand_demo_data(settings, database)
    except opening.CannotOpen as error:
        database.close()
        print(error, file=sys.stderr)
        return 1
    except (DatabaseUnavailable, OSError) as error:
        database.close()
        print(f"数据库打不开: {error}\n请检查 DATABASE_URL 和磁盘空间。", file=sys.stderr)
        return 1
    print("正在加载模型…", flush=True)
    from bot.lean_rasa import leave_out_tensorflow

    leave_out_tensorflow(ROOT / "config.yml")  # before anything of Rasa's is imported
    from aiohttp import web

    from bot.app import create_app, utc_now
    from bot.engine.engine import Engine, ModelUnusable
    from bot.engine.in_process import InProcessActions
    from bot.model_watch import ModelWatch
    from bot.publishing.registry import Registry
    from bot.shop_face import Face
    from bot.training.beside import TrainingBeside
    from bot.training.kinds import is_quick

    def load(models: Path) -> Engine:
        return Engine.load(models, actions=in_process, words=face.words, demand=registry.demand)

    face = Face(settings.shop)
    in_process, registry = InProcessActions(), Registry(database, utc_now)
    try:
        engine = load(settings.models)
    except ModelUnusable as error:
        database.close()
        print(f"模型用不了: {error.why}\n请运行 make train 重新训练。", file=sys.stderr)
        return 1
    is_first = is_quick(engine.model_path) and settings.models.is_dir()
    watch = ModelWatch(
        engine,
        ROOT,
        models=settings.models,
        load=load,
        train=TrainingBeside(settings.models).run if is_first else None,
        own_replies=settings.own_replies,
    )
    app = create_app(settings, database=database, engine=engine, watch=watch, face=face)
    del engine  # once a newer one is in use, nobody may hold this one
    try:
        web.run_app(
            app,
            sock=sockets,
            access_log=None,
            shutdown_timeout=5,
            print=lambda _: _say_addresses(settings, time.monotonic() - started, is_first=is_first),
        )
    finally:
        _let_go_of(database)
        if held is not None:
            os.close(held)
    return 0


def _let_go_of(database: Database) -> None:
    """A database that hangs does not keep the process from ending; its lines stay pending."""
    closing = threading.Thread(target=database.close, daemon=True)
    closing.start()
    closing.join(_DATABASE_ENDS_WITHIN_S)
    if closing.is_alive():
        print("数据库没有应答,直接退出。", file=sys.stderr, flush=True)
        sys.stdout.flush()
        os._exit(0)  # at the end Python would wait for the threads that hang


def _say_addresses(settings: Settings, seconds: float, *, is_first: bool) -> None:
    address = f"http://{settings.host}:{settings.port}"
    password_file = settings.var / "desk_password.txt"
    print(f"\n店小二开门啦({seconds:.0f} 秒)")
    print(f"  买家聊天  {address}/")
    print(f"  客服工作台 {address}/desk", end="")
    print(f"  账号 admin,密码见 {password_file}" if password_file.exists() else "")
    print(f"  REST 接口  {address}/webhooks/rest/webhook")
    if is_first:
        print("现在用的是先开门的小模型，听得没那么准；完整的在旁边训练，好了自动换上，不用重启。")
    print("按 Ctrl+C 关门。", flush=True)
