"""The intent classifier as Rasa sees it; retrieval intents come with their chosen answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import model_files
from bot.nlu import words as lexicon
from bot.nlu.components.steps import Steps, steps_of
from bot.nlu.confidence import MEASURED, read_measured
from bot.nlu.fingerprint import trained_on
from bot.nlu.halves import HALVES, read_halves
from bot.nlu.intents import EPOCHS, Guess, IntentModel, train
from bot.nlu.learned import Learned
from bot.nlu.live_lines import LiveLines
from bot.nlu.normalise import normalise
from bot.nlu.training_lines import training_files, training_lines
from bot.nlu.tuning import TENSORFLOW, refusal

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ShopIntentClassifier(IntentClassifier, GraphComponent):
    """Ranks full labels (`faq/ask_color`); the intent of a retrieval label is its first part.

    Sets `intent` {name, confidence, full_name}, `intent_ranking` [{name: full label,
    confidence}], and for retrieval intents `response_selector`, from which Rasa's `utter_faq`
    takes the answer; no neural selector is needed. Thresholds travel in `intent_thresholds`
    for the gate that follows.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return []

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "jieba"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "lexicon": str(lexicon.LEXICON),
            "epochs": EPOCHS,  # of the sentence encoder's tuning; 0 for n-grams alone
            "tuned_by": TENSORFLOW,  # the sentence encoder; or numpy
            "favoured": {},  # label: log odds on top, for wishes that cost more when missed
            "measured": str(MEASURED),
            "halves": str(HALVES),
            "ranking_length": 10,
            "known": None,  # a folder whose lines count as learned, where only a part was given
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        learned: Learned | None = None,
    ) -> None:
        if wrong := refusal(config["tuned_by"]):
            raise InvalidConfigException(wrong)
        self.steps: Steps | None = None
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self.model = model
        self.learned = learned  # None: the model has not kept it
        self.live: LiveLines | None = None  # what trainers have written since, if anything

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShopIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ShopIntentClassifier:
        """Raises when the stored model is damaged: a bot that understands nothing must not start."""
        with model_storage.read_from(resource) as folder:
            words = lexicon.Words.of_files(lexicon.lexicon_files(folder))
            model = model_files.load(folder, words)
            learned = Learned.load(folder)
        model.rank("有货吗")
        step = cls(config, model_storage, resource, model, learned)
        steps_of(execution_context).add(step)
        return step

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        settings = {**cls.get_default_config(), **config}
        lists = lexicon.lexicon_files(Path(settings["lexicon"]))
        others = [Path(settings[name]) for name in ("measured", "halves")]
        return trained_on([*lists, *(file for file in others if file.exists())], __name__)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        files = lexicon.lexicon_files(Path(self._config["lexicon"]))
        self.model = train(
            [normalise(one.get(TEXT)) for one in examples],
            [one.get_full_intent() for one in examples],
            lexicon.Words.of_files(files),
            epochs=self._config["epochs"],
            favoured=self._config["favoured"],
            measured=read_measured(Path(self._config["measured"])),
            halves=read_halves(Path(self._config["halves"])),
            # There when Rasa trains further (`rasa train --finetune`).
            earlier=self.model,
            fresh=None if self.learned is None else _fresh(examples, self.learned),
            tuned_by=self._config["tuned_by"],
        )
        logger.info("Thresholds: %s", self.model.thresholds)
        self.learned = Learned.of(self._known(examples))
        with self._model_storage.write_to(self._resource) as folder:
            model_files.save(self.model, folder)
            self.learned.save(folder)
            for file in files:
                (folder / file.name).write_bytes(file.read_bytes())
        return self._resource

    def _known(self, examples: list[Message]) -> Iterator[tuple[str, str]]:
        """(text, full label) of what was given, and of what stands beside it on disk."""
        yield from ((one.get(TEXT), one.get_full_intent()) for one in examples)
        if folder := self._config["known"]:
            yield from (
                (line.text, line.intent) for line in training_lines(training_files(Path(folder)))
            )

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing behind this component learns from its guesses."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._rank(message.get(TEXT) or "")
            self._tell(message, ranking)
        return messages

    def _rank(self, text: str) -> list[Guess]:
        if self.model is None:
            return []
        read, live = normalise(text), self.live
        ranking = self.model.rank(read)
        if live is not None and ranking:
            ranking = live.vote(read, ranking)
        return ranking[: self._config["ranking_length"]]

    def _tell(self, message: Message, ranking: list[Guess]) -> None:
        intent: dict[str, Any] = {"name": None, "confidence": 0.0}
        if ranking and self.model:
            first = ranking[0]
            intent = {
                "name": first.intent.split("/")[0],
                "confidence": first.confidence,
                "full_name": first.intent,
            }
            self._choose_answer(message, ranking)
            thresholds = self.model.thresholds
            message.set("intent_thresholds", {"act": thresholds.act, "ask": thresholds.ask})
        message.set(INTENT, intent, add_to_output=True)
        listed = [{"name": one.intent, "confidence": one.confidence} for one in ranking]
        message.set(INTENT_RANKING_KEY, listed, add_to_output=True)

    def _choose_answer(self, message: Message, ranking: list[Guess]) -> None:
        """The selector's output for the first choice, in the shape `utter_<intent>` reads."""
        first = ranking[0]
        if "/" not in first.intent or self.model is None:
            return
        retrieval = first.intent.split("/")[0]
        alternatives = [one for one in ranking if one.intent.startswith(f"{retrieval}/")]
        prediction = {
            "responses": [],
            "confidence": first.confidence,
            "intent_response_key": first.intent,
            "utter_action": f"utter_{first.intent}",
        }
        properties = {
            "all_retrieval_intents": sorted(
                {label.split("/")[0] for label in self.model.labels if "/" in label}
            ),
            retrieval: {
                "response": prediction,
                "ranking": [
                    {"intent_response_key": one.intent, "confidence": one.confidence}
                    for one in alternatives
                ],
            },
        }
        message.set(RESPONSE_SELECTOR_PROPERTY_NAME, properties, add_to_output=True)


def _fresh(examples: Sequence[Message], learned: Learned) -> list[int]:
    return [
        at
        for at, one in enumerate(examples)
        if not learned.knows(one.get(TEXT), one.get_full_intent())
    ]
