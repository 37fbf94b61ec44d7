"""The steps of one loaded pipeline, so that a later one can have another text read by those before.

Rasa gives a component its messages and nothing of its neighbours.
"""

from __future__ import annotations

from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


class Step(Protocol):
    steps: Steps | None
    """Those it belongs to; it is they who are held by it."""

    def process(self, messages: list[Message]) -> list[Message]: ...


_Kind = TypeVar("_Kind")


class Steps:
    """In their order. Held by the steps alone: a model that is let go takes them along."""

    def __init__(self, schema: GraphSchema) -> None:
        self._schema = schema  # its identity names these steps, so it must outlive them
        self._steps: list[Step] = []

    def add(self, step: Step) -> None:
        self._steps.append(step)
        step.steps = self

    def read(self, text: str) -> Message:
        messages = [Message({TEXT: text})]
        for step in self._steps:
            messages = step.process(messages)
        return messages[0]

    def one(self, kind: type[_Kind]) -> _Kind:
        """Raises LookupError."""
        for step in self._steps:
            if isinstance(step, kind):
                return step
        raise LookupError(kind.__name__)


_OPEN: WeakValueDictionary[int, Steps] = WeakValueDictionary()


def steps_of(context: ExecutionContext) -> Steps:
    """Those of the graph that is being loaded."""
    key = id(context.graph_schema)
    steps = _OPEN.get(key)
    if steps is None:
        steps = _OPEN[key] = Steps(context.graph_schema)
    return steps
