"""Writes a trained intent model as arrays and JSON: nothing in it can run code when loaded."""

from __future__ import annotations

import json
import tarfile
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from bot.nlu.intents import IntentModel
from bot.nlu.ngrams import NgramSpace, Vocabulary
from bot.nlu.sentence_network import SentenceNetwork
from bot.nlu.thresholds import Thresholds
from bot.nlu.words import Words

_ARRAYS = "intents.npz"
_FACTS = "intents.json"
_NETWORK = "sentences.npz"


def save(model: IntentModel, folder: Path) -> None:
    vocabularies = model.space.vocabularies
    arrays = {"weights": model.weights, "offsets": model.offsets, "favours": model.favours}
    arrays |= {f"terms_{at}": item.weights for at, item in enumerate(vocabularies)}
    np.savez(folder / _ARRAYS, **arrays)
    if model.network is not None:
        parts = {"pieces": model.network.pieces, "embeddings": model.network.embeddings}
        np.savez(folder / _NETWORK, **parts, **model.network.layers)
    facts = {
        "labels": model.labels,
        "has_network": model.network is not None,
        "trust": model.trust,
        "thresholds": asdict(model.thresholds),
        "modesty": model.modesty,
        "terms": [list(item.columns) for item in vocabularies],
    }
    (folder / _FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def load(folder: Path, words: Words) -> IntentModel:
    """Reads what `save` wrote.

    Raises OSError, ValueError or KeyError when the files are damaged.
    """
    facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    network = _load_network(folder / _NETWORK) if facts["has_network"] else None
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
            network=network,
            trust=tuple(facts["trust"]),
            favours=arrays["favours"],
            thresholds=Thresholds(**facts["thresholds"]),
            modesty=facts["modesty"],
        )


def load_trained(models: Path, words: Words) -> IntentModel:
    """The classifier out of Rasa's model: a `.tar.gz`, or the newest one in a folder.

    Raises FileNotFoundError where there is none, else as `load` does.
    """
    archives = [models] if models.is_file() else list(models.glob("*.tar.gz"))
    if not archives:
        raise FileNotFoundError(f"no trained model in {models}; run `make train`")
    newest = max(archives, key=lambda one: one.stat().st_mtime)
    with tarfile.open(newest) as archive, tempfile.TemporaryDirectory() as folder:
        for member in archive.getmembers():
            if Path(member.name).name in {_ARRAYS, _FACTS, _NETWORK}:
                member.name = Path(member.name).name
                archive.extract(member, folder, filter="data")
        return load(Path(folder), words)


def _load_network(path: Path) -> SentenceNetwork:
    with np.load(path, allow_pickle=False) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    return SentenceNetwork(parts.pop("pieces"), parts.pop("embeddings"), parts)
