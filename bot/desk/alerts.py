"""Tells people who have no page open: somebody waits, nobody took it, the bot is in trouble.

What is told is counts, reasons and minutes, never a name or a word of a buyer's. It goes into the outbox
in the transaction that looks, one message however many wait: a robot takes twenty a minute.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from bot.alert_settings import AlertPlan
from bot.conversations.conversation import Status
from bot.conversations.tables import conversations, waits
from bot.database import Database, DatabaseUnavailable
from bot.handing_over import HandOverReason, Urgency
from bot.outgoing import outbox

log = structlog.get_logger(__name__)

DOOR = "alert"
_TOLD_WITHIN = timedelta(minutes=30)  # later it is no news
_TROUBLE_EVERY_S = 600

_Message = tuple[str, str, dict[str, Any], str]  # key in the outbox, kind, data, text


class Alerts:
    def __init__(
        self,
        *,
        database: Database,
        plan: AlertPlan,
        clock: Callable[[], datetime],
        are_in_hours: Callable[[datetime], bool],
        ailing: Callable[[], Sequence[str]],
    ) -> None:
        """`ailing`: names of the house's own work that keeps failing."""
        self._database, self._plan, self._clock = database, plan, clock
        self._are_in_hours, self._ailing = are_in_hours, ailing

    async def look(self) -> int:
        """How many messages were put into the outbox."""
        if not self._plan.targets:
            return 0
        open_waits = await self._database.read(_open_waits)
        now = self._clock()
        told: list[_Message] = []
        is_day = self._are_in_hours(now)
        heard = open_waits if is_day else _urgent(open_waits)
        told += _waiting(heard, now)
        told += _untaken(heard, now, self._plan.untaken_after)
        if not is_day:  # in the morning all of them are told, these too
            told = [(f"night/{key}", kind, data, text) for key, kind, data, text in told]
        told += _trouble(open_waits, self._ailing(), now)
        return sum([await self._put(*one) for one in told])

    async def _put(self, key: str, kind: str, data: Mapping[str, Any], text: str) -> int:
        now = self._clock()
        said = f"{text}\n{self._plan.page}".strip()
        body = {"type": f"desk.{kind}", "data": dict(data), "text": said}

        def put(connection: Connection) -> int:
            return sum(
                outbox.put(
                    connection,
                    door=DOOR,
                    target=target,
                    key=key,
                    body=body,
                    now=now,
                    expires_at=now + _TOLD_WITHIN,
                )
                for target in self._plan.targets
            )

        return await self._database.run(put)

    async def keep_looking(self, *, every_s: float = 10.0) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except DatabaseUnavailable:
                log.warning("alerts.postponed")
            await asyncio.sleep(every_s)


def _open_waits(connection: Connection) -> list[Any]:
    query = (
        sa.select(waits.c.wait_id, waits.c.since, waits.c.reason, conversations.c.urgency)
        .join(conversations, conversations.c.conversation_id == waits.c.conversation_id)
        .where(waits.c.ended_at.is_(None), conversations.c.status == Status.WAITING.value)
        .order_by(waits.c.wait_id)
    )
    return list(connection.execute(query))


def _urgent(found: Sequence[Any]) -> list[Any]:
    """At night nobody is woken but where somebody may be hurt."""
    return [one for one in found if one.urgency == Urgency.AT_ONCE]


def _waiting(found: Sequence[Any], now: datetime) -> list[_Message]:
    if not found:
        return []
    data = _counted(found, now)
    text = f"【客服台】{data['waiting']} 位买家在等人工{_longest(data)}。{_reasons(data)}"
    # The newest wait names the message: it is told again when somebody else has begun to wait.
    return [(f"waiting/{found[-1].wait_id}", "waiting", data, text)]


def _untaken(found: Sequence[Any], now: datetime, after: timedelta) -> list[_Message]:
    late = [one for one in found if now - one.since >= after]
    if not late:
        return []
    data = _counted(late, now)
    minutes = int(after.total_seconds() // 60)
    text = f"【客服台】{data['waiting']} 位买家等了 {minutes} 分钟还没有人接{_longest(data)}。"
    return [(f"untaken/{late[-1].wait_id}", "untaken", data, text + _reasons(data))]


def _trouble(found: Sequence[Any], ailing: Sequence[str], now: datetime) -> list[_Message]:
    failed = [one for one in found if one.reason == HandOverReason.TROUBLE.value]
    if not failed and not ailing:
        return []
    data = {"failed_turns": len(failed), "ailing": list(ailing)}
    parts = [f"{len(failed)} 段会话因为出错转给了人工"] if failed else []
    parts += [f"后台任务反复失败：{'、'.join(ailing)}"] if ailing else []
    text = f"【客服台】机器人出了问题：{'；'.join(parts)}。请看日志。"
    newest = failed[-1].wait_id if failed else 0
    span = int(now.timestamp()) // _TROUBLE_EVERY_S
    key = f"trouble/{newest}/{span if ailing else ''}"
    return [(key, "trouble", data, text)]


def _counted(found: Sequence[Any], now: datetime) -> dict[str, Any]:
    longest = max(now - one.since for one in found)
    return {
        "waiting": len(found),
        "longest_minutes": max(0, int(longest.total_seconds() // 60)),
        "reasons": dict(Counter(one.reason for one in found)),
    }


def _longest(data: Mapping[str, Any]) -> str:
    return f"，最久的等了 {data['longest_minutes']} 分钟" if data["longest_minutes"] else ""


def _reasons(data: Mapping[str, Any]) -> str:
    told = [
        f"{HandOverReason(reason).text} {count} 位" for reason, count in data["reasons"].items()
    ]
    return "原因：" + "，".join(told) + "。"
