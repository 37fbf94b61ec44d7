"""Runs the bot's turns: one at a time per conversation, in one piece, resumed after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.conversations import store
from bot.conversations.after_people import AfterPeople
from bot.conversations.announcing import announce, retell
from bot.conversations.attempts import Tried, give_another_try, lost_to_people
from bot.conversations.beside_note import Fit, fit
from bot.conversations.conversation import Conversation
from bot.conversations.finishing import finish, spoken_again
from bot.conversations.locks import ConversationLocks
from bot.conversations.messages import Author, Message
from bot.conversations.news import DESK, News
from bot.conversations.ports import Answers, Deeds, People, Planner
from bot.conversations.queue import BACK, Place, Queue
from bot.conversations.reading import OPT_OUT, Reading, read
from bot.conversations.speaking_first import (
    FirstWords,
    StillHolds,
    interject,
    leave_to_person,
)
from bot.conversations.suggesting import Suggesting
from bot.conversations.trouble import given_up, trouble
from bot.conversations.waking import Waking
from bot.database import Database, DatabaseUnavailable
from bot.engine.turns import Reply, Speaker, TurnResult
from bot.settings import Reading as Pauses

__all__ = ["OPT_OUT", "Answers", "Planner", "Turns"]

log = structlog.get_logger(__name__)

# Turns that one call answers: a lost one, the lines after it, and what else came in meanwhile.
_MOST_IN_A_ROW = 6


class Turns:
    def __init__(
        self,
        *,
        database: Database,
        engine: Answers,
        news: News,
        planner: Planner,
        deeds: Deeds,
        people: People,
        reading: Pauses,
        speaker_of: Callable[[Conversation], Speaker],
        clock: Callable[[], datetime],
        time_limit_s: float = 30.0,
    ) -> None:
        """`time_limit_s`: how long the engine may think about one turn."""
        self._database, self._news = database, news
        self.use_engine(engine)
        self._planner, self._speaker_of, self._clock = planner, speaker_of, clock
        self._deeds, self._time_limit_s = deeds, time_limit_s
        self._after_people = AfterPeople(database=database, news=news, deeds=deeds, clock=clock)
        self._suggesting = Suggesting(
            database=database, news=news, speaker_of=speaker_of, clock=clock
        )
        self._queue = Queue(database, people, clock)
        self._locks = ConversationLocks()
        self._running: set[asyncio.Task[list[Message]]] = set()
        self._waking = Waking(reading, self.answer)

    def use_engine(
        self, engine: Answers, tried: Callable[[str], Tried | None] = lambda conversation_id: None
    ) -> None:
        """Turns that begin from now on are answered by this engine; `tried`: by which of two that
        answer side by side, in whose place it stands."""
        self._engine, self._tried = engine, tried

    @property
    def engine(self) -> Answers:
        """That answers now."""
        return self._engine

    @property
    def model_id(self) -> str:
        """Of the engine that answers now."""
        return self._engine.model_id

    def kept_of(self, memory: str, form: str, slots: Sequence[str]) -> Mapping[str, Any]:
        """What an open form holds in this memory; empty where it is not open."""
        return self._engine.kept_of(memory, form, slots)

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
            was_heard = False
            for _ in range(_MOST_IN_A_ROW):
                found = await self._database.run(
                    read, conversation_id, up_to, self._planner, self._clock()
                )
                if found is None:
                    break
                was_heard = True
                answered = await self._one_turn(found)
                said += answered or ()
                # What came in while the bot thought waits for its own pause; the lines behind a
                # lost turn, or beside those of another process, have waited long enough.
                if answered is not None and not found.attempt.is_retry:
                    break
            if not was_heard:
                await self._suggesting.suggest(self._engine, conversation_id)
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
        if self._news.is_read(DESK):  # what the buyer's line was understood as stands with it now
            line = found.pending[-1].seq
            heard = await self._database.read(store.by_seq, conversation_id, line)
            retell(self._news, heard)
        return said

    async def _think_and_finish(self, found: Reading) -> tuple[Conversation, list[Message]]:
        """A failing engine, or an answer that cannot be kept, is an apology and a person."""
        tried = self._tried(found.conversation.conversation_id)  # also of a turn that fails
        try:
            if found.attempt.is_one_too_many:
                lost = await given_up(self._engine, self._deeds, found)
                return await self._finish(found, lost, tried)
            return await self._finish(found, await self._result(found), tried)
        except (DatabaseUnavailable, store.MemoryMoved):
            raise
        except Exception as error:  # the edge to the dialogue engine: reported, a person comes
            log.error(
                "turn.failed",
                conversation=found.conversation.conversation_id,
                error=type(error).__name__,
                exc_info=True,
            )
            return await self._finish(found, await trouble(self._engine, found, error), tried)

    async def _finish(
        self, found: Reading, result: TurnResult, tried: Tried | None
    ) -> tuple[Conversation, list[Message]]:
        fits, by_house, place = Fit.SAID, tuple[Reply, ...](), None
        if found.is_beside_note:
            fits = fit(result)
            by_house = await self._told_who_waits(found, result, fits)
        elif result.hand_over is not None:
            result, place = await self._with_place(found, result)
        if found.wants_bot and not result.replies:
            by_house = (await self._engine.words(BACK),)
        return await self._database.run(
            finish,
            found,
            result,
            now=self._clock(),
            planner=self._planner,
            fit=fits,
            by_house=by_house,
            place=place,
            tried=tried,
        )

    async def _told_who_waits(
        self, found: Reading, result: TurnResult, fits: Fit
    ) -> tuple[Reply, ...]:
        """What the house says beside, or instead of, the answer to somebody who waits."""
        if found.asks_how_long or result.hand_over is not None:  # 转人工 once more asks the same
            return (await self._queue.standing(self._engine, found.conversation),)
        if fits is Fit.LEFT:
            return await self._queue.noted(self._engine, found.conversation)
        return ()

    async def _with_place(
        self, found: Reading, result: TurnResult
    ) -> tuple[TurnResult, Place | None]:
        """A hand-over tells how long it takes; where that cannot be told, it hands over all the same."""
        assert result.hand_over is not None
        urgency = result.hand_over.reason.urgency
        try:
            replies, place = await self._queue.handed_over(
                self._engine, found.conversation, urgency, result.replies
            )
        except DatabaseUnavailable:
            raise
        except Exception as error:  # the edge to the engine's words
            log.error("turn.place_untold", error=type(error).__name__, exc_info=True)
            return result, None
        return replace(result, replies=replies), place

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
        still_holds: StillHolds,
        also_waiting: bool = False,
    ) -> bool:
        """See `speaking_first.interject`; nobody else writes in this conversation meanwhile."""
        async with self._locks.of(conversation_id):
            return await interject(
                self._first_words, conversation_id, message_id, response, values, slots,
                still_holds, also_waiting,
            )  # fmt: skip

    async def leave_to_person(
        self,
        conversation_id: str,
        message_id: str,
        response: str,
        values: dict[str, Any],
        still_holds: StillHolds,
    ) -> bool:
        """See `speaking_first.leave_to_person`."""
        async with self._locks.of(conversation_id):
            return await leave_to_person(
                self._first_words, conversation_id, message_id, response, values, still_holds
            )

    @property
    def _first_words(self) -> FirstWords:
        return FirstWords(
            database=self._database, engine=self._engine, news=self._news, clock=self._clock
        )
