"""Text messages: what fits into one, and the port behind which a provider stands.

A provider is one method. `HttpSmsProvider` speaks the smallest protocol there is, for a provider's
gateway or a few lines of the shop's own in front of one:

    POST url   Authorization: Bearer KEY   {"id", "phone", "text"}
    2xx {"receipt"}: taken · 429, 5xx: not now · any other: refused

It is sent at most once: where no answer came nobody knows, and nothing is sent again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Protocol

import aiohttp

from bot.outgoing.delivery import Delivery, Refused
from bot.outgoing.webhook import post

LONGEST = 70  # characters of one text message, signature and way out included
WAY_OUT = "拒收请回复R"
_SENTENCE = re.compile(r"[^。！？!?~]*[。！？!?~]?")
_PHONE = re.compile(r"1\d{10}")


class SmsProvider(Protocol):
    async def send(self, identity: str, phone: str, text: str) -> str:
        """The provider's receipt. Raises NotNow, Refused or Unsure."""
        ...


class HttpSmsProvider:
    def __init__(self, session: aiohttp.ClientSession, url: str, key: str) -> None:
        self._session, self._url, self._key = session, url, key

    async def send(self, identity: str, phone: str, text: str) -> str:
        body = json.dumps({"id": identity, "phone": phone, "text": text}, ensure_ascii=False)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        answer = await post(self._session, self._url, body.encode(), headers)
        try:
            return str(json.loads(answer)["receipt"])
        except (ValueError, KeyError, TypeError):
            return ""


class SmsDoor:
    """`Delivery.body`: {"text", "order_number"}; the phone is asked for when it is sent."""

    may_repeat = False

    def __init__(
        self, provider: SmsProvider, phone_of: Callable[[str, str], Awaitable[str]]
    ) -> None:
        """`phone_of`: by buyer and order number; "" where none is known."""
        self._provider, self._phone_of = provider, phone_of

    async def deliver(self, delivery: Delivery) -> str:
        phone = await self._phone_of(delivery.buyer_id, str(delivery.body["order_number"]))
        if not _PHONE.fullmatch(phone):
            raise Refused("no mobile number")
        return await self._provider.send(delivery.key, phone, str(delivery.body["text"]))


def sms_text(sign: str, text: str) -> str:
    """Who writes comes first; whole sentences of the text, as many as fit into one message."""
    room = LONGEST - len(sign) - 2 - len(WAY_OUT) - 1
    said = ""
    for sentence in _SENTENCE.findall(" ".join(text.split())):
        if len(said) + len(sentence) > room:
            break
        said += sentence
    if not said:
        said = f"{text[: room - 6]}…详见聊天"
    return f"【{sign}】{said.rstrip()} {WAY_OUT}"
