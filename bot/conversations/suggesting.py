"""While a person has the chat, what the bot would say to the buyer's line is put beside it.

It is thought on a copy of the memory, with a shop that can only be looked at: nothing is done, nothing
is remembered, and only what is sure is shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.announcing import announce
from bot.conversations.beside_note import Fit, fit
from bot.conversations.conversation import Conversation, Status
from bot.conversations.finishing import bubble
from bot.conversations.messages import Author, Message
from bot.conversations.news import News
from bot.conversations.ports import Answers
from bot.database import Database, DatabaseUnavailable
from bot.engine.turns import Reply, Said, Speaker
from bot.shop.wire.looking import only_looking

log = structlog.get_logger(__name__)

_THOUGHT_WITHIN_S = 10.0
_LOOKED_BACK = 12  # lines


class Suggesting:
    def __init__(
        self,
        *,
        database: Database,
        news: News,
        speaker_of: Callable[[Conversation], Speaker],
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._news = database, news
        self._speaker_of, self._clock = speaker_of, clock

    async def suggest(self, engine: Answers, conversation_id: str) -> None:
        """Beside the buyer's lines that nobody has answered; nothing where none is sure."""
        conversation, memory = await self._database.read(store.with_memory, conversation_id)
        if conversation is None or conversation.status is not Status.WITH_AGENT:
            return
        recent = await self._database.read(store.before, conversation_id, limit=_LOOKED_BACK)
        lines = _unanswered(recent)
        if not lines:
            return
        try:
            with only_looking():
                noted = await engine.note(conversation_id, memory, person_left=True)
                result = await asyncio.wait_for(
                    engine.answer(
                        f"{conversation_id}:beside",
                        noted,
                        [_said(lines)],
                        self._speaker_of(conversation),
                    ),
                    _THOUGHT_WITHIN_S,
                )
        except DatabaseUnavailable:
            raise
        except Exception as error:  # a help that is not there is no trouble
            log.warning("suggestion.failed", error=type(error).__name__)
            return
        if fit(result) is not Fit.SAID or not result.replies:
            return
        said = await self._database.run(
            _keep, conversation_id, lines[-1].seq, result.replies, self._clock()
        )
        if said:
            announce(self._news, conversation, said)


def _unanswered(recent: Sequence[Message]) -> list[Message]:
    """The buyer's typed lines at the end, behind whatever was said or suggested."""
    lines: list[Message] = []
    for message in reversed(recent):
        if message.author is not Author.BUYER:
            break
        if message.text and message.payload is None:
            lines.insert(0, message)
    return lines


def _said(lines: Sequence[Message]) -> Said:
    text = "\n".join(one.text for one in lines)
    return Said(request_id=f"{lines[0].conversation_id}:{lines[-1].seq}:beside", text=text)


def _keep(
    connection: Connection,
    conversation_id: str,
    beside: int,
    replies: Sequence[Reply],
    now: datetime,
) -> list[Message]:
    """Stored unless somebody spoke meanwhile."""
    present = store.find(connection, conversation_id, lock=True)
    if present is None or present.status is not Status.WITH_AGENT or present.last_seq != beside:
        return []
    return [
        store.append(connection, bubble(conversation_id, reply, Author.SUGGESTION, "", now))
        for reply in replies
        if reply.text or reply.card
    ]
