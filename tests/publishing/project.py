"""A small project that can be published: Rasa and the models behind it are played."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from bot.database import Database, upgrade
from bot.publishing import releases
from bot.publishing.compared import Compared
from bot.publishing.conversing import Played
from bot.publishing.publishing import Publishing
from bot.publishing.releases import Release
from bot.publishing.replay import Answer, Line
from bot.publishing.scores import Score
from bot.publishing.wanted import Wanted
from bot.training.kinds import Kind
from bot.training.trainer import Command

NOW = datetime(2026, 6, 1, 4, tzinfo=timezone.utc)
OLD = "20260101-old.tar.gz"
NEW = "20270101-new.tar.gz"
LINES = "data/nlu/talking.yml"
MODEL = (
    "out = pathlib.Path(given[given.index('--out') + 1])\n"
    f"(out / '{NEW}').write_bytes(pathlib.Path('{LINES}').read_bytes())\n"
)


def script(body: str = MODEL) -> Command:
    """In place of Rasa's command line: Python that knows its arguments as `given`; it runs in the
    copy of the project."""
    source = f"import sys, os, pathlib, time\ngiven = sys.argv[1:]\n{body}"
    return lambda arguments: [sys.executable, "-c", source, *arguments]


@dataclass
class Checks:
    """What the steps find, as a test says it."""

    wrong: Callable[[], Sequence[str]] = lambda: ()
    before: dict[str, Score] = field(default_factory=lambda: {"greet": Score(10)})
    after: dict[str, Score] = field(default_factory=lambda: {"greet": Score(10)})
    answers: Callable[[Line, str], Answer] = lambda line, model: Answer(("greet",), ("utter_hi",))
    failing: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by name of the model
    compared: list[Path | None] = field(default_factory=list)
    same_rules: list[bool] = field(default_factory=list)
    talks: tuple[str, ...] = ()  # that depend on the change, where only sentences are other
    played: list[tuple[str, ...]] = field(default_factory=list)

    def look(self) -> Sequence[str]:
        return self.wrong()

    def compare(
        self,
        *,
        old: Path | None,
        new: Path,
        tests: Path,
        lines: Sequence[Line],
        same_rules: bool = False,
    ) -> Compared:
        self.compared += [old, new]
        self.same_rules.append(same_rules)
        return Compared(
            sentences_before=self.before if old else None,
            sentences_after=self.after,
            replies_before=[self.answers(line, "old") for line in lines] if old else None,
            replies_after=[self.answers(line, "new") for line in lines],
            answered=len(lines),
            talks=self.talks if same_rules else None,
            talks_of=20 if same_rules else 0,
        )

    def can_play(self) -> bool:
        return True

    def play(self, model: Path, only: Sequence[str] = ()) -> Played:
        self.played.append(tuple(only))
        failed = [one for one in self.failing.get(model.name, ()) if not only or one in only]
        return Played(of=len(only) or 20, failed=tuple(failed))


class Project:
    def __init__(self, folder: Path) -> None:
        self.root, self.models = folder, folder / "models"
        self.write("domain.yml", "intents: [greet]\n")
        self.write("config.yml", "pipeline: []\n")
        self.write(LINES, "version: '3.1'\n")
        self.models.mkdir(exist_ok=True)
        (self.models / OLD).write_bytes(b"old")
        os.utime(self.models / OLD, (1000, 1000))
        self.database = Database(f"sqlite:///{folder / 'house.db'}")
        upgrade(self.database)
        self.checks, self.out = Checks(), io.StringIO()

    def write(self, file: str, content: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def publishing(self, command: Command | None = None, **options: object) -> Publishing:
        return Publishing(
            root=self.root,
            models=self.models,
            kept=self.root / "var" / "releases",
            database=self.database,
            clock=lambda: NOW,
            out=self.out,
            checks=self.checks,
            command=command or script(),
            **options,  # type: ignore[arg-type]
        )

    def publish(self, command: Command | None = None, **options: object) -> int:
        given = {"kind": Kind.FULL, **options}
        return self.publishing(command).publish(Wanted(by="小林", **given))  # type: ignore[arg-type]

    def release(self) -> Release:
        return self.database.read_sync(releases.newest)[0]

    @property
    def in_use(self) -> str:
        """The model that an open house takes: the newest by its time."""
        return max(self.models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime).name

    @property
    def said(self) -> str:
        return self.out.getvalue()
