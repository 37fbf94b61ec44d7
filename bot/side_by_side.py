"""Two engines that answer side by side: each conversation is answered by one of them, always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from bot.conversations.attempts import Side, Tried
from bot.conversations.ports import Answers
from bot.engine.turns import Reply, Said, Speaker, TurnResult

_DRAWN = 8  # bytes


class Use(Protocol):
    """`Turns.use_engine`."""

    def __call__(self, engine: Answers, tried: Callable[[str], Tried | None] = ...) -> None: ...


def side_of(conversation_id: str, trial: int, share: float) -> Side:
    """The same at any time and in any process; another trial draws anew."""
    drawn = hashlib.sha256(f"{trial}:{conversation_id}".encode()).digest()[:_DRAWN]
    is_new = int.from_bytes(drawn, "big") < share * (1 << 8 * _DRAWN)
    return Side.NEW if is_new else Side.PRESENT


class SideBySide:
    """Stands where an engine does. What belongs to no conversation is the present engine's."""

    def __init__(self, present: Answers, new: Answers, *, trial: int, share: float) -> None:
        self._of = {Side.PRESENT: present, Side.NEW: new}
        self.present, self._trial, self._share = present, trial, share

    @property
    def model_id(self) -> str:
        return self.present.model_id

    def tried(self, conversation_id: str) -> Tried:
        side = side_of(conversation_id, self._trial, self._share)
        return Tried(trial=self._trial, side=side)

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        side = self.tried(conversation_id).side
        return await self._of[side].answer(conversation_id, memory, said, speaker)

    async def note(
        self,
        conversation_id: str,
        memory: str,
        *,
        said_by_us: Sequence[Reply] = (),
        slots: dict[str, Any] | None = None,
        person_left: bool = False,
    ) -> str:
        side = self.tried(conversation_id).side
        return await self._of[side].note(
            conversation_id, memory, said_by_us=said_by_us, slots=slots, person_left=person_left
        )

    async def words(self, response: str, **values: Any) -> Reply:
        return await self.present.words(response, **values)

    def kept_of(self, memory: str, form: str, slots: Sequence[str]) -> dict[str, Any]:
        return self.present.kept_of(memory, form, slots)


class Sides:
    """The engine that turns are given: the present one, alone or with a new one beside it."""

    def __init__(self, use: Use, present: Any) -> None:
        """`use`: gives the turns that begin from now on to an engine; `present` answers them now."""
        self._use, self.present = use, present
        self.new: Any = None
        self._trial, self._share = 0, 0.0

    def use_present(self, engine: Any) -> None:
        self.present = engine
        self._give()

    def use_new(self, engine: Any, *, trial: int, share: float) -> None:
        self.new, self._trial, self._share = engine, trial, share
        self._give()

    def drop_new(self) -> None:
        self.new = None
        self._give()

    def _give(self) -> None:
        if self.new is None or self.new is self.present:
            self._use(self.present)
        else:
            both = SideBySide(self.present, self.new, trial=self._trial, share=self._share)
            self._use(both, both.tried)
