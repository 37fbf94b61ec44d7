"""The real checks of a release: trainers' files, sentence tests, real lines, conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.publishing import conversing
from bot.publishing.compared import Compared
from bot.publishing.conversing import CannotPlay, Played
from bot.publishing.replay import Line
from bot.settings import Settings
from bot.training.trainer import Failed

# A question taught from a chat has one answer and no tests yet: no reason to hold up a publish at noon.
TOLD_ONLY = frozenset(("answer-single", "tests-few"))


class RealChecks:
    def __init__(self, root: Path, settings: Settings, tell: Callable[[str], None]) -> None:
        self._root, self._settings, self._tell = root, settings, tell

    def look(self) -> list[str]:
        from bot.trainer.check import Check
        from bot.trainer.finding import ERROR

        found = Check(self._root, self._settings.var / "check").run()
        for one in found:
            if one.kind in TOLD_ONLY:
                self._tell(f"  · {one}")
        return [str(one) for one in found if one.level == ERROR and one.kind not in TOLD_ONLY]

    def compare(
        self,
        *,
        old: Path | None,
        new: Path,
        tests: Path,
        lines: Sequence[Line],
        same_rules: bool = False,
    ) -> Compared:
        """Raises Failed where a model cannot be loaded."""
        from bot.engine.loading import ModelUnusable
        from bot.publishing.comparing import compare

        try:
            return asyncio.run(
                compare(
                    self._settings,
                    self._root,
                    old=old,
                    new=new,
                    tests=tests,
                    lines=lines,
                    same_rules=same_rules,
                    tell=self._tell,
                )
            )
        except ModelUnusable as error:
            raise Failed(f"模型用不了，没有发布，原来的模型没有动: {error.why}") from None

    def can_play(self) -> bool:
        return conversing.can_play(self._root)

    def play(self, model: Path, only: Sequence[str] = ()) -> Played:
        """Raises Failed."""
        try:
            return conversing.play(self._root, model, only)
        except CannotPlay as error:
            raise Failed(f"{error}，没有发布，原来的模型没有动。") from None
