"""What the bot owes when a person was in charge: nothing stays open, what was done is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.conversations import store
from bot.conversations.announcing import announce
from bot.conversations.attempts import AnsweredBy, Attempt, end, unheard_since
from bot.conversations.finishing import caught_up, lost_turn_told
from bot.conversations.messages import Message
from bot.conversations.news import News
from bot.conversations.ports import Answers, Deeds
from bot.database import Database
from bot.engine.turns import Reply

_DONE = "utter_done_meanwhile"


class AfterPeople:
    def __init__(
        self,
        *,
        database: Database,
        news: News,
        deeds: Deeds,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._news = database, news
        self._deeds, self._clock = deeds, clock

    async def catch_up(self, engine: Answers, conversation_id: str) -> list[Message]:
        """Closes what was open before a person came, and tells what was done and never told."""
        present, memory = await self._database.read(store.with_memory, conversation_id)
        if present is None or not (present.person_was_in and present.bot_may_answer):
            return []
        since = await self._database.read(unheard_since, conversation_id)
        deeds = await self._deeds.since(present.buyer_id, since) if since else ()
        told: list[Reply] = []
        for deed in deeds:
            values = {"number": deed.number, "total": deed.total}
            told += [Reply(card=deed.card), await engine.words(_DONE, **values)]
        noted = await engine.note(
            conversation_id,
            memory,
            said_by_us=[reply for reply in told if reply.text],
            slots={"order_in_talk": deeds[0].number} if deeds else None,
            person_left=True,
        )
        try:
            conversation, said = await self._database.run(
                caught_up, present, told, noted, now=self._clock()
            )
        except store.MemoryMoved:
            return []
        announce(self._news, conversation, said)
        return said

    async def tell_agent(self, engine: Answers, lost: Attempt) -> None:
        conversation = await self._database.read(store.find, lost.conversation_id)
        assert conversation is not None  # conversations are not deleted
        if conversation.bot_may_answer:  # given back meanwhile: the buyer is told (_catch_up)
            await self._database.run(end, lost, AnsweredBy.AGENT, self._clock())
            return
        deeds = await self._deeds.since(conversation.buyer_id, lost.started_at)
        lines = [await engine.words(_DONE, number=one.number, total=one.total) for one in deeds]
        said = await self._database.run(lost_turn_told, lost, lines, now=self._clock())
        announce(self._news, conversation, said)
