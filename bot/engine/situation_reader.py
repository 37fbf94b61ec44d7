"""The situation as a step of the pipeline, for whoever talks to the model through plain Rasa.

The house reads every line by itself first (`Engine.parse`, without a tracker) and in its situation
then (`Situating`), because it keeps both. `rasa shell` and `rasa run` have one reading only, and the
talk's tracker in it: there this step decides.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.parses import Parse
from bot.engine.situating import Situating
from bot.nlu.components.classifier import ShopIntentClassifier
from bot.nlu.components.steps import Steps, steps_of

_READ = ("intent", "entities", "intent_ranking", "response_selector")
_NO_WORDS = "/"  # /greet{…}: Rasa's own step reads it, behind this one
_TALKS = 1000  # whose last line is remembered

_T = TypeVar("_T")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SituationReader(GraphComponent):
    """Reads a line again in the talk's situation; a line without a talk stays as it was read.

    Changes `intent`, `entities`, `intent_ranking` and `response_selector`, and the tracker: a form
    that the buyer has left is closed, and what the line before left open is written into it.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._situating: Situating | None = None
        self._after: OrderedDict[str, tuple[Event, ...]] = OrderedDict()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SituationReader:
        return cls(steps_of(execution_context))

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        if tracker.slots:  # a tracker made for one reading has none
            for message in messages:
                text = message.get(TEXT) or ""
                if text and not text.startswith(_NO_WORDS):
                    self._hear(message, text, tracker)
        return messages

    def _hear(self, message: Message, text: str, tracker: DialogueStateTracker) -> None:
        # What a line leaves behind counts from the next one on: while it is answered, actions look
        # at what was open before it.
        tracker.update_with_events(list(self._after.pop(tracker.sender_id, ())), None)
        heard = _finished(self._heard_by().hear(tracker, text, _parse_of(message)))
        tracker.update_with_events(list(heard.before), None)
        for name in _READ:
            if name in heard.parse:
                message.set(name, heard.parse[name], add_to_output=True)
        self._after[tracker.sender_id] = heard.after
        while len(self._after) > _TALKS:
            self._after.popitem(last=False)

    def _heard_by(self) -> Situating:
        """Made at the first line of a talk: the house, which has its own, never asks for it."""
        if self._situating is None:
            model = self._steps.one(ShopIntentClassifier).model
            self._situating = Situating(self._read, model.labels if model else ())
        return self._situating

    async def _read(self, text: str) -> Parse:
        return _parse_of(self._steps.read(text))


def _parse_of(message: Message) -> Parse:
    """As Rasa's processor makes it of the pipeline's message."""
    return {"entities": [], **message.as_dict(only_output_properties=True)}


def _finished(running: Coroutine[Any, Any, _T]) -> _T:
    """What a coroutine returns that waits for nobody: a step of the pipeline may not wait."""
    try:
        running.send(None)
    except StopIteration as done:
        result: _T = done.value
        return result
    running.close()
    raise RuntimeError("a reading waited, in a step that cannot")
