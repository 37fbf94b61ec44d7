"""Which agents have which conversation open: told to the desk as it changes, kept in memory alone.

A page that is gone looks at nothing; after a restart pages tell it anew when they connect.
"""

from __future__ import annotations

from collections.abc import Hashable

from bot.conversations.news import DESK, News


class Looking:
    def __init__(self, news: News) -> None:
        self._news = news
        self._pages: dict[Hashable, tuple[str, str]] = {}  # page → agent, conversation

    def at(self, page: Hashable, agent: str, conversation_id: str) -> None:
        """The page shows this conversation now; "" = none, or it is gone."""
        before = self.of(page)
        if before == conversation_id:
            return
        if conversation_id:
            self._pages[page] = (agent, conversation_id)
        else:
            self._pages.pop(page, None)
        for one in filter(None, (before, conversation_id)):
            event = {"type": "looking", "conversation_id": one, "agents": self.who(one)}
            self._news.publish(DESK, event)

    def of(self, page: Hashable) -> str:
        return self._pages.get(page, ("", ""))[1]

    def who(self, conversation_id: str) -> list[str]:
        """Names of the agents, each once."""
        return sorted({agent for agent, one in self._pages.values() if one == conversation_id})
