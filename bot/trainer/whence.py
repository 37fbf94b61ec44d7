"""From which line of which file something came: a row of a table, a rule, a reply."""

from __future__ import annotations

import re
from pathlib import Path

from bot.trainer import stories
from bot.trainer.project import Project
from bot.trainer.replies import replies_of


class Whence:
    """Places are `file:line`, below the project's folder; "" where nothing is known."""

    def __init__(self, root: Path) -> None:
        self._root = root
        project = Project(root, None)
        readings = project.readings()
        domain = project.domain(readings["domain.yml"])
        self._replies: dict[str, str] = {}
        self._rules: list[stories.Rule] = []
        for file, reading in readings.items():
            if file.startswith(("data/nlu/", "data/replies/")):
                for reply in replies_of(reading):
                    self._replies.setdefault(reply.name, f"{file}:{reply.line}")
            elif file.startswith("data/stories/"):
                rules, _ = stories.read(
                    reading,
                    intents=domain.intents,
                    labels=(),
                    actions=(),
                    slots=domain.slots,
                    forms=domain.forms,
                )
                self._rules += rules

    def reply(self, name: str) -> str:
        return self._replies.get(name, "")

    def rule(self, label: str, question: str, form: str) -> tuple[str, str] | None:
        """(place, action) of the rule that fits; inside a form the form decides."""
        state = stories.State(slots={"open_question": question or None}, loop=form)
        rule = stories.fitting(label.split("/")[0], state, self._rules)
        return (f"{rule.file}:{rule.line}", rule.actions[0][0]) if rule else None

    def row(self, decided_by: str) -> str:
        """Of `data/dialogue/expected.yml:told_parcel`: the file and the line of that row."""
        file, _, key = decided_by.partition(":")
        path = self._root / file
        if not file.endswith(".yml") or not path.exists():
            return ""
        wanted = re.compile(rf"\s*[\"']?{re.escape(key.split('.')[-1])}[\"']?\s*:")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if wanted.match(line):
                return f"{file}:{number}"
        return file
