"""What we said since the buyer's last line: which replies, and what their words speak of."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.reading import Ranking
from bot.engine.parses import Parse, ranking_of
from bot.nlu.normalise import normalise

LAST_WORDS = 80  # characters: the end of what was said stands nearest to the buyer
_KEPT = 500  # readings; replies come again and again
_REPLY = re.compile(r"^  (utter_[\w/.]+):", re.MULTILINE)


class OurWords:
    """Reads our last words as if they were a line; what was read once is remembered."""

    def __init__(self, read: Callable[[str], Awaitable[Parse]]) -> None:
        self._read = read
        self._known: OrderedDict[str, Ranking] = OrderedDict()

    async def speak_of(self, words: str) -> Ranking | None:
        """None where nothing was said, or nothing can be heard in it."""
        if not words:
            return None
        if words not in self._known:
            self._known[words] = ranking_of(await self._read(words))
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return self._known[words] or None


def last_replies(tracker: DialogueStateTracker) -> tuple[str, ...]:
    """Names of the responses said since the buyer's last line, in order."""
    names = [event.metadata.get("utter_action") for event in _bubbles(tracker)]
    return tuple(str(name) for name in names if name)


def last_words(tracker: DialogueStateTracker) -> str:
    """The end of what was said since the buyer's last line, normalised."""
    return as_heard(event.text or "" for event in _bubbles(tracker))


def as_heard(bubbles: Iterable[str]) -> str:
    """Texts of bubbles, in order, as `speak_of` takes them."""
    return normalise(" ".join(bubbles))[-LAST_WORDS:]


def reply_topics() -> dict[str, str]:
    """Reply → stem of the file that it stands in."""
    files = [*sorted(Path("data/replies").glob("*.yml")), *sorted(Path("data/nlu").glob("*.yml"))]
    return {
        name: file.stem
        for file in files
        for name in _REPLY.findall(file.read_text(encoding="utf-8"))
    }


def _bubbles(tracker: DialogueStateTracker) -> list[BotUttered]:
    said: list[BotUttered] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            said.append(event)
    return said[::-1]
