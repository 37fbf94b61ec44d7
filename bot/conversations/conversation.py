"""Who is speaking in a conversation, and the moves by which that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any


class Status(Enum):
    """Who answers the buyer next."""

    WITH_BOT = "with_bot"
    WAITING = "waiting"  # for a person; the bot is silent
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

    @property
    def is_with_bot(self) -> bool:
        return self.status is Status.WITH_BOT

    def hand_over(self, reason: str, summary: Mapping[str, Any], at: datetime) -> Conversation:
        if self.status is not Status.WITH_BOT:
            raise WrongOwner(self.status, "hand_over")
        return replace(
            self,
            status=Status.WAITING,
            waiting_since=at,
            hand_over_reason=reason,
            summary=summary,
            person_was_in=True,
        )

    def take(self, agent: str) -> Conversation:
        """An agent takes over, whoever had it; not from another agent."""
        if self.status is Status.WITH_AGENT and self.assignee != agent:
            raise WrongOwner(self.status, "take")
        return replace(
            self,
            status=Status.WITH_AGENT,
            assignee=agent,
            waiting_since=None,
            person_was_in=True,
        )

    def give_back(self) -> Conversation:
        if self.status not in (Status.WITH_AGENT, Status.WAITING):
            raise WrongOwner(self.status, "give_back")
        return replace(
            self,
            status=Status.WITH_BOT,
            assignee="",
            waiting_since=None,
            hand_over_reason="",
        )

    def close(self) -> Conversation:
        return replace(self, status=Status.CLOSED, assignee="", waiting_since=None)

    def reopen(self) -> Conversation:
        """A buyer who writes into a closed conversation starts with the bot again."""
        if self.status is not Status.CLOSED:
            raise WrongOwner(self.status, "reopen")
        return replace(self, status=Status.WITH_BOT, hand_over_reason="", summary=None)
