"""Normalises a message and cuts it into words, so that every later component reads one spelling."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import words as lexicon
from bot.nlu.fingerprint import trained_on
from bot.nlu.normalise import normalise

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class ShopTokenizer(Tokenizer):
    """Tokens of the normalised text; their offsets count characters of the normalised text."""

    @staticmethod
    def supported_languages() -> list[str]:
        return ["zh"]

    @staticmethod
    def required_packages() -> list[str]:
        return ["jieba"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "lexicon": str(lexicon.LEXICON),  # folder of word lists, from the project's root
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        files: list[Path],
        cuts_lines: bool = True,
    ) -> None:
        """`cuts_lines`: whether training lines are cut, too; nobody may need their words."""
        super().__init__(config)
        self._cuts_lines = cuts_lines
        self._model_storage = model_storage
        self._resource = resource
        self._words = lexicon.Words.of_files(files)
        self._words.cut(normalise("有貨嗎"))  # loads dictionaries now, not at the first message

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShopTokenizer:
        files = lexicon.lexicon_files(Path(config["lexicon"]))
        others = (node.uses for node in execution_context.graph_schema.nodes.values())
        cuts_lines = any(Tokenizer in one.required_components() for one in others)
        return cls(config, model_storage, resource, files, cuts_lines)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ShopTokenizer:
        """Uses the word lists that the model was trained with, not today's."""
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, lexicon.lexicon_files(folder))
        except ValueError:
            logger.warning("The model holds no word lists; the project's are used.")
            return cls.create(config, model_storage, resource, execution_context)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed word lists make a new model, also when nothing else changed."""
        folder = Path({**cls.get_default_config(), **config}["lexicon"])
        return trained_on(lexicon.lexicon_files(folder), __name__)

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the word lists with the model."""
        with self._model_storage.write_to(self._resource) as folder:
            for file in lexicon.lexicon_files(Path(self._config["lexicon"])):
                shutil.copy(file, folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Our own components read lines as they are written."""
        return super().process_training_data(training_data) if self._cuts_lines else training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = normalise(message.get(attribute))
        return [Token(word, start) for word, start in self._words.cut(text)]
