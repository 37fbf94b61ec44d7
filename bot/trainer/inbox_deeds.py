"""What can be done with the inbox, by command and by the desk: read, teach, ask anew, leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.conversations import wishes
from bot.database import Database
from bot.nlu.training_lines import training_files, training_lines
from bot.trainer.chat_around import with_chats
from bot.trainer.inbox import Row, rows_of
from bot.trainer.likeness import Likeness
from bot.trainer.naming import perhaps
from bot.trainer.new_questions import teach_question
from bot.trainer.plain_lines import PlainLines
from bot.trainer.teaching import CannotTeach, teach

_SKIPPED = "inbox_skipped.txt"
_MOST = 3000  # wishes that are looked at


class Inbox:
    """`root`: the project whose files are written; `var`: what is kept beside the database."""

    def __init__(self, root: Path, var: Path) -> None:
        self._root, self._var = root, var
        self.root, self.kept = root, var / "check"
        self._plain = PlainLines(self.kept)

    def rows(
        self, database: Database, clock: Callable[[], datetime], *, days: int, limit: int
    ) -> tuple[list[Row], int]:
        """(the most helpful first, how many there are). Raises DatabaseUnavailable."""
        now = clock()
        since = now - timedelta(days=max(1, days))
        found = database.read_sync(wishes.unclear, since, now, limit=_MOST)
        if not found:
            return [], 0
        taught = training_lines(training_files(self._root / "data" / "nlu"))
        texts = [line.text for line in taught]
        plain = self._plain.of(texts)
        self._plain.save(texts)
        likeness = Likeness(plain, [line.intent for line in taught])
        done = {*plain, *PlainLines(None).of(self._skipped())}
        rows = rows_of(found, likeness, PlainLines(None), done=done)
        return database.read_sync(with_chats, rows[:limit]), len(rows)

    def accept(self, line: str, intent: str, *, by: str = "") -> str:
        """`file:line` where it stands now. Raises CannotTeach."""
        return teach(self._root, line, intent, by=by, plain=self._plain)

    def accept_all(self, lines: Sequence[str], intent: str, *, by: str = "") -> list[str]:
        """Places of those that were written; what is taught already does not hold up the others.

        Raises CannotTeach where none was.
        """
        names = self.intents()
        if intent not in names:
            raise CannotTeach(f"没有叫「{intent}」的意图，{perhaps(intent, names, '写成新问题')}")
        places, last = [], CannotTeach("没有句子可以写")
        for line in lines:
            try:
                places.append(self.accept(line, intent, by=by))
            except CannotTeach as error:
                last = error
        if not places:
            raise last
        return places

    def nearest(self, text: str, intent: str, most: int = 3) -> list[dict[str, Any]]:
        """The examples most like a line: of this intent, then of all others."""
        taught = training_lines(training_files(self._root / "data" / "nlu"))
        plain = self._plain.of([line.text for line in taught])
        likeness = Likeness(plain, [line.intent for line in taught])
        (found,) = likeness.neighbours_of(PlainLines(None).of([text]), 40)
        near = [
            {
                "text": line.text,
                "intent": line.intent,
                "file": line.file.relative_to(self._root).as_posix(),
                "likeness": round(one.likeness, 3),
            }
            for one in found
            for line in [taught[one.at]]
        ]
        own = [one for one in near if one["intent"] == intent][:most]
        return [*own, *[one for one in near if one["intent"] != intent][:most]]

    def ask_anew(
        self, title: str, lines: Sequence[str], answer: str, *, by: str = "", name: str = ""
    ) -> str:
        """The new question's file. Raises CannotTeach."""
        return teach_question(self._root, title, lines, answer, by=by, name=name, plain=self._plain)

    def skip(self, line: str) -> None:
        """It is not listed again. Raises CannotTeach."""
        line = " ".join(line.split())
        if not line:
            raise CannotTeach("写上不用教的句子，例如: python -m bot inbox skip '哈哈哈'")
        file = self._var / _SKIPPED
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as kept:
                kept.write(f"{line}\n")
        except OSError as error:
            raise CannotTeach(f"{file} 写不了（{error.strerror}）") from None

    def intents(self) -> list[str]:
        """Under which a line may be written."""
        lines = training_lines(training_files(self._root / "data" / "nlu"))
        return sorted({line.intent for line in lines})

    def _skipped(self) -> list[str]:
        try:
            return (self._var / _SKIPPED).read_text("utf-8").splitlines()
        except OSError:
            return []
