"""`python -m bot`: opens the house. `python -m bot agent NAME`: sets a desk password."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
# One message's arrays are small: threads of the linear algebra library wait longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.logs import configure_logs
from bot.settings import Settings, SettingsError, read_settings

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="open the house (the default)")
    agent = commands.add_parser("agent", help="make a desk account, or change its password")
    agent.add_argument("name")
    arguments = parser.parse_args()
    configure_logs(as_json=not sys.stderr.isatty())
    try:
        settings = read_settings(ROOT)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.command == "agent":
        return _set_password(settings, arguments.name)
    return _serve(settings)


def _serve(settings: Settings) -> int:
    if not settings.is_on_loopback and not settings.rest_token:
        print("提示: 对外开放时没有设置 REST_TOKEN,REST 接口会拒绝请求", file=sys.stderr)
    started = time.monotonic()
    print("正在打开数据库…", flush=True)
    from bot.database import Database, DatabaseUnavailable, upgrade

    database = Database(settings.database_url)
    try:
        upgrade(database)
    except (DatabaseUnavailable, OSError) as error:
        database.close()
        print(f"数据库打不开: {error}\n请检查 DATABASE_URL 和磁盘空间。", file=sys.stderr)
        return 1
    print("正在加载模型…", flush=True)
    from aiohttp import web

    from bot.app import create_app
    from bot.engine.engine import Engine, ModelUnusable
    from bot.engine.in_process import InProcessActions

    try:
        engine = Engine.load(settings.models, actions=InProcessActions(), words=settings.shop.words)
    except ModelUnusable as error:
        database.close()
        print(f"模型用不了: {error.why}\n请运行 make train 重新训练。", file=sys.stderr)
        return 1
    app = create_app(settings, database=database, engine=engine)
    try:
        web.run_app(
            app,
            host=settings.host,
            port=settings.port,
            access_log=None,
            shutdown_timeout=20,
            print=lambda _: _say_addresses(settings, time.monotonic() - started),
        )
    finally:
        database.close()
    return 0


def _say_addresses(settings: Settings, seconds: float) -> None:
    address = f"http://{settings.host}:{settings.port}"
    password_file = settings.var / "desk_password.txt"
    print(f"\n店小二开门啦({seconds:.0f} 秒)")
    print(f"  买家聊天  {address}/")
    print(f"  客服工作台 {address}/desk", end="")
    print(f"  账号 admin,密码见 {password_file}" if password_file.exists() else "")
    print(f"  REST 接口  {address}/webhooks/rest/webhook")
    print("按 Ctrl+C 关门。", flush=True)


def _set_password(settings: Settings, name: str) -> int:
    from bot.app import utc_now
    from bot.database import Database, upgrade
    from bot.desk.accounts import Accounts, WeakPassword

    database = Database(settings.database_url)
    upgrade(database)
    password = getpass.getpass(f"给 {name} 的新密码: ")
    try:
        asyncio.run(Accounts(database, utc_now).set_password(name, password))
    except WeakPassword as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        database.close()
    print(f"好了,{name} 可以登录客服工作台了。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
