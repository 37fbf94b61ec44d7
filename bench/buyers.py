"""Buyers who talk to a REST door and take the time: one after another, or many at once."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import yaml
from aiohttp import ClientSession, ClientTimeout

LIST = Path(__file__).with_name("conversations.yml")
WEBHOOK = "/webhooks/rest/webhook"


@dataclass(frozen=True)
class Heard:
    """One answered line."""

    said: str
    seconds: float
    bubbles: int  # of the reply; 0 = silence


@dataclass(frozen=True)
class Crowd:
    """What many buyers at once got in a span of time."""

    heard: tuple[Heard, ...]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.heard) / self.seconds


def conversations() -> list[list[str]]:
    """The lines of each conversation in bench/conversations.yml."""
    return [one["lines"] for one in yaml.safe_load(LIST.read_text(encoding="utf-8"))]


_BEFORE = ("", "", "", "", "亲，", "那个", "请问")
_AFTER = ("", "呀", "呢", "哦", "啊", "哈", "哟", "啦", "诶", "咯", "嘞", "~")
_numbers = itertools.count()


def varied(lines: list[str]) -> list[str]:
    """The lines as another buyer would say them, so that no cache knows them already.

    Lines with figures (orders, phones, measures) stay as they are.
    """
    number = next(_numbers)
    before, after = _BEFORE[number % len(_BEFORE)], _AFTER[number % len(_AFTER)]
    return [
        line if any(char.isdigit() for char in line) else f"{before}{line}{after}" for line in lines
    ]


def client() -> ClientSession:
    return ClientSession(timeout=ClientTimeout(total=120))


async def say(session: ClientSession, address: str, sender: str, text: str) -> Heard:
    """Raises ClientResponseError when the door refuses."""
    started = time.perf_counter()
    body = {"sender": sender, "message": text}
    async with session.post(f"{address}{WEBHOOK}", json=body) as response:
        response.raise_for_status()
        bubbles = await response.json()
    return Heard(text, time.perf_counter() - started, len(bubbles))


async def converse(session: ClientSession, address: str, lines: list[str]) -> list[Heard]:
    """A new buyer's conversation, each line after the answer to the one before."""
    sender = f"bench-{uuid.uuid4().hex}"
    return [await say(session, address, sender, line) for line in lines]


async def crowd(
    session: ClientSession, address: str, lists: list[list[str]], *, buyers: int, seconds: float
) -> Crowd:
    """`buyers` at once, each with one conversation after another, for a span of time.

    Lines answered after the span do not count.
    """
    begun, heard = time.perf_counter(), list[Heard]()
    turn = itertools.cycle(lists)

    async def buyer() -> None:
        while time.perf_counter() - begun < seconds:
            sender = f"bench-{uuid.uuid4().hex}"
            for line in varied(next(turn)):
                answer = await say(session, address, sender, line)
                if time.perf_counter() - begun > seconds:
                    return
                heard.append(answer)

    await asyncio.gather(*(buyer() for _ in range(buyers)))
    return Crowd(tuple(heard), seconds)
