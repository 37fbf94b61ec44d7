"""One cell of the classifiers' table, in processes of its own, so that memory does not add up.

    python -m bench.classifier_cell train CLASSIFIER EXTRA FOLDER DATA
    python -m bench.classifier_cell answer CLASSIFIER EXTRA FOLDER DATA

CLASSIFIER: svm, lr, diet or ours; EXTRA: none, pinyin, words or sentence. DATA of `train`: JSON
lines with text and intent; of `answer`: labelled messages. `answer` prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import yaml
from scipy.sparse import csr_matrix, hstack

from bench.nlu_scores import APART, FIVE, read_rows
from bench.servers import ROOT
from bench.sides import run
from bot.nlu import intents, model_files
from bot.nlu.courtesies import wrapped
from bot.nlu.labels import catalogue_intent
from bot.nlu.linear_fit import fit_linear
from bot.nlu.ngrams import NgramSpace
from bot.nlu.normalise import normalise
from bot.nlu.thresholds import Thresholds
from bot.nlu.words import LEXICON, Words, lexicon_files

DIET_EPOCHS = 20
Reader = Callable[[str], str]
"""From a message to the name of its intent."""


def train(classifier: str, extra: str, folder: Path, data: Path) -> None:
    lines = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    texts = [normalise(line["text"]) for line in lines]
    names = [line["intent"] for line in lines]
    if classifier == "svm":
        _train_svm(texts, names, extra, folder)
    elif classifier == "ours":
        model_files.save(intents.train(texts, names, _words()), folder)
    else:
        _train_rasa(texts, names, classifier, extra, folder)


def _train_svm(texts: list[str], names: list[str], extra: str, folder: Path) -> None:
    space = NgramSpace.of(texts, _words())
    copies = list(wrapped(texts, names))  # as ours learns them
    texts = [*texts, *(text for text, _ in copies)]
    names = [*names, *(names[at] for _, at in copies)]
    labels = sorted(set(names))
    targets = np.array([labels.index(name) for name in names])
    weights, offsets = fit_linear(_matrix(texts, space, extra), targets, len(labels))
    bare = intents.IntentModel(
        space,
        tuple(labels),
        weights,
        offsets,
        network=None,
        trust=(1.0,),
        favours=intents.favours_of({}, labels),
        thresholds=Thresholds(act=0.0, ask=0.0),
    )
    model_files.save(bare, folder)


def _matrix(texts: list[str], space: NgramSpace, extra: str) -> csr_matrix:
    matrix = space.matrix(texts)
    if extra == "none":
        return matrix
    from bench.extra_vectors import vectors

    vector = vectors(extra)
    return hstack([matrix, csr_matrix(np.stack([vector(text) for text in texts]))]).tocsr()


def _train_rasa(
    texts: list[str], names: list[str], classifier: str, extra: str, folder: Path
) -> None:
    """Rasa's own classifiers behind its default featurizers and, where wanted, the extra one."""
    examples = dict.fromkeys(names, "")
    for text, name in zip(texts, names, strict=True):
        examples[name] += f"- {text}\n".replace("[", "(").replace("]", ")")
    nlu = [{"intent": name, "examples": lines} for name, lines in examples.items()]
    last = {
        "lr": {"name": "LogisticRegressionClassifier"},
        "diet": {
            "name": "DIETClassifier",
            "epochs": DIET_EPOCHS,
            "constrain_similarities": True,
            "entity_recognition": False,
        },
    }[classifier]
    middle = (
        [] if extra == "none" else [{"name": "bench.extra_features.ExtraFeatures", "kind": extra}]
    )
    config = {
        "recipe": "default.v1",
        "language": "zh",
        "assistant_id": "bench",
        "pipeline": [
            {"name": "JiebaTokenizer"},
            {"name": "CountVectorsFeaturizer"},
            {
                "name": "CountVectorsFeaturizer",
                "analyzer": "char_wb",
                "min_ngram": 1,
                "max_ngram": 4,
            },
            *middle,
            last,
        ],
        "policies": [],
    }
    for name, content in (("nlu.yml", {"version": "3.1", "nlu": nlu}), ("config.yml", config)):
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)
        (folder / name).write_text(text, encoding="utf-8")
    told = ["--nlu", str(folder / "nlu.yml"), "--config", str(folder / "config.yml")]
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")  # not the project's own
    run([sys.executable, "-m", "rasa", "train", "nlu", *told, "--out", str(folder)], ROOT)


def reader(classifier: str, extra: str, folder: Path) -> Reader:
    if classifier == "ours":
        model = model_files.load(folder, _words())
        return lambda text: next((g.intent for g in model.rank(normalise(text))), "")
    if classifier == "svm":
        return _svm_reader(extra, folder)
    return _rasa_reader(folder)


def _svm_reader(extra: str, folder: Path) -> Reader:
    model = model_files.load(folder, _words())
    if extra != "none":
        from bench.extra_vectors import vectors

        vector = vectors(extra)

    def read(text: str) -> str:
        columns, values = model.space.row(normalise(text))
        margins = values @ model.weights[columns] + model.offsets
        if extra != "none":
            margins = margins + vector(text) @ model.weights[model.space.width :]
        return model.labels[int(margins.argmax())]

    return read


def _rasa_reader(folder: Path) -> Reader:
    import asyncio

    from rasa.core.agent import Agent

    agent = Agent.load(str(next(folder.glob("*.tar.gz"))))
    loop = asyncio.new_event_loop()

    def read(text: str) -> str:
        parsed: dict[str, Any] = loop.run_until_complete(agent.parse_message(normalise(text)))
        return str(parsed["intent"]["name"])

    return read


def answer(classifier: str, extra: str, folder: Path, data: Path) -> dict[str, float]:
    rows = [row for row in read_rows(data) if row.intent not in APART]
    read = reader(classifier, extra, folder)
    for row in rows[:20]:
        read(row.text)  # warms up
    started = time.process_time()
    said = [catalogue_intent(read(row.text)) for row in rows]
    spent = time.process_time() - started
    right = [name in row.accept for name, row in zip(said, rows, strict=True)]
    core = [hit for hit, row in zip(right, rows, strict=True) if row.intent in FIVE]
    return {
        "in_scope": sum(right) / len(right),
        "five": sum(core) / len(core),
        "cpu_ms": spent * 1000 / len(rows),
        "memory_mb": psutil.Process().memory_info().rss / 2**20,
    }


def _words() -> Words:
    return Words.of_files(lexicon_files(ROOT / LEXICON))


def main() -> None:
    step, classifier, extra, folder, data = sys.argv[1:]
    told = {"train": train, "answer": answer}[step](classifier, extra, Path(folder), Path(data))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
