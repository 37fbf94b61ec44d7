"""Runs the bot's turns: one at a time per conversation, in one piece, resumed after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.after_people import AfterPeople
from bot.conversations.attempts import give_another_try, lost_to_people
from bot.conversations.conversation import Conversation, Status
from bot.conversations.finishing import bubble, finish, spoken_again
from bot.conversations.locks import ConversationLocks
from bot.conversations.messages import Author, Message
from bot.conversations.news import News
from bot.conversations.ports import Answers, Deeds, Planner
from bot.conversations.reading import OPT_OUT, Reading, read
from bot.conversations.service import announce
from bot.conversations.trouble import given_up, trouble
from bot.conversations.waking import Waking
from bot.database import Database, DatabaseUnavailable
from bot.engine.turns import FOLLOW_UP, Speaker, TurnResult
from bot.settings import Reading as Pauses

__all__ = ["OPT_OUT", "Answers", "Planner", "Turns"]

log = structlog.get_logger(__name__)

# Turns that one call answers: a lost one, the lines after it, and what else came in meanwhile.
_MOST_IN_A_ROW = 6


class _TakenBack(Exception):
    """Rolls back an interjection whose reason has gone."""


class Turns:
    def __init__(
        self,
        *,
        database: Database,
        engine: Answers,
        news: News,
        planner: Planner,
        deeds: Deeds,
        reading: Pauses,
        speaker_of: Callable[[Conversation], Speaker],
        clock: Callable[[], datetime],
        time_limit_s: float = 30.0,
    ) -> None:
        """`time_limit_s`: how long the engine may think about one turn."""
        self._database, self._engine, self._news = database, engine, news
        self._planner, self._speaker_of, self._clock = planner, speaker_of, clock
        self._deeds, self._time_limit_s = deeds, time_limit_s
        self._after_people = AfterPeople(
            database=database, news=news, planner=planner, deeds=deeds, clock=clock
        )
        self._locks = ConversationLocks()
        self._running: set[asyncio.Task[list[Message]]] = set()
        self._waking = Waking(reading, self.answer)

    def use_engine(self, engine: Answers) -> None:
        """Turns that begin from now on are answered by this engine."""
        self._engine = engine

    # -- waking

    def wake(self, conversation_id: str) -> None:
        """A line came in: answer once the buyer has paused (or has been typing for long)."""
        self._waking.wake(conversation_id)

    def is_waiting(self, conversation_id: str) -> bool:
        """Whether lines of this conversation wait for the buyer's pause."""
        return self._waking.is_waiting(conversation_id)

    async def resume(self) -> int:
        """Wakes every conversation in which a buyer still waits for the bot; how many there are."""
        left = await self._database.read(store.with_pending)
        for conversation_id in left:
            self._waking.wake_after(conversation_id, 0.0)
        return len(left)

    async def close(self) -> None:
        """Lets running turns finish; what has not begun stays pending for the next start."""
        await self._waking.close()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._locks.all_free()

    # -- answering

    async def answer(self, conversation_id: str, *, up_to: int | None = None) -> list[Message]:
        """Answers what is pending (up to message `up_to`); returns what was said to the buyer.

        Raises DatabaseUnavailable; the lines then stay pending.
        """
        # Shielded: a caller that goes away leaves a whole turn, not half of one.
        turn = asyncio.create_task(self._turn(conversation_id, up_to))
        self._running.add(turn)
        turn.add_done_callback(self._running.discard)
        return await asyncio.shield(turn)

    async def _turn(self, conversation_id: str, up_to: int | None) -> list[Message]:
        said: list[Message] = []
        async with self._locks.of(conversation_id):
            said += await self._after_people.catch_up(self._engine, conversation_id)
            for _ in range(_MOST_IN_A_ROW):
                found = await self._database.run(
                    read, conversation_id, up_to, self._planner, self._clock()
                )
                if found is None:
                    break
                answered = await self._one_turn(found)
                said += answered or ()
                # What came in while the bot thought waits for its own pause; the lines behind a
                # lost turn, or beside those of another process, have waited long enough.
                if answered is not None and not found.attempt.is_retry:
                    break
        return [message for message in said if message.author is Author.BOT]

    async def _one_turn(self, found: Reading) -> list[Message] | None:
        """What was said; None where somebody else was quicker to write."""
        conversation_id = found.conversation.conversation_id
        self._news.publish(conversation_id, {"type": "typing", "on": True})
        try:
            conversation, said = await self._think_and_finish(found)
        except store.MemoryMoved:  # by another process: what is left is read anew
            await self._database.run(give_another_try, found.attempt, self._clock())
            return None
        finally:
            self._news.publish(conversation_id, {"type": "typing", "on": False})
        # Announced before the next turn may begin, so that lines keep their order.
        announce(self._news, conversation, said)
        return said

    async def _think_and_finish(self, found: Reading) -> tuple[Conversation, list[Message]]:
        """A failing engine, or an answer that cannot be kept, is an apology and a person."""
        try:
            if found.attempt.is_one_too_many:
                return await self._finish(found, await given_up(self._engine, self._deeds, found))
            return await self._finish(found, await self._result(found))
        except (DatabaseUnavailable, store.MemoryMoved):
            raise
        except Exception as error:  # the edge to the dialogue engine: reported, a person comes
            log.error(
                "turn.failed",
                conversation=found.conversation.conversation_id,
                error=type(error).__name__,
                exc_info=True,
            )
            return await self._finish(found, await trouble(self._engine, found, error))

    async def _finish(
        self, found: Reading, result: TurnResult
    ) -> tuple[Conversation, list[Message]]:
        return await self._database.run(
            finish,
            found,
            result,
            now=self._clock(),
            planner=self._planner,
        )

    async def _result(self, found: Reading) -> TurnResult:
        """The engine's answer within its time, after the reflexes'."""
        replies = [await self._engine.words(name) for name in found.reflexes]
        replies += [spoken_again(message) for message in found.repeated]
        if not found.said:
            return TurnResult(
                replies=tuple(replies),
                understood=(),
                memory=found.memory,
                question=found.conversation.question,
            )
        conversation = found.conversation
        result = await asyncio.wait_for(
            self._engine.answer(
                conversation.conversation_id,
                found.memory,
                found.said,
                self._speaker_of(conversation),
            ),
            self._time_limit_s,
        )
        return replace(result, replies=(*replies, *result.replies))

    # -- sweeping

    async def sweep(self, *, older_than_s: float) -> int:
        """Wakes what waits though nobody is at it, and tells agents of turns that were lost.

        A line may be left behind by another process, or by a wake that was lost. How many were
        woken.
        """
        before = self._clock() - timedelta(seconds=older_than_s)
        left = [
            conversation_id
            for conversation_id in await self._database.read(store.with_pending, before)
            if not self.is_waiting(conversation_id) and not self._locks.is_held(conversation_id)
        ]
        for conversation_id in left:
            self._waking.wake_after(conversation_id, 0.0)
        for lost in await self._database.read(lost_to_people, before):
            if not self._locks.is_held(lost.conversation_id):
                await self._after_people.tell_agent(self._engine, lost)
        return len(left)

    async def keep_sweeping(self, *, every_s: float = 10.0) -> None:
        """Until cancelled. What is younger than a turn may take is left to who is at it."""
        while True:
            await asyncio.sleep(every_s)
            try:
                await self.sweep(older_than_s=self._time_limit_s + every_s)
            except DatabaseUnavailable:
                log.warning("turns.sweep_postponed")

    # -- speaking first

    async def interject(
        self,
        conversation_id: str,
        message_id: str,
        response: str,
        values: dict[str, Any],
        slots: dict[str, Any],
        still_holds: Callable[[Connection, Message], bool],
    ) -> bool:
        """Says something between two turns, with the slots that its answer will need.

        `still_holds` is asked in the writing transaction; False, or a person in the chat, or a
        buyer's line that came in meanwhile, takes it back. Whether it was said. A conversation
        that was closed stays closed: the buyer finds the message on return.
        """
        async with self._locks.of(conversation_id):
            found, memory = await self._database.read(store.with_memory, conversation_id)
            if found is None:
                return False
            reply = await self._engine.words(response, **values)
            noted = await self._engine.note(
                conversation_id,
                memory,
                said_by_us=(reply,),
                slots=slots,
                person_left=found.person_was_in,
            )

            def write(connection: Connection) -> tuple[Conversation, Message] | None:
                conversation = store.find(connection, conversation_id, lock=True)
                if conversation is None:
                    return None
                if conversation.status not in (Status.WITH_BOT, Status.CLOSED):
                    return None
                if store.pending(connection, conversation_id):
                    return None
                message = replace(
                    bubble(conversation_id, reply, Author.BOT, "", self._clock()),
                    message_id=message_id,
                    question=f"{FOLLOW_UP}:{message_id}",
                )
                stored = store.append(connection, message)
                if not still_holds(connection, stored):
                    raise _TakenBack
                store.save_memory(connection, conversation_id, noted, found.version)
                conversation = replace(conversation, question=message.question, person_was_in=False)
                store.save(connection, conversation)
                return conversation, stored

            try:
                written = await self._database.run(write)
            except (_TakenBack, store.MemoryMoved):
                return False
            if written is None:
                return False
            announce(self._news, written[0], [written[1]])
        return True
