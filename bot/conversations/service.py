"""The verbs by which buyers' doors and the desk use conversations."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from bot.conversations import listing, sessions, store, wishes
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author, Incoming, Message, Receipt, system_line
from bot.conversations.news import DESK, News
from bot.conversations.ports import OptOuts, OwnNumbers
from bot.conversations.receiving import (
    Receiving,
    UnknownConversation,
    Unsendable,
    existing,
    sendable,
)
from bot.conversations.sessions import SILENCE, Ended
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


class UnseenLine(Exception):
    """The buyer has written message `seq`, which the agent has not on the page."""

    def __init__(self, seq: int) -> None:
        super().__init__(str(seq))
        self.seq = seq


class Conversations:
    def __init__(
        self,
        database: Database,
        news: News,
        clock: Clock,
        *,
        opt_outs: OptOuts,
        own_numbers: OwnNumbers | None = None,
        silence: timedelta = SILENCE,
    ) -> None:
        """`own_numbers`: None where the shop's orders are kept elsewhere; `silence`: ends a talk."""
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

    async def after(self, conversation_id: str, seq: int) -> list[Message]:
        return await self._database.read(store.after, conversation_id, seq)

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

    # -- the desk

    async def in_status(
        self,
        statuses: Sequence[Status],
        *,
        mine: str = "",
        behind: Sequence[str] = (),
        offset: int = 0,
    ) -> tuple[list[Conversation], int]:
        """A page of the desk's list for the agent `mine`, and how many there are in all.

        `behind`: ids of waiting conversations that come after all others that wait.
        """
        return await self._database.read(
            listing.in_status, statuses, mine=mine, behind=behind, offset=offset
        )

    async def waiting_visitors(self) -> list[str]:
        """Ids of the conversations in which visitors wait for a person, the longest first."""
        return await self._database.read(listing.waiting_visitors)

    async def close_abandoned(self, after: timedelta = timedelta(days=2)) -> int:
        """Closes what visitors wait in who went away; who writes again begins anew."""
        gone = await self._database.read(listing.gone_visitors, self._clock() - after)
        for conversation_id in gone:
            await self._move(
                conversation_id,
                lambda one: one.close() if one.status is Status.WAITING else one,
                "",
                ended=Ended.SILENCE,
            )
        return len(gone)

    async def take(self, conversation_id: str, agent: str) -> Conversation:
        """Raises WrongOwner where another agent has it."""
        return await self._move(conversation_id, lambda one: one.take(agent), f"客服{agent}来了")

    async def give_back(self, conversation_id: str) -> Conversation:
        return await self._move(conversation_id, Conversation.give_back, "接下来由小助手继续陪您")

    async def close(self, conversation_id: str, *, seen: int) -> Conversation:
        """`seen`: the number of the last line that the agent has on the page.

        Raises UnseenLine where the buyer has written since: the agent reads it first.
        """
        return await self._move(conversation_id, Conversation.close, "", seen=seen)

    async def say_as_agent(
        self, conversation_id: str, agent: str, message_id: str, text: str
    ) -> Message:
        """An agent's line; the conversation becomes theirs. Raises WrongOwner, Unsendable."""
        clean = sendable(text)
        if not clean:
            raise Unsendable("empty", "消息是空的，写点什么再发吧")

        def say(connection: Connection) -> tuple[Conversation, list[Message], Message]:
            present = existing(connection, conversation_id)
            known = store.by_message_id(connection, conversation_id, message_id)
            if known is not None:  # said already; who has the conversation since is as it is
                return present, [], known
            conversation = present.take(agent)
            store.save(connection, conversation)
            store.leave_to_people(connection, conversation_id)
            message = Message(
                conversation_id=conversation_id,
                seq=0,
                message_id=message_id,
                author=Author.AGENT,
                at=self._clock(),
                text=clean,
                agent=agent,
            )
            stored = store.append(connection, message)
            since = conversation.session_seq or conversation.last_seq
            wishes.answered_by_agent(connection, stored, since=since)
            return conversation, [stored], stored

        conversation, new, message = await self._database.run(say)
        self._announce(conversation, new)
        return message

    async def _move(
        self,
        conversation_id: str,
        move: Callable[[Conversation], Conversation],
        told: str,
        *,
        seen: int | None = None,
        ended: Ended = Ended.CLOSED,
    ) -> Conversation:
        def step(connection: Connection) -> tuple[Conversation, list[Message]]:
            present = existing(connection, conversation_id)
            newest = store.newest_of_buyer_lines(connection, conversation_id)
            if seen is not None and newest > seen:
                raise UnseenLine(newest)
            moved = move(present)
            if moved == present:  # clicked twice
                return moved, []
            if not moved.is_with_bot:
                store.leave_to_people(connection, conversation_id)
            if moved.status in (Status.WITH_BOT, Status.CLOSED):
                since = moved.session_seq or moved.last_seq
                wishes.left_unanswered(connection, conversation_id, since=since)
            if moved.status is Status.CLOSED:
                moved = sessions.end(connection, moved, ended, self._clock())
            store.save(connection, moved)
            lines = [system_line(conversation_id, told, self._clock())] if told else []
            return moved, [store.append(connection, line) for line in lines]

        conversation, lines = await self._database.run(step)
        self._announce(conversation, lines)
        return conversation

    def _announce(self, conversation: Conversation, said: Sequence[Message]) -> None:
        announce(self._news, conversation, said)


def announce(news: News, conversation: Conversation, said: Sequence[Message]) -> None:
    """Tells the buyer's sockets and the desk; suggestions go to the desk alone."""
    topic = conversation.conversation_id
    for message in said:
        if message.author is not Author.SUGGESTION:
            news.publish(topic, {"type": "message", "message": message})
        news.publish(DESK, {"type": "message", "conversation_id": topic, "message": message})
    news.publish(topic, {"type": "status", "status": conversation.status.value})
    news.publish(DESK, {"type": "conversation", "conversation": conversation})
