"""Tells the shop's people, where they have no page open, that promises are about to break.

Counts and times, never a buyer's name or word: one message for all that are found at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from bot.alert_settings import AlertPlan
from bot.desk.alerts import DOOR
from bot.followups.facts import moment_text
from bot.followups.keeping import Warn
from bot.followups.promise import Promise
from bot.outgoing import outbox

_TOLD_WITHIN = timedelta(hours=2)


def warns(plan: AlertPlan, zone: ZoneInfo) -> Warn:
    def warn(connection: Connection, found: Sequence[Promise], now: datetime) -> None:
        count = Counter(one.matter for one in found)
        kinds = "，".join(f"{matter.text} {number} 件" for matter, number in count.items())
        soonest = min(found, key=lambda one: one.due_at)
        text = f"【客服台】答应买家的事快到点了：{kinds}，最早的是 {moment_text(soonest.due_at, zone)} 前。"
        body = {
            "type": "promise.due_soon",
            "data": {
                "count": len(found),
                "matters": {matter.value: number for matter, number in count.items()},
                "soonest_due_at": soonest.due_at.isoformat(),
            },
            "text": f"{text}\n{plan.page}".strip(),
        }
        for target in plan.targets:
            outbox.put(
                connection,
                door=DOOR,
                target=target,
                key=f"promises/{soonest.promise_id}",
                body=body,
                now=now,
                expires_at=now + _TOLD_WITHIN,
            )

    return warn
