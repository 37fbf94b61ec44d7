"""Models that say which they are, to be swapped or to answer side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.engine.turns import Said, Speaker, TurnResult
from tests.house.scripted import ScriptedEngine, result


class Unmoved:
    """Nobody saves anything."""

    def follow(self, root: Path, own: Path | None = None) -> None: ...

    def refresh(self) -> bool:
        return False

    def read_words(self) -> None: ...


class Model(ScriptedEngine):
    """Says each line back, with its own name, after a moment in which it may be replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.model_path, self.model_id = path, path.stem  # type: ignore[misc]
        self.live = Unmoved()

    async def parse(self, text: str) -> dict[str, object]:
        return {"intent": {"name": "greet"}}

    def read_tables(self) -> None: ...

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        await asyncio.sleep(0.002)
        return result(*(f"{self.model_id}: {one.text}" for one in said))
