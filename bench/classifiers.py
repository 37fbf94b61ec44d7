"""`python -m bench classifiers`: which classifier, with which features beside n-grams.

Every cell learns from the same random part of the training messages and answers the same real
ones. Needs what `bench/extra_vectors.py` names, and the shared development messages.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import subprocess
import sys
from pathlib import Path

from bench.figures import markdown
from bench.nlu_report import REAL
from bench.servers import QUIET, ROOT
from bot.nlu.labels import catalogue_intent
from bot.nlu.training_lines import TRAINING_DATA, training_files, training_lines

LINES = 6000
SEED = 7
EXTRAS = ("none", "pinyin", "words", "sentence")
CELLS = (*((one, extra) for one in ("svm", "lr", "diet") for extra in EXTRAS), ("ours", "none"))
CLASSIFIERS = {
    "svm": "n-grams, linear SVM",
    "lr": "Rasa's LogisticRegressionClassifier",
    "diet": "Rasa's DIETClassifier, 20 epochs",
    "ours": "n-grams and the tuned encoder (ours)",
}
BESIDE = {
    "none": "–",
    "pinyin": "pinyin syllables, 1–3 in a row",
    "words": "word vectors (synonyms)",
    "sentence": "sentence encoder as it comes",
}


def compare(folder: Path, kept: Path) -> str:
    """Markdown of all cells; each is kept in a JSON file under a hash of its lines.

    A cell that is there is not measured again.
    """
    folder.mkdir(parents=True)
    data = folder / "lines.jsonl"
    lines = training_lines(training_files(ROOT / TRAINING_DATA))
    random.Random(SEED).shuffle(lines)
    rows = [{"text": line.text, "intent": catalogue_intent(line.intent)} for line in lines[:LINES]]
    data.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    of_all = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    cells = of_all.setdefault(hashlib.sha256(data.read_bytes()).hexdigest()[:16], {})
    for classifier, extra in CELLS:
        name = f"{classifier} {extra}"
        if name not in cells:
            cells[name] = _cell(classifier, extra, folder / name.replace(" ", "-"), data)
            print(name, cells[name], flush=True)
            kept.write_text(json.dumps(of_all, indent=2), encoding="utf-8")
    return _table(cells)


def _cell(classifier: str, extra: str, folder: Path, data: Path) -> dict[str, float]:
    folder.mkdir()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _step("train", classifier, extra, folder, data)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = _step("answer", classifier, extra, folder, REAL)
    measured: dict[str, float] = json.loads(told)
    return {**measured, "train_cpu_s": cpu}


def _step(step: str, classifier: str, extra: str, folder: Path, data: Path) -> str:
    command = [sys.executable, "-m", "bench.classifier_cell", step, classifier, extra]
    done = subprocess.run(
        [*command, str(folder), str(data)],
        cwd=ROOT,
        env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stderr[-3000:])
        done.check_returncode()
    return done.stdout.splitlines()[-1]


def _table(cells: dict[str, dict[str, float]]) -> str:
    head = [
        "classifier",
        "beside n-grams",
        "in scope, %",
        "five core, %",
        "CPU ms a message",
        "memory, MB",
        "training, CPU s",
    ]
    rows = []
    for classifier, extra in CELLS:
        one = cells[f"{classifier} {extra}"]
        shares = [f"{100 * one[key]:.1f}" for key in ("in_scope", "five")]
        costs = [one["cpu_ms"], one["memory_mb"], one["train_cpu_s"]]
        rows.append([CLASSIFIERS[classifier], BESIDE[extra], *shares, *costs])
    return markdown(head, rows)
