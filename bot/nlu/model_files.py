"""Writes a trained intent model as arrays and JSON: nothing in it can run code when loaded."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from bot.nlu.encoders import encoder
from bot.nlu.intents import IntentModel
from bot.nlu.ngrams import NgramSpace, Vocabulary
from bot.nlu.semantics import SemanticVoice
from bot.nlu.thresholds import Thresholds
from bot.nlu.words import Words

_ARRAYS = "intents.npz"
_FACTS = "intents.json"
_VOICE = ("mean", "scale", "landmarks", "weights", "offsets")


def save(model: IntentModel, folder: Path) -> None:
    vocabularies = model.space.vocabularies
    arrays = {"weights": model.weights, "offsets": model.offsets}
    arrays |= {f"terms_{at}": item.weights for at, item in enumerate(vocabularies)}
    for voice in model.voices:
        arrays |= {f"{voice.encoder}_{name}": getattr(voice, name) for name in _VOICE}
    np.savez(folder / _ARRAYS, **arrays)
    facts = {
        "labels": model.labels,
        "encoders": [voice.encoder for voice in model.voices],
        "trust": model.trust,
        "thresholds": asdict(model.thresholds),
        "terms": [list(item.columns) for item in vocabularies],
    }
    (folder / _FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def load(folder: Path, words: Words) -> IntentModel:
    """Reads what `save` wrote, and loads the encoders it needs.

    Raises OSError, ValueError or KeyError when the files are damaged, ImportError when the
    package of an encoder is not installed.
    """
    facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    for name in facts["encoders"]:
        encoder(name)
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        vocabularies = [
            Vocabulary({term: at for at, term in enumerate(terms)}, arrays[f"terms_{kind}"])
            for kind, terms in enumerate(facts["terms"])
        ]
        return IntentModel(
            space=NgramSpace(words, vocabularies),
            labels=tuple(facts["labels"]),
            weights=arrays["weights"],
            offsets=arrays["offsets"],
            voices=tuple(
                SemanticVoice(name, **{part: arrays[f"{name}_{part}"] for part in _VOICE})
                for name in facts["encoders"]
            ),
            trust=tuple(facts["trust"]),
            thresholds=Thresholds(**facts["thresholds"]),
        )
