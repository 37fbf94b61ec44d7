"""What conversations need of the engine and of follow-ups, said in their own terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.engine import Connection

from bot.conversations.conversation import Conversation
from bot.engine.turns import Reply, Said, Speaker, TurnResult


class Answers(Protocol):
    """The part of the engine that a turn needs."""

    @property
    def model_id(self) -> str: ...

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult: ...

    async def words(self, response: str, **values: Any) -> Reply: ...

    def kept_of(self, memory: str, form: str, slots: Sequence[str]) -> dict[str, Any]:
        """What these slots hold while the form is open; nothing where it is not."""

    async def note(
        self,
        conversation_id: str,
        memory: str,
        *,
        said_by_us: Sequence[Reply] = (),
        slots: dict[str, Any] | None = None,
        person_left: bool = False,
    ) -> str: ...


# Whether an agent has gone, asked inside the transaction that gives their talk back.
Gone = Callable[[Connection, str], bool]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """An order that came of a turn."""

    number: str
    total: str  # as it is told
    card: Mapping[str, Any]


class Deeds(Protocol):
    """What was done at the shop, also by turns whose answer was lost."""

    async def since(self, buyer_id: str, moment: datetime) -> Sequence[Deed]:
        """Oldest first; empty where the shop cannot be read."""

    async def placed(self, buyer_id: str, since: datetime, until: datetime) -> Sequence[str] | None:
        """Numbers of the orders placed in that time, oldest first; None where the shop cannot be
        read."""


class People(Protocol):
    """Whether the shop's people are there."""

    def are_in_hours(self, now: datetime) -> bool: ...

    def back_at(self, now: datetime) -> datetime | None:
        """When they come in next; None where the shop opens no more."""

    def back_text(self, now: datetime) -> str: ...

    async def is_anybody_in(self) -> bool:
        """Whether an agent sits at the desk now."""


class OwnNumbers(Protocol):
    """Numbers of orders and parcels, which are shaped like those of bank cards."""

    def __call__(self, connection: Connection, number: str) -> bool:
        """Whether this is one of the shop's."""


class OptOuts(Protocol):
    """Where it is kept that a buyer wants no more follow-ups, inside the caller's transaction."""

    def opt_out(
        self, connection: Connection, conversation: Conversation, now: datetime
    ) -> None: ...

    def was_last(self, connection: Connection, conversation: Conversation) -> bool:
        """Whether the last thing said to this buyer was a follow-up."""


class Planner(OptOuts, Protocol):
    """Told of every finished turn, inside its transaction: plans follow-ups."""

    def refuse(
        self,
        connection: Connection,
        conversation: Conversation,
        now: datetime,
        *,
        after_follow_up: bool,
    ) -> None:
        """The buyer does not want what was offered; `after_follow_up`: in answer to one."""

    def after_turn(
        self, connection: Connection, conversation: Conversation, result: TurnResult, now: datetime
    ) -> None: ...
