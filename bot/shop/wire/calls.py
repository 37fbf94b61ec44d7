"""One call over the JSON API: its address, its time limit, and what went wrong as the port's errors."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from yarl import URL

from bot.shop.wire.endpoints import address, by_verb, to_wire
from bot.shop.wire.faults import error_from
from bot.shop.wire.one_turn import current_turn
from bot.shop.words.codec import BadShape, decode
from bot.shop.words.errors import ShopUnavailable

TOO_LATE_S = 0.05  # with less than this left no call can end in time


class Calls:
    """Calls verbs of the port at `base_url` (without the API's own path), each within `time_limit` s."""

    def __init__(self, base_url: str, token: str, time_limit: float) -> None:
        self._base_url, self._token, self._time_limit = base_url.rstrip("/"), token, time_limit
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, verb: str, values: dict[str, Any]) -> Any:
        """The verb's answer. Raises what the verb raises, and ShopUnavailable.

        What was read in this turn is not asked for again, until something is changed.
        """
        endpoint, turn = by_verb()[verb], current_turn()
        sent = to_wire(endpoint, values)
        url = self._base_url + address(endpoint, values)
        asked = json.dumps([verb, url, sent], ensure_ascii=False, sort_keys=True)
        if turn is not None and endpoint.changes:
            turn.heard.clear()
        elif turn is not None and asked in turn.heard:
            return turn.heard[asked]
        body, answered = await self._send(verb, endpoint.method, url, sent, self._within())
        if not answered:
            raise error_from(body)
        try:
            answer = decode(endpoint.answer, body)
        except (BadShape, ValueError) as problem:
            raise ShopUnavailable(f"{verb}: {type(problem).__name__}") from problem
        if turn is not None and not endpoint.changes:
            turn.heard[asked] = answer
        return answer

    def _within(self) -> float:
        turn = current_turn()
        return self._time_limit if turn is None else min(self._time_limit, turn.seconds_left())

    async def _send(
        self, verb: str, method: str, url: str, sent: Any, within_s: float
    ) -> tuple[Any, bool]:
        """The body, and whether it is an answer rather than an error."""
        if within_s < TOO_LATE_S:
            raise ShopUnavailable(f"{verb}: no time left")
        if self._session is None:  # not in __init__: it belongs to the running loop
            self._session = aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {self._token}"}
            )
        is_get = method == "GET"
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True),  # names are percent-encoded already; not twice
                params=sent if is_get else None,
                json=None if is_get else sent,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=within_s),
            ) as answer:
                return json.loads(await answer.read()), answer.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as problem:
            raise ShopUnavailable(f"{verb}: {type(problem).__name__}") from problem
