"""`data/dialogue/said.yml`: in which situation each of our replies leaves the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.situations import SITUATIONS
from bot.dialogue.table_file import Node, TableFile

SAID = Path("data/dialogue/said.yml")
SECTIONS = ("topics", "replies", "questions", "slots")

Told = tuple[str, ...]  # names of situations, the one to be answered first


@dataclass(frozen=True, kw_only=True)
class Said:
    """Situations by what was said; look-ups of unknown names give ()."""

    topics: Mapping[str, Told]  # by the stem of the reply's file, data/replies/<topic>.yml
    replies: Mapping[str, Told]  # by the reply's name, utter_…
    questions: Mapping[str, Told]  # by the value of the slot open_question
    slots: Mapping[str, Told]  # by the slot that a form asks for

    def of_reply(self, name: str, topic: str = "") -> Told:
        """The reply's own line, else its topic's."""
        return self.replies.get(name) or self.topics.get(topic, ())

    def left_behind(
        self,
        replies: Iterable[tuple[str, str]],
        *,
        question: str | None = None,
        slot: str | None = None,
    ) -> Told:
        """Where a turn leaves the buyer: what a form or an open question asks, then what was told.

        `replies`: (name, topic) of each bubble of the turn, in order.
        """
        asked = self.slots.get(slot or "", ()) or self.questions.get(question or "", ())
        # The last bubble stands nearest to the buyer.
        told = [name for reply in reversed(list(replies)) for name in self.of_reply(*reply)]
        # "other" says nothing beside something that does.
        plain = [name for name in (*asked, *told) if name != "other"]
        return tuple(dict.fromkeys(plain)) or (("other",) if told or asked else ())


def read_said(path: Path = SAID) -> Said:
    """Raises TableError with file and line."""
    file = TableFile(path)
    sections = file.sections(SECTIONS)
    return Said(**{name: _told(file, sections[name]) for name in SECTIONS})


def _told(file: TableFile, section: Node) -> dict[str, Told]:
    return {
        str(key.value): tuple(file.known(word, SITUATIONS, "情境") for word in file.words(value))
        for key, value in file.pairs(section, "每一项")
    }
