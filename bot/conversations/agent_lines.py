"""What agents say: their lines and pictures, and a line taken back within two minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from bot.conversations import store, waits, wishes
from bot.conversations.announcing import announce
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Message, StoredButton, system_line
from bot.conversations.news import News
from bot.conversations.receiving import Unsendable, existing, sendable
from bot.database import Database

TAKEN_BACK_WITHIN = timedelta(minutes=2)

# Asked inside the writing transaction with the conversation as it is: may the line still go?
MayGo = Callable[[Connection, Conversation], bool]


class NotTakenBack(Exception):
    """A line that stays; `code` is for programs, `message` for the agent."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


class OutOfDate(Exception):
    """A line that was written for another moment: `may_go` said no, and nothing is written."""


class AgentLines:
    """The part of `Conversations` by which agents speak."""

    _database: Database
    _news: News
    _clock: Callable[[], datetime]

    async def say_as_agent(
        self,
        conversation_id: str,
        agent: str,
        message_id: str,
        text: str,
        *,
        shown_name: str = "",
        picture: Mapping[str, Any] | None = None,
        card: Mapping[str, Any] | None = None,
        buttons: Sequence[str] = (),
        reply_to: Callable[[Connection, Message], None] | None = None,
        may_go: MayGo | None = None,
    ) -> Message:
        """An agent's line; the conversation becomes theirs. Raises WrongOwner, Unsendable, OutOfDate.

        `buttons`: titles; the buyer who presses one says it. `reply_to` is called in the same transaction with the stored line.
        """
        clean = sendable(text)
        if not clean and picture is None and card is None:
            raise Unsendable("empty", "消息是空的，写点什么再发吧")

        def say(connection: Connection) -> tuple[Conversation, list[Message], Message]:
            present = existing(connection, conversation_id)
            known = store.by_message_id(connection, conversation_id, message_id)
            if known is not None:  # said already; who has the conversation since is as it is
                return present, [], known
            if may_go is not None and not may_go(connection, present):
                raise OutOfDate(conversation_id)
            conversation = present.take(agent)
            store.save(connection, conversation)
            waits.moved(connection, present, conversation, self._clock())
            store.leave_to_people(connection, conversation_id)
            message = Message(
                conversation_id=conversation_id,
                seq=0,
                message_id=message_id,
                author=Author.AGENT,
                at=self._clock(),
                text=clean,
                agent=agent,
                agent_name=shown_name,
                picture=picture,
                card=card,
                buttons=tuple(StoredButton(title=one, payload=None) for one in buttons),
            )
            stored = store.append(connection, message)
            if reply_to is not None:
                reply_to(connection, stored)
            since = conversation.session_seq or conversation.last_seq
            wishes.answered_by_agent(connection, stored, since=since)
            return conversation, [stored], stored

        conversation, new, message = await self._database.run(say)
        self._announce(conversation, new)
        return message

    async def take_back(self, conversation_id: str, seq: int, agent: str) -> Message:
        """The agent's own line `seq`, within two minutes: its words and picture are gone for good.

        The line that says so is returned; a page that hears it shows the other as taken back.
        Raises NotTakenBack, UnknownConversation.
        """

        def take(connection: Connection) -> tuple[Conversation, list[Message], Message]:
            present = existing(connection, conversation_id)
            line = store.by_seq(connection, conversation_id, seq)
            if line is None or line.author is not Author.AGENT or line.agent != agent:
                raise NotTakenBack("not_yours", "只能撤回自己说的话")
            told = store.taking_back(connection, conversation_id, seq)
            if told is not None:  # pressed twice
                return present, [], told
            if self._clock() - line.at > TAKEN_BACK_WITHIN:
                raise NotTakenBack("too_late", "过了两分钟，撤不回来了，可以再发一句说明")
            store.forget_line(connection, conversation_id, seq, self._clock())
            wishes.unanswered_again(connection, conversation_id, seq)
            notice = system_line(conversation_id, "客服撤回了一句话", self._clock(), takes_back=seq)
            stored = store.append(connection, notice)
            return present, [stored], stored

        conversation, new, told = await self._database.run(take)
        self._announce(conversation, new)
        return told

    def _announce(self, conversation: Conversation, said: Sequence[Message]) -> None:
        announce(self._news, conversation, said)
