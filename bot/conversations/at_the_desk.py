"""The verbs by which the desk uses conversations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from bot.conversations import listing, ratings, sessions, store, unhelpful, waits, wishes
from bot.conversations.agent_lines import AgentLines
from bot.conversations.conversation import Conversation, Status, WrongOwner
from bot.conversations.messages import Message, system_line
from bot.conversations.news import DESK
from bot.conversations.ports import Gone
from bot.conversations.receiving import existing, sendable
from bot.conversations.sessions import Ended
from bot.handing_over import HandOverReason


class UnseenLine(Exception):
    """The buyer has written message `seq`, which the agent has not on the page."""

    def __init__(self, seq: int) -> None:
        super().__init__(str(seq))
        self.seq = seq


class AtTheDesk(AgentLines):
    """The half of `Conversations` that agents use."""

    _are_in_hours: Callable[[datetime], bool]

    async def in_status(
        self,
        statuses: Sequence[Status],
        *,
        mine: str = "",
        behind: Sequence[str] = (),
        offset: int = 0,
        limit: int = 200,
        only_mine: bool = False,
    ) -> tuple[list[Conversation], int]:
        """A page of the desk's list for the agent `mine`, and how many there are in all.

        `behind`: ids of waiting conversations that come after all others that wait.
        """
        return await self._database.read_apart(
            listing.in_status,
            statuses,
            mine=mine,
            behind=behind,
            offset=offset,
            limit=limit,
            only_mine=only_mine,
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

    async def take(self, conversation_id: str, agent: str, shown_name: str = "") -> Conversation:
        """`shown_name`: as buyers read it. Raises WrongOwner where another agent has it."""
        told = f"客服{shown_name or agent}来了"
        return await self._move(conversation_id, lambda one: one.take(agent), told)

    async def give_back(
        self, conversation_id: str, by: str = "", *, seen: int | None = None
    ) -> Conversation:
        """`by`: the agent who gives back, who must have it; "" = whoever leads, or the house.

        `seen`: the last line that the agent has on the page; what the buyer wrote behind it is the
        bot's to answer. Raises WrongOwner.
        """
        return await self._move(
            conversation_id,
            lambda one: _held_by(one, by, "give_back").give_back(),
            "接下来由小助手继续陪您",
            unseen_by_agent=seen,
        )

    async def close(self, conversation_id: str, *, seen: int, by: str = "") -> Conversation:
        """`seen`: the number of the last line that the agent has on the page; `by` as above.

        Raises UnseenLine where the buyer has written since: the agent reads it first; WrongOwner.
        """
        told = "这次先到这里，有事随时叫我们"
        return await self._move(
            conversation_id, lambda one: _held_by(one, by, "close").close(), told, seen=seen
        )

    async def transfer(
        self, conversation_id: str, to: str, shown_name: str, by: str = ""
    ) -> Conversation:
        """To a colleague. Raises WrongOwner."""
        return await self._move(
            conversation_id,
            lambda one: _held_by(one, by, "transfer").transfer(to),
            f"接下来由客服{shown_name}接着为您服务",
        )

    async def requeue(self, conversation_id: str, by: str = "") -> Conversation:
        """Back into the queue, by who has it. Raises WrongOwner."""
        reason = HandOverReason.GIVEN_ON.value
        return await self._move(
            conversation_id,
            lambda one: _held_by(one, by, "release").release(self._clock(), reason),
            "帮您换一位同事，稍等一下",
        )

    async def read_by_people(self, conversation_id: str, seq: int) -> None:
        """Somebody who may answer has the talk before their eyes up to message `seq`: the buyer who
        waits for a person, or has one, is told. Raises UnknownConversation."""

        def step(connection: Connection) -> bool:
            present = existing(connection, conversation_id)
            is_peoples = present.status in (Status.WAITING, Status.WITH_AGENT)
            return is_peoples and store.read_up_to(connection, conversation_id, seq)

        if await self._database.run(step):
            self._news.publish(conversation_id, {"type": "read", "seq": seq})

    async def rate(
        self, conversation_id: str, seq: int, score: ratings.Score, words: str
    ) -> Message:
        """The buyer's tap on the card `seq`. Raises NothingToRate, Unsendable."""
        clean = sendable(words)[: ratings.LONGEST_WORDS]
        rated = await self._database.run(
            ratings.rate, conversation_id, seq, score, clean, self._clock()
        )
        self._news.publish(
            DESK, {"type": "message", "conversation_id": conversation_id, "message": rated}
        )
        return rated

    async def unhelpful(self, conversation_id: str, seq: int) -> None:
        """The buyer's tap under the bot's line `seq`. Raises NothingToRate."""
        if not await self._database.run(unhelpful.mark, conversation_id, seq, self._clock()):
            raise ratings.NothingToRate(conversation_id)

    async def held_by(self, agent: str) -> list[tuple[str, str]]:
        return [one for one in await self.held_by_anybody() if one[1] == agent]

    async def held_by_anybody(self) -> list[tuple[str, str]]:
        """(conversation, agent) of all that agents have."""
        return await self._database.read(listing.held)

    async def release(self, conversation_id: str, agent: str, is_gone: Gone) -> bool:
        """Gives the absent agent's conversation to the queue; whether it was still theirs.

        `is_gone` is asked in the writing transaction: who has just come back keeps it. It waits as
        long as the buyer has waited for an answer already.
        """
        reason = HandOverReason.AGENT_LEFT

        def step(connection: Connection) -> tuple[Conversation, list[Message]] | None:
            present = existing(connection, conversation_id)
            is_theirs = present.status is Status.WITH_AGENT and present.assignee == agent
            if not is_theirs or not is_gone(connection, agent):
                return None
            unanswered = store.first_unanswered(connection, conversation_id)
            since = unanswered.at if unanswered else self._clock()
            freed = present.release(since, reason.value)
            freed = replace(freed, urgency=min(freed.urgency, reason.urgency))
            store.save(connection, freed)
            waits.begin(connection, freed, in_hours=self._are_in_hours(self._clock()))
            told = "刚才的同事有事走开了，您的话都留着，其他同事会接上"
            line = system_line(conversation_id, told, self._clock())
            return freed, [store.append(connection, line)]

        done = await self._database.run(step)
        if done is None:
            return False
        self._announce(*done)
        return True

    async def _move(
        self,
        conversation_id: str,
        move: Callable[[Conversation], Conversation],
        told: str,
        *,
        seen: int | None = None,
        unseen_by_agent: int | None = None,
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
            if not moved.bot_may_answer:
                store.leave_to_people(connection, conversation_id)
            if moved.status is Status.WAITING:
                waits.begin(connection, moved, in_hours=self._are_in_hours(self._clock()))
            if unseen_by_agent is not None:
                store.leave_to_bot(connection, conversation_id, unseen_by_agent)
            if moved.status in (Status.WITH_BOT, Status.CLOSED):
                since = moved.session_seq or moved.last_seq
                wishes.left_unanswered(connection, conversation_id, since=since)
            if moved.status is Status.CLOSED:
                moved = sessions.end(connection, moved, ended, self._clock())
            store.save(connection, moved)
            waits.moved(connection, present, moved, self._clock())
            lines = [system_line(conversation_id, told, self._clock())] if told else []
            said = [store.append(connection, line) for line in lines]
            if moved.status is Status.CLOSED and present.status is Status.WITH_AGENT:
                said += ratings.ask(
                    connection,
                    moved,
                    present.assignee,
                    since=present.session_seq,
                    now=self._clock(),
                )
            return moved, said

        conversation, lines = await self._database.run(step)
        self._announce(conversation, lines)
        return conversation


def _held_by(one: Conversation, agent: str, move: str) -> Conversation:
    """Raises WrongOwner where a colleague has it."""
    if agent and one.status is Status.WITH_AGENT and one.assignee != agent:
        raise WrongOwner(one.status, move)
    return one
