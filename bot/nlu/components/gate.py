"""Keeps the bot from acting on what it only half understood."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.steps import Steps, steps_of
from bot.nlu.labels import chance_of_wish

HALF_SURE = "nlu_half_sure"
UNSURE = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class UnderstandingGate(GraphComponent):
    """Replaces the intent by `nlu_half_sure` (ask back) or `nlu_fallback` (say so).

    The ranking stays as it was, so that the question back can offer its first entries.
    Thresholds are the trained classifier's; `act` and `ask` in the configuration override them.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"act": None, "ask": None}

    def __init__(self, config: dict[str, Any]) -> None:
        self.steps: Steps | None = None
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UnderstandingGate:
        step = cls(config)
        steps_of(execution_context).add(step)
        return step

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent = message.get(INTENT) or {}
            measured = message.get("intent_thresholds") or {"act": 0.0, "ask": 0.0}
            ranking = message.get(INTENT_RANKING_KEY) or []
            chances = ((one["name"], float(one["confidence"])) for one in ranking)
            confidence = max(intent.get("confidence", 0.0), chance_of_wish(chances))
            if intent.get("name") is None or confidence < self._threshold("ask", measured):
                self._replace(message, UNSURE, confidence)
            elif confidence < self._threshold("act", measured):
                self._replace(message, HALF_SURE, confidence)
        return messages

    def _threshold(self, name: str, measured: dict[str, float]) -> float:
        configured = self._config[name]
        return float(measured[name] if configured is None else configured)

    @staticmethod
    def _replace(message: Message, name: str, confidence: float) -> None:
        message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
