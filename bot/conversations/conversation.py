"""Who is speaking in a conversation, and the moves by which that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from bot.handing_over import HandOverReason, Urgency

_BY_AGENT = HandOverReason.BY_AGENT.value


class Status(Enum):
    """Who answers the buyer next."""

    WITH_BOT = "with_bot"
    WAITING = "waiting"  # for a person; until one comes the bot answers what it is sure of
    WITH_AGENT = "with_agent"
    CLOSED = "closed"  # until the buyer writes again


class WrongOwner(Exception):
    """A move that the present owner does not allow."""

    def __init__(self, status: Status, move: str) -> None:
        super().__init__(f"{move} while {status.value}")
        self.status, self.move = status, move


@dataclass(frozen=True, kw_only=True)
class Conversation:
    conversation_id: str
    buyer_id: str  # "visitor:<id>" until somebody signs in
    signed_in: bool
    channel: str  # "web" | "rest"
    status: Status
    opened_at: datetime
    assignee: str = ""  # the agent's name while with_agent
    waiting_since: datetime | None = None
    hand_over_reason: str = ""
    summary: Mapping[str, Any] | None = None
    product_in_view: str | None = None
    last_buyer_at: datetime | None = None
    last_seq: int = 0
    version: int = 0  # of the bot's memory
    person_was_in: bool = False  # the bot has to catch up before its next word
    question: str = ""  # the one that stands open; buttons of another one are stale
    session_seq: int = 0  # first message of the session that is going on; 0 = none is
    urgency: int = Urgency.USUAL  # in the queue; the smaller, the sooner
    promised_for: datetime | None = None  # by when the buyer was told that a person answers
    last_agent: str = ""  # who had the conversation last
    read_seq: int = 0  # people of the shop have had the talk before their eyes up to here

    @property
    def is_with_bot(self) -> bool:
        return self.status is Status.WITH_BOT

    @property
    def bot_may_answer(self) -> bool:
        """Until a person has taken it; while one is waited for, only what is sure."""
        return self.status in (Status.WITH_BOT, Status.WAITING)

    def hand_over(
        self,
        reason: str,
        summary: Mapping[str, Any],
        at: datetime,
        *,
        urgency: int = Urgency.USUAL,
        promised_for: datetime | None = None,
    ) -> Conversation:
        if self.status is not Status.WITH_BOT:
            raise WrongOwner(self.status, "hand_over")
        return replace(
            self,
            status=Status.WAITING,
            waiting_since=at,
            hand_over_reason=reason,
            summary=summary,
            person_was_in=True,
            urgency=urgency,
            promised_for=promised_for,
        )

    def urge(self, reason: HandOverReason) -> Conversation:
        """The buyer who waits has said something that weighs more than why they waited."""
        if self.status is not Status.WAITING or not reason.outweighs(self.hand_over_reason):
            return self
        return replace(
            self, urgency=min(self.urgency, reason.urgency), hand_over_reason=reason.value
        )

    def release(self, since: datetime, reason: str) -> Conversation:
        """Its agent is gone: it waits for another one, as long as the buyer has waited already."""
        if self.status is not Status.WITH_AGENT:
            raise WrongOwner(self.status, "release")
        was_asked = self.hand_over_reason not in ("", _BY_AGENT)
        return replace(
            self,
            status=Status.WAITING,
            assignee="",
            waiting_since=since,
            hand_over_reason=self.hand_over_reason if was_asked else reason,
            promised_for=None,
        )

    def take(self, agent: str) -> Conversation:
        """An agent takes over, whoever had it; not from another agent."""
        if self.status is Status.WITH_AGENT and self.assignee != agent:
            raise WrongOwner(self.status, "take")
        was_asked = self.status in (Status.WAITING, Status.WITH_AGENT)
        return replace(
            self,
            status=Status.WITH_AGENT,
            hand_over_reason=self.hand_over_reason if was_asked else _BY_AGENT,
            assignee=agent,
            waiting_since=None,
            person_was_in=True,
            promised_for=None,
            last_agent=agent,
        )

    def transfer(self, agent: str) -> Conversation:
        """From one agent to another one."""
        if self.status is not Status.WITH_AGENT:
            raise WrongOwner(self.status, "transfer")
        return replace(self, assignee=agent, last_agent=agent)

    def give_back(self) -> Conversation:
        if self.status not in (Status.WITH_AGENT, Status.WAITING):
            raise WrongOwner(self.status, "give_back")
        return replace(
            self,
            status=Status.WITH_BOT,
            assignee="",
            waiting_since=None,
            hand_over_reason="",
            summary=None,
            urgency=Urgency.USUAL,
            promised_for=None,
        )

    def close(self) -> Conversation:
        return replace(
            self,
            status=Status.CLOSED,
            assignee="",
            waiting_since=None,
            urgency=Urgency.USUAL,
            promised_for=None,
        )

    def reopen(self) -> Conversation:
        """A buyer who writes into a closed conversation starts with the bot again."""
        if self.status is not Status.CLOSED:
            raise WrongOwner(self.status, "reopen")
        return replace(self, status=Status.WITH_BOT, hand_over_reason="", summary=None)
