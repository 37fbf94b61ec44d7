"""What a promise is: what was promised to whom, in which line, by when, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

WARNED_BEFORE = timedelta(hours=2)
TOLD_BEFORE = timedelta(minutes=30)
_MOST_OF_IT = 4  # of a short one, a warning comes when a quarter of its time is left
FOUND_FOR = timedelta(days=1)  # so long an agent may confirm what was read in a line


class Matter(Enum):
    """What was promised. The value is what bot.nlu.promising calls it."""

    REPLY = "reply"
    SEND = "send"  # a link, an invoice, a number
    SHIP = "ship"
    RESEND = "resend"
    REFUND = "refund"
    RESTOCK = "restock"  # to be told; no day is owed

    @property
    def text(self) -> str:
        return _TEXTS[self]

    @property
    def is_dated(self) -> bool:
        return self is not Matter.RESTOCK


_TEXTS = {
    Matter.REPLY: "给您回复",
    Matter.SEND: "发给您",
    Matter.SHIP: "给您发货",
    Matter.RESEND: "给您补发",
    Matter.REFUND: "给您退款",
    Matter.RESTOCK: "到货通知您",
}


class PromiseStatus(Enum):
    FOUND = "found"  # read in an agent's line, not confirmed yet
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"  # its reason went: the order was cancelled, the buyer needs it no more
    DISMISSED = "dismissed"  # was none, says the agent


@dataclass(frozen=True, kw_only=True)
class Promise:
    promise_id: int
    conversation_id: str
    buyer_id: str
    seq: int  # of the line; where no line said it, the number of the shop's happening
    made_by: str  # "" = the bot
    matter: Matter
    text: str
    order_number: str
    product_id: str
    made_at: datetime
    due_at: datetime
    status: PromiseStatus
    warned_at: datetime | None
    told_at: datetime | None

    @property
    def is_bots(self) -> bool:
        return not self.made_by

    @property
    def warns_at(self) -> datetime:
        return self.due_at - min(WARNED_BEFORE, (self.due_at - self.made_at) / _MOST_OF_IT)

    @property
    def tells_at(self) -> datetime:
        """When the buyer hears that it will not be kept."""
        return self.due_at - min(TOLD_BEFORE, (self.due_at - self.made_at) / _MOST_OF_IT)
