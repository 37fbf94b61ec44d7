"""`python -m bot`: opens the house. `agent NAME [--owner]`: a desk password. `buyer export|erase ID`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
# One message's arrays are small: threads of the linear algebra library wait longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.logs import configure_logs
from bot.settings import ROOT, Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from bot.database import Database

_DATABASE_ENDS_WITHIN_S = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="open the house (the default)")
    agent = commands.add_parser("agent", help="make a desk account, or change its password")
    agent.add_argument("name")
    agent.add_argument(
        "--owner",
        action=argparse.BooleanOptionalAction,
        help="may export and erase buyers' data and read who looked what up",
    )
    buyer = commands.add_parser("buyer", help="all that is kept of a buyer: as JSON, or erased")
    buyer.add_argument("deed", choices=["export", "erase"])
    buyer.add_argument("buyer_id", help="the shop's id, or visitor:<id>")
    arguments = parser.parse_args()
    configure_logs(as_json=not sys.stderr.isatty())
    os.umask(0o077)  # what is written holds phones and addresses
    try:
        settings = read_settings(ROOT)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename} 读写不了({error.strerror}),请检查磁盘和权限。", file=sys.stderr)
        return 1
    if arguments.command == "agent":
        return _set_password(settings, arguments.name, arguments.owner)
    if arguments.command == "buyer":
        return _buyer(settings, arguments.deed, arguments.buyer_id)
    return _serve(settings)


def _buyer(settings: Settings, deed: str, buyer_id: str) -> int:
    """JSON goes to the standard output, words for people beside it."""
    from bot import buyer_data
    from bot.database import Database, DatabaseUnavailable, upgrade

    database = Database(settings.database_url)
    try:
        upgrade(database)
        if deed == "export":
            kept = database.read_sync(buyer_data.export, buyer_id)
            print(json.dumps(kept, ensure_ascii=False, indent=2))
            return 0
        erased = database.run_sync(buyer_data.erase, buyer_id)
    except (DatabaseUnavailable, OSError) as error:
        print(f"数据库打不开，什么都没有改：{error}", file=sys.stderr)
        return 1
    finally:
        database.close()
    files = buyer_data.delete_files(settings.var / "uploads", erased.picture_files)
    print(json.dumps({**erased.rows, "files": files}, ensure_ascii=False))
    if erased.open_orders:
        print(
            f"还没办完的订单 {'、'.join(erased.open_orders)} 保留了收货信息，办完后请再删一次。",
            file=sys.stderr,
        )
    return 0


def _serve(settings: Settings) -> int:
    if not settings.is_on_loopback and not settings.rest_token:
        print("提示: 对外开放时没有设置 REST_TOKEN,REST 接口会拒绝请求", file=sys.stderr)
    if settings.demo:
        print("注意: 演示模式 DEMO=1,谁都能扮成任何买家。真实的店不要这样开。", file=sys.stderr)
    started = time.monotonic()
    from bot import opening
    from bot.database import Database, DatabaseUnavailable, upgrade

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
            sock=sockets,
            access_log=None,
            shutdown_timeout=5,
            print=lambda _: _say_addresses(settings, time.monotonic() - started),
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


def _say_addresses(settings: Settings, seconds: float) -> None:
    address = f"http://{settings.host}:{settings.port}"
    password_file = settings.var / "desk_password.txt"
    print(f"\n店小二开门啦({seconds:.0f} 秒)")
    print(f"  买家聊天  {address}/")
    print(f"  客服工作台 {address}/desk", end="")
    print(f"  账号 admin,密码见 {password_file}" if password_file.exists() else "")
    print(f"  REST 接口  {address}/webhooks/rest/webhook")
    print("按 Ctrl+C 关门。", flush=True)


def _set_password(settings: Settings, name: str, is_owner: bool | None = None) -> int:
    from bot.app import utc_now
    from bot.database import Database, upgrade
    from bot.desk.accounts import Accounts, WeakPassword

    database = Database(settings.database_url)
    upgrade(database)
    password = getpass.getpass(f"给 {name} 的新密码: ")
    try:
        accounts = Accounts(database, utc_now)
        asyncio.run(accounts.set_password(name, password, is_owner=is_owner))
    except WeakPassword as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        database.close()
    if name == "admin":  # the first password is no longer one
        (settings.var / "desk_password.txt").unlink(missing_ok=True)
    print(f"好了,{name} 可以登录客服工作台了。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
