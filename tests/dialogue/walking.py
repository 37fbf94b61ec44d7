"""Random walks: talks of lines drawn from the training data, each heard as it is filed there.

No such talk makes sense, and that is the point: whatever a buyer says next, some things never
happen. What is looked at stands in `Walk.faults`.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from structlog.testing import capture_logs

from bot.conversations.messages import Author, Incoming, Message
from bot.shop.words.dealing import Order
from tests.support.house import House
from tests.support.told import SURE, Readings

LONGEST = 40  # characters of a line; longer ones are stories
BUYERS = ("buyer-xiaoman", "buyer-chen", "")  # "": a visitor
_FORM_ASKS = ("utter_ask_", "utter_photos_still")


@dataclass
class Walk:
    """One talk, as far as it has gone."""

    house: House
    readings: Readings
    dice: random.Random
    lines: Mapping[str, Sequence[str]]  # by full intent label
    talk: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def go(self, length: int) -> None:
        """Up to `length` lines; it ends where a person is fetched."""
        buyer = self.dice.choice(BUYERS)
        opened = await self.house.conversations.open(
            buyer_id=buyer or f"visitor:{uuid.UUID(int=self.dice.getrandbits(128)).hex}",
            signed_in=bool(buyer),
            channel="web",
            product_id=None,
        )
        seen, heard = 0, sorted(self.lines)
        orders = await self._orders(opened.buyer_id)
        for _ in range(length):
            intent = self.dice.choice(heard)
            text = self.dice.choice(self.lines[intent])
            self.readings.tell(text, {intent: SURE})
            with capture_logs() as logs:
                said = await self._say(opened.conversation_id, text, seen)
            seen = said[-1].seq if said else seen
            self.talk.append(f"  buyer: {text}  [{intent}]")
            replies = [one for one in said if one.author is Author.BOT]
            self.talk += [f"    bot: {one.text} ({one.response})" for one in replies]
            self.faults += [
                f"{one['event']}: {one.get('error') or one.get('intents')}"
                for one in logs
                if one["log_level"] in ("error", "critical")
            ]
            self.faults += [f"a gap: {one.text}" for one in replies if "{" in one.text]
            now = await self._orders(opened.buyer_id)
            if intent != "affirm" and now != orders:
                self.faults.append(f"a deed without a yes, at {text}")
            orders = now
            found = await self.house.conversations.find(opened.conversation_id)
            if found.status.value != "with_bot":
                return

    async def _say(self, conversation_id: str, text: str, seen: int) -> list[Message]:
        incoming = Incoming(message_id=uuid.UUID(int=self.dice.getrandbits(128)).hex, text=text)
        await self.house.conversations.receive(conversation_id, incoming)
        await self.house.turns.answer(conversation_id)
        return await self.house.conversations.after(conversation_id, seen)

    async def _orders(self, buyer_id: str) -> Sequence[Order]:
        return await self.house.shop.orders_of(buyer_id, limit=20)
