"""Tells open pages of what was written."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Message
from bot.conversations.news import DESK, News


def announce(news: News, conversation: Conversation, said: Sequence[Message]) -> None:
    """Tells the buyer's sockets and the desk; suggestions go to the desk alone."""
    topic = conversation.conversation_id
    for message in said:
        if message.author is not Author.SUGGESTION:
            news.publish(topic, {"type": "message", "message": message})
        news.publish(
            DESK,
            {
                "type": "message",
                "conversation_id": topic,
                "message": message,
                "to_agent": conversation.assignee,  # whoever has it; others hear as they look
            },
        )
    news.publish(topic, {"type": "status", "status": conversation.status.value})
    news.publish(DESK, {"type": "conversation", "conversation": conversation})


def retell(news: News, message: Message | None) -> None:
    """Tells the desk that more is known of a line than when it was told."""
    if message is not None:
        told = {"type": "message", "conversation_id": message.conversation_id, "message": message}
        news.publish(DESK, told)
