"""Tells the shop's people in their groups: the robots of 钉钉, 飞书 and 企业微信, or a signed webhook.

How each signs, by the public descriptions of their makers: 钉钉 puts the time in milliseconds and the
HMAC-SHA256 of `time\\nsecret`, keyed with the secret, into the address; 飞书 puts the time in seconds and
the HMAC of nothing, keyed with `time\\nsecret`, into the body; 企业微信 signs nothing, the address is the
secret. All three answer 200 whatever happened: the code in the body counts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import aiohttp

from bot.alert_settings import AlertKind, AlertTarget
from bot.outgoing.delivery import Delivery, NotNow, Refused
from bot.outgoing.signature import signed
from bot.outgoing.webhook import message_id, post

# What the makers' robots answer where too much comes in a minute, or they are busy.
_NOT_NOW = frozenset({-1, 130101, 410100, 9499, 11232, 45009, 45033})
_A_MINUTE = timedelta(minutes=1)
_JSON = {"Content-Type": "application/json; charset=utf-8"}


class AlertDoor:
    """`Delivery.body`: {"type", "data", "text"}; robots say the text, a webhook gets all of it."""

    may_repeat = True  # told twice is better than not told

    def __init__(
        self,
        session: aiohttp.ClientSession,
        targets: Mapping[str, AlertTarget],
        clock: Callable[[], datetime],
    ) -> None:
        self._session, self._targets, self._clock = session, targets, clock

    async def deliver(self, delivery: Delivery) -> str:
        target = self._targets.get(delivery.target)
        if target is None:
            raise Refused(f"no target {delivery.target} in the settings")
        if target.kind is AlertKind.WEBHOOK:
            body = _bytes({"timestamp": delivery.created_at.isoformat(), **delivery.body})
            headers = signed(target.secret, message_id(delivery), self._clock(), body)
            return await post(self._session, target.url, body, headers)
        url, content = _REQUESTS[target.kind](target, str(delivery.body["text"]), self._clock())
        return _judged(await post(self._session, url, _bytes(content), _JSON))


def dingtalk(target: AlertTarget, text: str, now: datetime) -> tuple[str, dict[str, Any]]:
    stamp = str(int(now.timestamp() * 1000))
    sign = _hmac(target.secret, f"{stamp}\n{target.secret}")
    border = "&" if "?" in target.url else "?"
    url = f"{target.url}{border}timestamp={stamp}&sign={quote_plus(sign)}"
    return url, {"msgtype": "text", "text": {"content": text}}


def feishu(target: AlertTarget, text: str, now: datetime) -> tuple[str, dict[str, Any]]:
    stamp = str(int(now.timestamp()))
    sign = _hmac(f"{stamp}\n{target.secret}", "")
    said = {"msg_type": "text", "content": {"text": text}}
    return target.url, {"timestamp": stamp, "sign": sign, **said}


def wecom(target: AlertTarget, text: str, now: datetime) -> tuple[str, dict[str, Any]]:
    return target.url, {"msgtype": "text", "text": {"content": text}}


_REQUESTS: Mapping[
    AlertKind, Callable[[AlertTarget, str, datetime], tuple[str, dict[str, Any]]]
] = {AlertKind.DINGTALK: dingtalk, AlertKind.FEISHU: feishu, AlertKind.WECOM: wecom}


def _hmac(key: str, message: str) -> str:
    digest = hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _bytes(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _judged(answer: str) -> str:
    """The receipt of a robot that took it. Raises NotNow, Refused."""
    try:
        told = json.loads(answer)
        code = int(told.get("errcode", told.get("code", told.get("StatusCode", 0))))
    except (ValueError, TypeError, AttributeError):
        raise Refused("the answer is none of a robot's: is the address right?") from None
    if code == 0:
        return "0"
    if code in _NOT_NOW:
        raise NotNow(f"code {code}", _A_MINUTE)
    raise Refused(f"code {code}: {str(told.get('errmsg', told.get('msg', '')))[:80]}")
