"""Tells the desk's pages what moves: each thing is read and rendered once, however many pages hear it.

A line goes at once to the pages of the agent who has the talk and of those who have it in view. What
stands on a line of the list goes to everybody, at most every quarter of a second, as it is stored by
then. A page that falls too far behind is cut off and rereads; so is one whose sign-in has ended.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog

from bot.conversations.messages import Message
from bot.conversations.news import DESK, Backlog, News
from bot.database import DatabaseUnavailable
from bot.desk.accounts import Accounts
from bot.desk.looking import Looking
from bot.desk.masking import masked_message

log = structlog.get_logger(__name__)

ROWS_EVERY_S = 0.25
_ROWS_A_FRAME = 50
_CHECKED_EVERY_S = 2.0  # sign-ins that ended elsewhere: by a command, by time
_SHORT = 300  # characters, of which addresses are read in half a millisecond
_READ_LATELY = 30  # talks of an agent whose lines still come

Rows = Callable[[Sequence[str]], Awaitable[list[dict[str, Any]]]]


async def _masked(message: Message) -> dict[str, Any]:
    """Here and now where it takes less than going to a thread and back: nearly every line."""
    if message.card is None and len(message.text) <= _SHORT:
        return masked_message(message)
    return await asyncio.to_thread(masked_message, message)


class Page:
    """An agent's open page: frames that wait to be sent to it."""

    def __init__(self, agent: str, token: str) -> None:
        self.page_id = uuid.uuid4().hex
        self.agent, self.token = agent, token
        self._frames: Backlog[str] = Backlog()
        self._is_cut = False

    def put(self, frame: str) -> None:
        self._frames.put(frame)

    async def next(self) -> str | None:
        """None: cut off."""
        frame = await self._frames.next()
        return None if self._is_cut else frame

    def cut(self) -> None:
        """Nothing more is told; the page has to sign in, or to reread."""
        self._is_cut = True
        self._frames.put(None)


class Telling:
    def __init__(
        self,
        *,
        news: News,
        accounts: Accounts,
        looking: Looking,
        rows: Rows,
        waiting: Callable[[], Awaitable[int]],
    ) -> None:
        """`rows`: what stands on the list's lines of these conversations, as it is stored now;
        `waiting`: how many wait for a person, for a page of fifty does not hold them all."""
        self._news, self._accounts, self._looking = news, accounts, looking
        self._rows, self._waiting = rows, waiting
        self._pages: set[Page] = set()
        self._read: dict[str, dict[str, None]] = defaultdict(dict)  # by agent; the newest last
        self._moved: dict[str, None] = {}  # conversations whose rows are to be told
        self._has_moved = asyncio.Event()
        self._is_listening = False
        self._ends_known, self._checked_at = accounts.ended, 0.0

    @contextmanager
    def joined(self, page: Page) -> Iterator[None]:
        """Meanwhile the page is told; where nobody listens just now, it is to come again."""
        self._pages.add(page)
        if not self._is_listening:
            page.cut()
        try:
            yield
        finally:
            self._pages.discard(page)

    def reads(self, agent: str, conversation_id: str) -> None:
        """Said before the talk is read: from now on its lines come to this agent's pages too."""
        read = self._read[agent]
        read.pop(conversation_id, None)
        read[conversation_id] = None
        if len(read) > _READ_LATELY:
            del read[next(iter(read))]

    async def keep_telling(self) -> None:
        """Until cancelled."""
        while True:
            with self._news.subscribe(DESK) as news:
                self._is_listening = True
                try:
                    while (event := await news.next()) is not None:
                        await self._tell(event)
                finally:
                    self._is_listening = False
                    for page in self._pages:
                        page.cut()
            if not news.is_cut_off:  # the house is closing
                await asyncio.Event().wait()
            log.warning("desk.telling_fell_behind")

    async def keep_telling_rows(self) -> None:
        """Until cancelled: what has moved since, in one go."""
        while True:
            await self._has_moved.wait()
            await self.tell_rows()
            await asyncio.sleep(ROWS_EVERY_S)

    async def tell_rows(self) -> None:
        self._has_moved.clear()
        ids, self._moved = list(self._moved), {}
        for first in range(0, len(ids) if self._pages else 0, _ROWS_A_FRAME):
            some = ids[first : first + _ROWS_A_FRAME]
            try:
                if rows := await self._rows(some):
                    frame = {"type": "conversations", "conversations": rows}
                    await self._send({**frame, "waiting": await self._waiting()}, self._pages)
            except DatabaseUnavailable:
                log.warning("desk.rows_postponed")
                self._moved = {**dict.fromkeys(ids[first:]), **self._moved}
                self._has_moved.set()
                return

    async def _tell(self, event: Mapping[str, Any]) -> None:
        if event["type"] == "conversation":
            self._moved[event["conversation"].conversation_id] = None
            self._has_moved.set()
            return
        if pages := self._whom(event):
            shown = {name: value for name, value in event.items() if name != "to_agent"}
            if isinstance(message := shown.get("message"), Message):
                shown["message"] = await _masked(message)
            await self._send(shown, pages)

    def _whom(self, event: Mapping[str, Any]) -> list[Page]:
        agent, talk = event.get("to_agent", ""), event.get("conversation_id", "")
        match event["type"]:
            case "message":
                return [one for one in self._pages if one.agent == agent or self._has(one, talk)]
            case "looking":
                return [one for one in self._pages if self._looking.of(one.page_id) == talk]
            case "buyer_typing" | "seen" | "mentions_seen":
                return [one for one in self._pages if one.agent == agent]
        return list(self._pages)

    def _has(self, page: Page, talk: str) -> bool:
        return talk in self._read.get(page.agent, ()) or self._looking.of(page.page_id) == talk

    async def _send(self, shown: Mapping[str, Any], pages: Collection[Page]) -> None:
        """To those of the pages whose sign-in stands."""
        frame = json.dumps(shown)
        await self._look_who_is_signed_in()
        for page in tuple(pages):
            if page in self._pages:
                page.put(frame)

    async def _look_who_is_signed_in(self) -> None:
        """At once after one ended here, and every two seconds: one question for all pages."""
        ends, now = self._accounts.ended, time.monotonic()
        if ends == self._ends_known and now - self._checked_at < _CHECKED_EVERY_S:
            return
        good = await self._accounts.good({one.token for one in self._pages})
        self._ends_known, self._checked_at = ends, now
        for page in [one for one in self._pages if one.token not in good]:
            page.cut()
            self._pages.discard(page)
