"""`python -m bot`: opens the house. `agent NAME`: a desk account. `buyer export|erase|sign-out ID`.
For trainers: `check`, `ask LINE`, `inbox`, `new question|intent NAME`, `publish`, `rollback`,
`releases`, `report nlu`, `schema`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import logging
import os
import sys
from datetime import datetime, timezone
from typing import Any

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
# One message's arrays are small: threads of the linear algebra library wait longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.logs import configure_logs
from bot.settings import ROOT, Settings, SettingsError, read_settings, var_folder

# Trainers' commands want seconds: what they need is loaded for them alone.
FOR_TRAINERS = {
    "check": "what is wrong with the trainer's files",
    "ask": "what a line is taken for, and why",
    "inbox": "what the bot should learn: list, accept, skip",
    "new": "the files of a new question or intent",
    "publish": "check, train beside the open house, try, compare, swap",
    "rollback": "use the model before the newest again",
    "releases": "what was published, when and by whom",
    "report": "how well the lines are told apart",
    "schema": "write the JSON Schemas of the trainer's files anew",
}


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
    agent.add_argument(
        "--sign-out", action="store_true", help="end its sign-ins; the password stays as it is"
    )
    agent.add_argument("--remove", action="store_true", help="end its sign-ins and the account")
    buyer = commands.add_parser(
        "buyer", help="all that is kept of a buyer: as JSON, or erased; or end the buyer's tokens"
    )
    buyer.add_argument("deed", choices=["export", "erase", "sign-out"])
    buyer.add_argument("buyer_id", help="the shop's id, or visitor:<id>")
    asked = commands.add_parser(
        "unwritten", help="what buyers asked that the shop's data do not tell, for the owner"
    )
    asked.add_argument("--days", type=int, default=30)
    told = commands.add_parser("followups", help="what came of following up and of promises")
    told.add_argument("--days", type=int, default=30)
    if sys.argv[1:2] and sys.argv[1] in FOR_TRAINERS:
        return _for_trainers(parser, commands)
    for name in FOR_TRAINERS:
        commands.add_parser(name, add_help=False, help=FOR_TRAINERS[name])
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
    if arguments.command == "agent" and (arguments.sign_out or arguments.remove):
        return _end_sign_ins(settings, arguments.name, remove=arguments.remove)
    if arguments.command == "agent":
        return _set_password(settings, arguments.name, arguments.owner)
    if arguments.command == "buyer":
        return _buyer(settings, arguments.deed, arguments.buyer_id)
    if arguments.command == "unwritten":
        from bot.unwritten_command import list_unwritten

        return list_unwritten(settings, arguments.days)
    if arguments.command == "followups":
        from bot.followups_command import report_follow_ups

        return report_follow_ups(settings, arguments.days)
    from bot.serve_command import serve

    return serve(settings)


def _for_trainers(parser: argparse.ArgumentParser, commands: Any) -> int:
    from bot.publishing import commands as publishing
    from bot.trainer import ask_command, inbox_command, report_command
    from bot.trainer import commands as trainer
    from bot.trainer.unforeseen import told

    trainer.add_check(commands)
    trainer.add_new(commands)
    trainer.add_schema(commands)
    ask_command.add_ask(commands)
    inbox_command.add_inbox(commands)
    publishing.add_publish(commands)
    report_command.add_report(commands)
    options = parser.parse_args()
    if options.command in ("ask", "publish"):
        # What was taken in goes without saying where the answer shows it.
        configure_logs(as_json=True, least=logging.WARNING)
        logging.disable(logging.WARNING)  # of the libraries: a trainer meets none
    deeds = {
        "ask": ask_command.ask,
        "publish": publishing.publish,
        "rollback": publishing.rollback,
        "releases": publishing.show_releases,
        "check": trainer.check,
        "inbox": inbox_command.inbox,
        "report": report_command.report,
        "new": trainer.new,
        "schema": trainer.schema,
    }
    return told(lambda: deeds[options.command](options), options.command, var_folder(ROOT))


def _buyer(settings: Settings, deed: str, buyer_id: str) -> int:
    """JSON goes to the standard output, words for people beside it."""
    from bot import buyer_data
    from bot.channels.token_ends import end_tokens
    from bot.database import Database, DatabaseUnavailable, upgrade

    database = Database(settings.database_url)
    try:
        upgrade(database)
        if deed == "export":
            kept = database.read_sync(buyer_data.export, buyer_id)
            print(json.dumps(kept, ensure_ascii=False, indent=2))
            return 0
        if deed == "sign-out":
            database.run_sync(end_tokens, buyer_id, datetime.now(timezone.utc))
            print(f"{buyer_id} 之前登录用的令牌都作废了，开着的店几秒内生效。")
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


def _set_password(settings: Settings, name: str, is_owner: bool | None = None) -> int:
    from bot.app import utc_now
    from bot.database import Database, upgrade
    from bot.desk.accounts import Accounts
    from bot.desk.passwords import WeakPassword

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


def _end_sign_ins(settings: Settings, name: str, *, remove: bool) -> int:
    from bot.app import utc_now
    from bot.database import Database, upgrade
    from bot.desk.accounts import Accounts

    database = Database(settings.database_url)
    try:
        upgrade(database)
        accounts = Accounts(database, utc_now)
        ended = asyncio.run(accounts.remove(name) if remove else accounts.end_all(name))
    finally:
        database.close()
    if ended is None:
        print(f"没有 {name} 这个账号。", file=sys.stderr)
        return 2
    print(f"{name} 的登录结束了({ended} 处)" + ("，账号也删了。" if remove else "。"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
