"""An engine that says what a test wants, to try the conversation layer with every misfortune."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

from bot.engine.turns import Reply, Said, Speaker, TurnResult, Understood
from tests.support.waiting import in_time

Step = Callable[[Sequence[Said]], Awaitable[TurnResult]]


def result(*texts: str, memory: str = "", **more: Any) -> TurnResult:
    """A turn that says these texts."""
    replies = tuple(Reply(text=text) for text in texts)
    return TurnResult(replies=replies, understood=(), memory=memory, **more)


def sure(*texts: str, outcome: str = "answered", **more: Any) -> TurnResult:
    """A turn that has understood its line and answers it."""
    understood = Understood(
        text="", intent="greet", confidence=0.97, entities=(), ranking=(), outcome=outcome
    )
    replies = tuple(Reply(text=text) for text in texts)
    return TurnResult(replies=replies, understood=(understood,), memory="", **more)


class Signal(asyncio.Event):
    """One that is not waited for without end: whoever forgets to set it is told its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    async def wait(self) -> Literal[True]:
        return await in_time(super().wait(), self._name)


class ScriptedEngine:
    """Repeats what it heard, or follows the steps put into `script`."""

    model_id = "scripted"

    def __init__(self) -> None:
        self.script: deque[Step] = deque()
        self.heard: list[tuple[Said, ...]] = []
        self.speakers: list[Speaker] = []
        self.memories: list[str] = []  # that each turn was given
        self.kept: dict[str, Any] = {}  # of the form that is open in every memory with words in it
        self.started = Signal("a turn to begin")
        self.may_go_on = Signal("`may_go_on`")

    @property
    def texts(self) -> list[str]:
        """What each turn was given, its lines joined."""
        return ["|".join(one.text for one in said) for said in self.heard]

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        self.heard.append(tuple(said))
        self.speakers.append(speaker)
        self.memories.append(memory)
        self.started.set()
        if self.script:
            return await self.script.popleft()(said)
        text = "|".join(one.text for one in said)
        understood = Understood(
            text=text, intent="greet", confidence=0.9, entities=(), ranking=(("greet", 0.9),)
        )
        return TurnResult(
            replies=(Reply(text=f"听到:{text}"),), understood=(understood,), memory=f"{memory}."
        )

    async def words(self, response: str, **values: Any) -> Reply:
        filled = ",".join(f"{name}={value}" for name, value in values.items())
        return Reply(text=f"<{response}{':' if filled else ''}{filled}>", response=response)

    def memory_after(self, situation: str) -> str:
        return f"<{situation}>"

    def kept_of(self, memory: str, form: str, slots: Sequence[str]) -> dict[str, Any]:
        return {name: self.kept[name] for name in slots if memory and name in self.kept}

    async def note(
        self,
        conversation_id: str,
        memory: str,
        *,
        said_by_us: Sequence[Reply] = (),
        slots: dict[str, Any] | None = None,
        person_left: bool = False,
    ) -> str:
        return f"{memory}+{'left' if person_left else ''}{slots}"

    async def heard_turns(self, count: int) -> None:
        """Until this many turns have begun."""
        for _ in range(12000):
            if len(self.heard) >= count:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.heard)} turns have begun, not {count}")

    # -- steps

    def then(self, answer: TurnResult) -> None:
        async def step(_: Sequence[Said]) -> TurnResult:
            return answer

        self.script.append(step)

    def then_raise(self, error: Exception) -> None:
        async def step(_: Sequence[Said]) -> TurnResult:
            raise error

        self.script.append(step)

    def then_hang(self) -> None:
        async def step(_: Sequence[Said]) -> TurnResult:
            await asyncio.sleep(3600)
            raise AssertionError("nobody waits an hour")

        self.script.append(step)

    def then_wait(self, answer: TurnResult) -> None:
        """Thinks until `may_go_on` is set."""

        async def step(_: Sequence[Said]) -> TurnResult:
            await self.may_go_on.wait()
            return answer

        self.script.append(step)
