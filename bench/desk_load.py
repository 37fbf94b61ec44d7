"""Load on the desk: `python -m bench.desk_load`. 5,000 open talks, 200 agents' sockets, a bot that answers.

Measured: from a buyer's line to the socket of the agent who has the talk; opening the desk; how many requests
an agent's hour takes; and, with --races, how often two agents got the same talk. The house is a process of its
own around an engine that echoes; the generator runs on the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, TCPConnector
from sqlalchemy.engine import Connection

from bench.servers import ROOT, free_port
from bot.app import utc_now
from bot.channels.tokens import Tokens
from bot.conversations import store
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author, Message
from bot.conversations.tables import conversations
from bot.database import Database, upgrade
from bot.desk import tables

PASSWORD = "a-long-password"
OURS = {"X-Requested-With": "dianxiaoer"}
_OPEN, _AGENTS, _BOT_LINES_A_SECOND = 5000, 200, 10


@dataclass
class Figures:
    heard_ms: list[float] = field(default_factory=list)
    opening_ms: list[float] = field(default_factory=list)
    rows: int = 0
    bot_lines: int = 0
    both: int = 0  # races in which two got it


def filled(database: Database, talks: int, agents: int) -> list[str]:
    """Open talks with a line each; one with each agent, a tenth waiting. Ids of the agents' talks."""
    now = utc_now()
    own: list[str] = []

    def fill(connection: Any) -> None:
        for number in range(talks):
            name = f"agent{number}" if number < agents else ""
            waits = not name and number % 10 == 0
            status = Status.WITH_AGENT if name else Status.WAITING if waits else Status.WITH_BOT
            one = Conversation(
                conversation_id=uuid.uuid4().hex,
                buyer_id=f"load-{number}",
                signed_in=True,
                channel="web",
                status=status,
                opened_at=now,
                assignee=name,
                last_agent=name,
                waiting_since=now if waits else None,
                hand_over_reason="asked" if waits else "",
                last_buyer_at=now,
            )
            store.add(connection, one)
            line = Message(
                conversation_id=one.conversation_id,
                seq=0,
                message_id="l1",
                author=Author.BUYER,
                at=now,
                text="请问这双鞋防水吗",
            )
            store.append(connection, line)
            if name:
                own.append(one.conversation_id)

    database.run_sync(fill)
    return own


def signed_in(database: Database, agents: int) -> list[str]:
    """Cookies of the agents, as if each had signed in: hashing two hundred passwords is not measured."""
    now = utc_now()
    cookies = [uuid.uuid4().hex for _ in range(agents)]

    def write(connection: Connection) -> None:
        for number, cookie in enumerate(cookies):
            name = f"agent{number}"
            connection.execute(
                tables.agents.insert().values(
                    name=name, password_hash="", created_at=now, seen_at=now
                )
            )
            connection.execute(
                tables.sign_ins.insert().values(
                    token_hash=hashlib.sha256(cookie.encode()).hexdigest(),
                    agent=name,
                    until=now + timedelta(hours=12),
                )
            )

    database.run_sync(write)
    return cookies


class Buyer:
    """Writes into a talk by its signed token."""

    def __init__(self, session: ClientSession, house: str, token: str) -> None:
        self._session, self._house, self._token = session, house, token

    async def say(self, text: str) -> None:
        frame = {"type": "send", "id": uuid.uuid4().hex, "kind": "text", "text": text}
        headers = {"Authorization": f"Bearer {self._token}"}
        url = f"{self._house}/api/chat/messages"
        async with self._session.post(url, json=frame, headers=headers) as answer:
            assert answer.status == 200, await answer.text()


async def listening(
    ws: ClientWebSocketResponse, talk: str, waited: dict[str, float], figures: Figures
) -> None:
    async for frame in ws:
        told = json.loads(frame.data)
        if told.get("type") == "message" and told["conversation_id"] == talk:
            began = waited.pop(told["message"]["text"], None)
            if began is not None:
                figures.heard_ms.append((time.perf_counter() - began) * 1000)


async def bot_talks(buyers: list[Buyer], figures: Figures, until: float) -> None:
    """So many lines a second to talks that the bot has."""
    number = 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        await buyers[number % len(buyers)].say(f"在吗 {number}")
        figures.bot_lines += 1
        number += 1
        await asyncio.sleep(max(0.0, 1 / _BOT_LINES_A_SECOND - (time.perf_counter() - began)))


async def agents_talks(
    buyers: list[Buyer], waited: dict[str, float], until: float, every_s: float
) -> None:
    number = 0
    while time.perf_counter() < until:
        text = f"line {uuid.uuid4().hex}"
        waited[text] = time.perf_counter()
        await buyers[number % len(buyers)].say(text)
        number += 1
        await asyncio.sleep(every_s)


async def openings(session: ClientSession, house: str, cookie: str, figures: Figures) -> None:
    headers = {"Cookie": f"dianxiaoer_desk={cookie}"}
    for _ in range(20):
        began = time.perf_counter()
        async with session.get(f"{house}/api/desk/conversations", headers=headers) as answer:
            figures.rows = len(await answer.json())
        figures.opening_ms.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.2)


async def raced(
    session: ClientSession, house: str, cookies: list[str], talks: list[str], figures: Figures
) -> None:
    """Two agents take each waiting talk in one instant."""

    async def take(talk: str, cookie: str) -> int:
        headers = {**OURS, "Cookie": f"dianxiaoer_desk={cookie}"}
        url = f"{house}/api/desk/conversations/{talk}/take"
        async with session.post(url, json={}, headers=headers) as answer:
            return answer.status

    for talk in talks:
        got = await asyncio.gather(take(talk, cookies[0]), take(talk, cookies[1]))
        figures.both += got.count(200) != 1


async def measured(options: argparse.Namespace, folder: Path) -> Figures:
    port, figures = free_port(), Figures()
    house = f"http://127.0.0.1:{port}"
    url = f"sqlite:///{folder / 'house.db'}"
    secret = "k" * 48
    environ = {
        **os.environ,
        "DIANXIAOER_VAR": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": secret,
        "PORT": str(port),
    }
    database = Database(url)
    upgrade(database)
    own = filled(database, options.talks, options.agents)
    cookies = signed_in(database, options.agents)
    others = database.read_sync(_waiting_and_bots)
    database.close()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.echo", cwd=ROOT, env=environ, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        sockets = TCPConnector(limit=0)  # a client's usual hundred would wait for ever
        async with ClientSession(connector=sockets, cookie_jar=CookieJar(unsafe=True)) as session:
            await opened(session, house)
            await _tried(session, house, secret, options, own, cookies, others, figures)
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 20)
    return figures


async def _tried(
    session: ClientSession,
    house: str,
    secret: str,
    options: argparse.Namespace,
    own: list[str],
    cookies: list[str],
    others: tuple[list[str], list[int]],
    figures: Figures,
) -> None:
    tokens = Tokens(secret)
    waiting, with_bot = others

    def buyer(number: int) -> Buyer:
        return Buyer(session, house, tokens.for_buyer(f"load-{number}", utc_now()))

    sockets = []
    for cookie in cookies:
        headers = {"Origin": house, "Cookie": f"dianxiaoer_desk={cookie}"}
        sockets.append(await session.ws_connect(f"{house}/api/desk/socket", headers=headers))
    waited: dict[str, float] = {}
    ears = [
        asyncio.create_task(listening(ws, talk, waited, figures))
        for ws, talk in zip(sockets, own, strict=True)
    ]
    until = time.perf_counter() + options.seconds
    await asyncio.gather(
        bot_talks([buyer(number) for number in with_bot[:200]], figures, until),
        agents_talks([buyer(number) for number in range(len(own))], waited, until, 0.5),
        openings(session, house, cookies[0], figures),
    )
    await asyncio.sleep(3)
    for ear in ears:
        ear.cancel()
    for ws in sockets:
        await ws.close()
    await raced(session, house, cookies, waiting[: options.races], figures)


def _waiting_and_bots(connection: Any) -> tuple[list[str], list[int]]:
    """Ids of talks that wait, numbers of the buyers whose talks the bot has."""
    table = conversations.c
    rows = connection.execute(sa.select(table.conversation_id, table.buyer_id, table.status)).all()
    waiting = [row.conversation_id for row in rows if row.status == Status.WAITING.value]
    bots = [row.buyer_id for row in rows if row.status == Status.WITH_BOT.value]
    return waiting, [int(one.partition("-")[2]) for one in bots]


async def opened(session: ClientSession, house: str) -> None:
    for _ in range(1200):
        try:
            async with session.get(f"{house}/healthz"):
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise SystemExit("the house did not open")


def told(figures: Figures, options: argparse.Namespace) -> str:
    def p(values: list[float], share: int) -> str:
        return (
            f"{statistics.quantiles(values, n=100)[share - 1]:.0f} ms" if len(values) > 1 else "-"
        )

    rate = figures.bot_lines / options.seconds
    return "\n".join(
        [
            f"{options.talks} open talks, {options.agents} agents' sockets, bot {rate:.1f} lines/s",
            f"buyer's line to its agent's socket, of {len(figures.heard_ms)}: "
            f"p50 {p(figures.heard_ms, 50)}, p95 {p(figures.heard_ms, 95)}",
            f"opening the desk: {figures.rows} rows, p50 {p(figures.opening_ms, 50)}, "
            f"p95 {p(figures.opening_ms, 95)}",
            f"races for one talk: {options.races}, not exactly one winner: {figures.both}",
        ]
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--talks", type=int, default=_OPEN)
    options.add_argument("--agents", type=int, default=_AGENTS)
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--races", type=int, default=400)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(told(asyncio.run(measured(chosen, Path(folder))), chosen))


if __name__ == "__main__":
    main()
