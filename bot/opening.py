"""What must hold before the house is opened: its folder, its lock, its port, and whose data it is.

All of it is settled before the model is loaded and before anybody is woken, and told in one
sentence where it fails.
"""

from __future__ import annotations

import fcntl
import os
import resource
import socket
import tempfile
from pathlib import Path

import yaml
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.settings import ROOT, Settings
from bot.shop.embedded.buyers import read_known

_BACKLOG = 128


class CannotOpen(Exception):
    """The house stays shut; the text is the sentence to tell."""


def demand_folder(var: Path) -> None:
    """Raises CannotOpen where nothing can be written."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=var, prefix=".open-") as file:
            file.write(b"\0" * 4096)
            file.flush()
    except OSError as error:
        raise CannotOpen(
            f"{var} 写不进去({error.strerror})。请检查磁盘空间和这个文件夹的权限,"
            "或用 DIANXIAOER_VAR 换一个文件夹。"
        ) from None


def demand_database_folder(database: Database) -> None:
    """Raises CannotOpen where SQLite's file has no folder to be in."""
    if not database.is_sqlite:
        return
    folder = Path(str(database.url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotOpen(f"数据库打不开: {folder} 建不了({error.strerror})。") from None


def lock_database(database: Database) -> int | None:
    """Held until the process ends; None for PostgreSQL. Raises CannotOpen.

    Two processes on one SQLite file would not hear of each other's messages.
    """
    if not database.is_sqlite:
        return None
    path = Path(f"{database.url.database}.lock")
    try:
        held = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotOpen(f"数据库打不开: {path} 写不了({error.strerror})。") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise CannotOpen(
            f"另一个店小二正开着 {database.url.database}。请先关掉它,"
            "或用 DIANXIAOER_VAR 换一个文件夹。"
        ) from None
    return held


def bind(host: str, port: int) -> list[socket.socket]:
    """Listening sockets: whoever comes while the model is loaded waits. Raises CannotOpen."""
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_ADDRCONFIG
        )
    except OSError as error:
        raise CannotOpen(f"HOST={host}: 没有这个地址({error.strerror})") from None
    bound: list[socket.socket] = []
    for family, kind, protocol, _, address in dict.fromkeys(found):
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
        except OSError as error:
            listening.close()
            for other in bound:
                other.close()
            raise CannotOpen(
                f"{host}:{port} 打不开({error.strerror})。"
                "可能已经有程序占着这个端口:关掉它,或用 PORT 换一个。"
            ) from None
        bound.append(listening)
    return bound


def demand_demo_data(settings: Settings, database: Database) -> None:
    """With DEMO=1 anybody acts as any buyer: only demo buyers may be there. Raises CannotOpen."""
    if not settings.demo:
        return

    def known(connection: Connection) -> set[str]:
        return {buyer_id for buyer_id, _, _ in read_known(connection)}

    strangers = database.read_sync(known) - _demo_buyers()
    if strangers:
        raise CannotOpen(
            f"DEMO=1: 这个数据库里有演示店以外的买家({len(strangers)} 位),"
            "谁都能冒充他们。请去掉 DEMO=1,或换一个演示用的数据库。"
        )


def _demo_buyers() -> set[str]:
    found: set[str] = set()
    for file in (ROOT / "shop" / "demo").glob("*.yml"):
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        found |= {str(one["id"]) for one in content.get("buyers") or ()}
    return found


def raise_file_limit() -> None:
    """As many open connections as the system lets this process have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
