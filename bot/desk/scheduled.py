"""Lines that agents wrote for later: judged again when due, said once or kept back with the reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.agent_lines import OutOfDate
from bot.conversations.conversation import Conversation, Status, WrongOwner
from bot.conversations.news import DESK, News
from bot.conversations.service import Conversations
from bot.database import Database, DatabaseUnavailable
from bot.desk.accounts import Accounts
from bot.desk.tables import scheduled

log = structlog.get_logger(__name__)

MOST_OF_A_TALK = 5  # that wait
_AT_ONCE = 50


class Fate(Enum):
    PLANNED = "planned"
    SAID = "said"
    HELD = "held"  # back, for the agent to decide
    CANCELLED = "cancelled"


class Why(Enum):
    """A line was held back."""

    BUYER_WROTE = "buyer_wrote"
    NOT_YOURS = "not_yours"  # given back, passed on or closed meanwhile
    NO_ACCOUNT = "no_account"

    @property
    def text(self) -> str:
        return _TEXTS[self]


_TEXTS = {
    Why.BUYER_WROTE: "买家又说话了，看看还要不要发",
    Why.NOT_YOURS: "这段会话已经不在您手上了",
    Why.NO_ACCOUNT: "写这句话的账号不在了",
}


class TooMany(Exception):
    """As many lines as may wait in a talk do so already."""


def plan(
    connection: Connection,
    conversation_id: str,
    agent: str,
    text: str,
    *,
    due_at: datetime,
    now: datetime,
) -> None:
    """Raises TooMany."""
    waiting = sa.select(sa.func.count()).where(
        scheduled.c.conversation_id == conversation_id, scheduled.c.status == Fate.PLANNED.value
    )
    if connection.execute(waiting).scalar_one() >= MOST_OF_A_TALK:
        raise TooMany(conversation_id)
    connection.execute(
        scheduled.insert().values(
            conversation_id=conversation_id,
            agent=agent,
            text=text,
            made_at=now,
            due_at=due_at,
            seen_seq=store.newest_of_buyer_lines(connection, conversation_id),
            status=Fate.PLANNED.value,
            why="",
        )
    )


def cancel(connection: Connection, conversation_id: str, line_id: int, agent: str) -> bool:
    """Whether a line of the agent's that was not said yet went; `agent` "": anybody's."""
    this = [
        scheduled.c.line_id == line_id,
        scheduled.c.conversation_id == conversation_id,
        scheduled.c.status.in_([Fate.PLANNED.value, Fate.HELD.value]),
        *([scheduled.c.agent == agent] if agent else []),
    ]
    done = connection.execute(scheduled.update().where(*this).values(status=Fate.CANCELLED.value))
    return bool(done.rowcount)


def of_talk(connection: Connection, conversation_id: str) -> list[dict[str, Any]]:
    """The desk's JSON of those that wait or were held back, by their time."""
    query = sa.select(scheduled).where(
        scheduled.c.conversation_id == conversation_id,
        scheduled.c.status.in_([Fate.PLANNED.value, Fate.HELD.value]),
    )
    return [
        {
            "line_id": row.line_id,
            "agent": row.agent,
            "text": row.text,
            "due_at": row.due_at.isoformat(),
            "status": row.status,
            "why": Why(row.why).text if row.why else "",
        }
        for row in connection.execute(query.order_by(scheduled.c.due_at, scheduled.c.line_id))
    ]


class Scheduled:
    """Says what is due."""

    def __init__(
        self,
        *,
        database: Database,
        conversations: Conversations,
        accounts: Accounts,
        news: News,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._conversations = database, conversations
        self._accounts, self._news, self._clock = accounts, news, clock

    async def send_due(self) -> int:
        """How many were said."""
        said = 0
        for row in await self._database.read(_due, self._clock()):
            why = await self._say(row)
            fate = Fate.SAID if why is None else Fate.HELD
            said += why is None
            await self._database.run(_decide, row.line_id, fate, why)
            self.tell(row.conversation_id, row.agent, fate, why)
        return said

    def tell(self, conversation_id: str, agent: str, fate: Fate, why: Why | None = None) -> None:
        """Pages that show the talk reread what waits there."""
        told = {"type": "scheduled", "conversation_id": conversation_id, "agent": agent}
        frame = {**told, "status": fate.value, "why": why.text if why else ""}
        self._news.publish(DESK, frame)

    async def _say(self, row: Any) -> Why | None:
        """Said again after a crash it is the same line: its id comes of the row's."""
        agent = await self._accounts.find(row.agent)
        if agent is None or not agent.role.may_answer:
            return Why.NO_ACCOUNT
        reasons: list[Why] = []

        def may_go(connection: Connection, present: Conversation) -> bool:
            if present.status is not Status.WITH_AGENT or present.assignee != row.agent:
                reasons.append(Why.NOT_YOURS)
            elif store.newest_of_buyer_lines(connection, row.conversation_id) > row.seen_seq:
                reasons.append(Why.BUYER_WROTE)
            return not reasons

        try:
            await self._conversations.say_as_agent(
                row.conversation_id,
                row.agent,
                f"scheduled-{row.line_id}",
                row.text,
                shown_name=agent.shown_name,
                may_go=may_go,
            )
        except (OutOfDate, WrongOwner):
            return reasons[0] if reasons else Why.NOT_YOURS
        return None

    async def keep_sending(self, *, every_s: float = 5.0) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            try:
                await self.send_due()
            except DatabaseUnavailable:
                log.warning("desk.scheduled_postponed")


def _due(connection: Connection, now: datetime) -> list[Any]:
    query = (
        sa.select(scheduled)
        .where(scheduled.c.status == Fate.PLANNED.value, scheduled.c.due_at <= now)
        .order_by(scheduled.c.due_at)
        .limit(_AT_ONCE)
    )
    return list(connection.execute(query))


def _decide(connection: Connection, line_id: int, fate: Fate, why: Why | None) -> None:
    """Unless it was called off in the same instant."""
    connection.execute(
        scheduled.update()
        .where(scheduled.c.line_id == line_id, scheduled.c.status == Fate.PLANNED.value)
        .values(status=fate.value, why=why.value if why else "")
    )
