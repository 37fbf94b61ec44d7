"""Trains in minutes what Rasa trains in many: it copies and hashes every line again and again.

One training made a dozen copies of all lines, each with a hash of its own, and read domain, stories
and replies twice, once to check and once to train. Our own components change no line, so that one of
each is enough; what is trained is the same. Only where `config.yml` names no component that may
change lines (`lean_rasa`). TensorFlow is left out where NumPy tunes the encoder.
"""

from __future__ import annotations

import gc
import json
import os
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.lean_rasa import (
    leave_out_tensorflow,
    runs_without_tensorflow,
    trains_without_tensorflow,
)
from bot.training.processor import told

_CONFIG = "config.yml"


def train_leanly(arguments: Sequence[str]) -> bool:
    """Whether what Rasa's command line is asked for will be done so; before Rasa is imported."""
    config = _config(arguments)
    if "train" not in arguments[:1] or not config.is_file() or not runs_without_tensorflow(config):
        return False
    if trains_without_tensorflow(config):
        for name, value in told().items():  # before NumPy is loaded
            os.environ.setdefault(name, value)
        leave_out_tensorflow(config)
    # Millions of objects are made and kept until the end: looking through them often frees little.
    gc.set_threshold(200_000, 10, 10)
    share_lines()
    hash_quickly()
    import_once()
    return True


def _config(arguments: Sequence[str]) -> Path:
    words = [word for one in arguments for word in one.split("=", 1)]
    named = [at for at, one in enumerate(words[:-1]) if one in ("-c", "--config")]
    return Path(words[named[-1] + 1] if named else _CONFIG)


def share_lines() -> None:
    """Merged training data hold the very messages of their parts."""
    from rasa.shared.nlu.constants import INTENT, RESPONSE
    from rasa.shared.nlu.training_data import util
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    def merge(self: TrainingData, *others: TrainingData | None) -> TrainingData:
        parts = [self, *(other for other in others if other)]
        merged = TrainingData(
            [example for part in parts for example in part.training_examples],
            dict(self.entity_synonyms),
            [feature for part in parts for feature in part.regex_features],
            [table for part in parts for table in part.lookup_tables],
            {name: said for part in parts for name, said in part.responses.items()},
        )
        for part in parts[1:]:
            for text, synonym in part.entity_synonyms.items():
                util.check_duplicate_synonym(
                    merged.entity_synonyms, text, synonym, "merging training data"
                )
            merged.entity_synonyms.update(part.entity_synonyms)
        return merged

    def sanitize(examples: list[Message]) -> list[Message]:
        for example in examples:
            for name in (INTENT, RESPONSE):
                told = example.get(name)
                if told and told != told.strip():
                    example.set(name, told.strip())
        return list(OrderedDict.fromkeys(examples))

    TrainingData.merge = merge
    TrainingData.sanitize_examples = staticmethod(sanitize)


def hash_quickly() -> None:
    """Messages and slots are hashed as one text each, not part by part."""
    from rasa.shared.core.slots import Slot
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.utils.io import deep_container_fingerprint, get_text_hash

    def of_message(self: Message) -> str:
        if self._cached_fingerprint is None:
            whole = [self.data, self.features]
            text = json.dumps(whole, sort_keys=True, default=deep_container_fingerprint)
            self._cached_fingerprint = get_text_hash(text)
        return str(self._cached_fingerprint)

    hashed = lru_cache(maxsize=100_000)(get_text_hash)  # a slot is much the same in all stories

    def of_slot(self: Slot) -> str:
        whole = (self.name, self.value, sorted(self.persistence_info().items()))
        return str(hashed(repr(whole)))

    Message.fingerprint = of_message
    Slot.fingerprint = of_slot


def import_once() -> None:
    """Who checks the training data and who trains read them together."""
    from rasa.shared.importers.importer import TrainingDataImporter

    load = TrainingDataImporter.load_from_config
    known: dict[tuple[Any, ...], TrainingDataImporter] = {}

    def loaded(
        config_path: str,
        domain_path: str | None = None,
        training_data_paths: Sequence[str] | None = None,
        args: dict[str, Any] | None = None,
    ) -> TrainingDataImporter:
        key = (config_path, domain_path, tuple(training_data_paths or ()))
        if key not in known:
            known[key] = load(config_path, domain_path, training_data_paths, args)
        return known[key]

    TrainingDataImporter.load_from_config = staticmethod(loaded)
