"""Entities as Rasa sees them; the rules stand in bot.nlu.entities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.steps import Steps, steps_of
from bot.nlu.entities import EntityRules
from bot.nlu.found import Found
from bot.nlu.normalise import normalise
from bot.nlu.today import today


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ShopEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds {entity, value, start, end, extractor}; offsets count the normalised text.

    A bare number that could mean something else carries it in `alternative` {entity, value}.
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["ahocorasick"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"patterns": "data/patterns/entities"}

    def __init__(self, config: dict[str, Any]) -> None:
        self.steps: Steps | None = None
        self._patterns = Path(config["patterns"])
        self.read_words()
        # Loads the dictionary of names now, not at the first message.
        self._find("张三 13800001234 杭州市西湖区文三路90号 38码")

    def read_words(self) -> None:
        """The word lists as they stand on disk now. Raises what a broken file makes of it; the ones
        from before then go on counting."""
        self._rules = EntityRules(self._patterns)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShopEntityExtractor:
        step = cls(config)
        steps_of(execution_context).add(step)
        return step

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = [self.told(one) for one in self._find(normalise(message.get(TEXT) or ""))]
            entities = [*message.get(ENTITIES, []), *self.add_extractor_name(found)]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def _find(self, text: str) -> list[Found]:
        return self._rules.find(text, today())

    @staticmethod
    def told(one: Found) -> dict[str, Any]:
        told = {
            **{"entity": one.entity, "value": one.value, "start": one.start, "end": one.end},
            **dict(one.details),
        }
        if one.alternative:
            told["alternative"] = {"entity": one.alternative[0], "value": one.alternative[1]}
        return told
