"""A POST to an address of the owner's, signed as signature.py says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp

from bot.outgoing.delivery import Delivery, NotNow, Refused, Unsure
from bot.outgoing.signature import signed

_WITHIN = aiohttp.ClientTimeout(total=12, connect=5)
_MOST_ASKED = timedelta(hours=12)  # of a Retry-After that is believed
_NOT_NOW = (408, 425, 429)


@dataclass(frozen=True, kw_only=True)
class Target:
    url: str = field(repr=False)  # may hold a key
    secret: str = field(repr=False)


class WebhookDoor:
    """Posts `{"type", "timestamp", "data"}`; `Delivery.body` holds `type` and `data`."""

    may_repeat = True

    def __init__(
        self,
        session: aiohttp.ClientSession,
        targets: Mapping[str, Target],
        clock: Callable[[], datetime],
    ) -> None:
        self._session, self._targets, self._clock = session, targets, clock

    async def deliver(self, delivery: Delivery) -> str:
        target = self._targets.get(delivery.target)
        if target is None:
            raise Refused(f"no target {delivery.target} in the settings")
        body = json.dumps(
            {"timestamp": delivery.created_at.isoformat(), **delivery.body}, ensure_ascii=False
        ).encode()
        return await post(
            self._session,
            target.url,
            body,
            signed(target.secret, message_id(delivery), self._clock(), body),
        )


def message_id(delivery: Delivery) -> str:
    """The same at every try, and after a restart."""
    return f"msg_{hashlib.sha256(f'{delivery.target}/{delivery.key}'.encode()).hexdigest()[:32]}"


async def post(
    session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str]
) -> str:
    """The first characters of the answer. Raises NotNow, Refused, Unsure.

    Redirects are not followed: the signed body would go to whom nobody named.
    """
    try:
        async with session.post(
            url, data=body, headers=dict(headers), timeout=_WITHIN, allow_redirects=False
        ) as answer:
            told = (await answer.content.read(2000)).decode("utf-8", "replace")
            status, asked = answer.status, answer.headers.get("Retry-After", "")
    except aiohttp.ClientConnectorError as error:
        raise NotNow(f"cannot connect: {type(error).__name__}") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unsure(f"no answer: {type(error).__name__}") from error
    if 200 <= status < 300:
        return told
    if status in _NOT_NOW or status >= 500:
        raise NotNow(f"answered {status}", retry_after(asked))
    raise Refused(f"answered {status}")


def retry_after(text: str) -> timedelta | None:
    """Seconds of a Retry-After; its form as a date is left to our own pauses."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(timedelta(seconds=int(text[:9])), _MOST_ASKED)
