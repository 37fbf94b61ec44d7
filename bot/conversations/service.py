"""The verbs by which buyers' doors and the desk use conversations."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from bot.conversations import listing, store
from bot.conversations.announcing import announce
from bot.conversations.at_the_desk import AtTheDesk, UnseenLine
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Incoming, Message, Receipt
from bot.conversations.news import DESK, News
from bot.conversations.ports import OptOuts, OwnNumbers
from bot.conversations.receiving import (
    Receiving,
    UnknownConversation,
    Unsendable,
    existing,
    sendable,
)
from bot.conversations.sessions import SILENCE
from bot.database import Database, lock

__all__ = [
    "Clock",
    "Conversations",
    "UnknownConversation",
    "UnseenLine",
    "Unsendable",
    "announce",
]

Clock = Callable[[], datetime]


class Conversations(AtTheDesk):
    def __init__(
        self,
        database: Database,
        news: News,
        clock: Clock,
        *,
        opt_outs: OptOuts,
        own_numbers: OwnNumbers | None = None,
        silence: timedelta = SILENCE,
        are_in_hours: Callable[[datetime], bool] = lambda _: True,
    ) -> None:
        """`own_numbers`: None where the shop's orders are kept elsewhere; `silence`: ends a talk.

        `are_in_hours`: whether the shop's people are in at a moment; a wait of the night is none of
        those that the usual one is told by.
        """
        self._are_in_hours = are_in_hours
        self._database, self._news, self._clock = database, news, clock
        self._receiving = Receiving(opt_outs=opt_outs, own_numbers=own_numbers, silence=silence)

    async def open(
        self, *, buyer_id: str, signed_in: bool, channel: str, product_id: str | None = None
    ) -> Conversation:
        """The buyer's running conversation at this door, or a new one."""
        running = await self._database.read(store.newest_of_buyer, buyer_id, channel)
        if running is not None and product_id in (None, "", running.product_in_view):
            return running  # nearly always: nothing to write, nobody to wait for
        return await self._database.run(
            self._open, buyer_id, signed_in, channel, product_id, self._clock()
        )

    async def running(self, *, buyer_id: str, channel: str) -> Conversation | None:
        """The buyer's running conversation at this door; None where there is none to read."""
        return await self._database.read(store.newest_of_buyer, buyer_id, channel)

    @staticmethod
    def _open(
        connection: Connection,
        buyer_id: str,
        signed_in: bool,
        channel: str,
        product_id: str | None,
        now: datetime,
    ) -> Conversation:
        lock(connection, f"conversation:{channel}:{buyer_id}")  # two tabs opening at once
        running = store.newest_of_buyer(connection, buyer_id, channel)
        if running is None:
            running = Conversation(
                conversation_id=uuid.uuid4().hex,
                buyer_id=buyer_id,
                signed_in=signed_in,
                channel=channel,
                status=Status.WITH_BOT,
                opened_at=now,
                product_in_view=product_id,
            )
            store.add(connection, running)
        elif product_id and product_id != running.product_in_view:
            # Read anew, locked: what is saved is the whole row.
            running = replace(
                existing(connection, running.conversation_id), product_in_view=product_id
            )
            store.save(connection, running)
        return running

    async def forget_empty(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Deletes conversations that were opened and in which nothing was ever said; how many."""
        return await self._database.run(listing.delete_empty, self._clock() - older_than)

    async def find(self, conversation_id: str) -> Conversation:
        """Raises UnknownConversation."""
        found = await self._database.read(store.find, conversation_id)
        if found is None:
            raise UnknownConversation(conversation_id)
        return found

    async def buyer_types(self, conversation_id: str) -> None:
        """Tells the desk, where an agent has the conversation; nothing is kept."""
        if (agent := (await self.find(conversation_id)).assignee) != "":
            typing = {"type": "buyer_typing", "conversation_id": conversation_id}
            self._news.publish(DESK, {**typing, "to_agent": agent})

    async def agent_types(self, conversation_id: str, agent: str, *, on: bool) -> None:
        """Tells the buyer, where the agent has the conversation; nothing is kept."""
        if (await self.find(conversation_id)).assignee == agent:
            self._news.publish(conversation_id, {"type": "typing", "on": on})

    async def view(self, conversation_id: str, product_id: str | None) -> None:
        """The buyer looks at this product now."""

        def look(connection: Connection) -> None:
            conversation = existing(connection, conversation_id)
            store.save(connection, replace(conversation, product_in_view=product_id))

        await self._database.run(look)

    async def receive(self, conversation_id: str, incoming: Incoming) -> Receipt:
        """Writes a buyer's message down. Raises Unsendable, UnknownConversation."""
        text = sendable(incoming.text)
        if not (text or incoming.picture or incoming.button or incoming.product_id):
            raise Unsendable("empty", "消息是空的，写点什么再发吧")
        receipt, conversation, message = await self._database.run(
            self._receiving.write_down,
            conversation_id,
            replace(incoming, text=text),
            self._clock(),
        )
        if receipt.is_new:
            self._announce(conversation, [message])
        return receipt

    async def history(
        self, conversation_id: str, *, before: int | None = None, limit: int = 50
    ) -> list[Message]:
        """The last messages ahead of `before`, oldest first, suggestions included."""

        def read(connection: Connection) -> list[Message]:
            return store.before(connection, conversation_id, before, limit=limit)

        return await self._database.read(read)

    async def after(self, conversation_id: str, seq: int, *, limit: int = 500) -> list[Message]:
        """Messages past `seq`, oldest first, so many at most."""
        return await self._database.read(store.after, conversation_id, seq, limit=limit)

    async def answers(self, conversation_id: str, seq: int) -> list[Message]:
        """What a buyer who sent message `seq` and only hears by asking has to be told.

        First what agents and follow-ups have said since the message before, then what the bot
        answered to this one (nothing, while it has not).
        """

        def read(connection: Connection) -> list[Message]:
            unheard = store.unasked_before(connection, conversation_id, seq)
            asked = store.by_seq(connection, conversation_id, seq)
            if asked is None or not asked.turn_id:
                return unheard
            return [*unheard, *store.of_turn(connection, conversation_id, asked.turn_id, after=seq)]

        return await self._database.read(read)
