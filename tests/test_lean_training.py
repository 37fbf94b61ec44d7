"""Rasa trains the very same of lines that are shared, hashed at once and read once; without TensorFlow where NumPy tunes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.lean_rasa import runs_without_tensorflow, trains_without_tensorflow
from bot.nlu.tuning import NUMPY, TENSORFLOW

ROOT = Path(__file__).resolve().parents[1]
LEAN = """
import sys
from bot.lean_training import train_leanly

print(train_leanly(sys.argv[1:]))
"""
SHARED = (
    LEAN
    + """
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

def load():
    return TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["nlu.yml"])

whole = load().get_nlu_data()
print([(one.get("text"), one.get("intent")) for one in whole.intent_examples])
print(load() is load())
mine = TrainingData([Message({"text": "a", "intent": " x "})], {"a": "b"}, responses={"u": [1]})
both = mine.merge(TrainingData([Message({"text": "a", "intent": "x"}), Message({"text": "b"})]))
print([(one.get("text"), one.get("intent")) for one in both.training_examples])
print(both.training_examples[0] is mine.training_examples[0])
print(both.entity_synonyms, both.responses)
before = mine.fingerprint()
mine.training_examples[0].set("intent", "y")
print(mine.fingerprint() == before)
"""
)
WITHOUT = (
    LEAN
    + """
import numpy, rasa.model_training, tensorflow
print(hasattr(tensorflow, "__version__"))
"""
)
EARLY = """
import sys
import bot.rasa_cli

print("numpy" in sys.modules)
"""
TUNED = """
pipeline:
- name: bot.nlu.components.gate.UnderstandingGate
- {name: bot.nlu.components.classifier.ShopIntentClassifier, tuned_by: %s}
"""
SLOTS = (
    LEAN
    + """
from rasa.shared.core.slots import TextSlot

def slot(value, mappings=()):
    one = TextSlot("size", mappings=list(mappings))
    one.value = value
    return one.fingerprint()

print(slot("38") == slot("38"), slot("38") == slot("39"), slot("38") == slot("38", [{"type": "from_text"}]))
"""
)


def said(program: str, folder: Path, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if "[debug" not in line]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for file, content in {
        "nlu.yml": "nlu:\n- intent: greet\n  examples: |\n    - 你好\n    - 在吗\n    - 在吗\n",
        "domain.yml": "intents: [greet]\n",
        "config.yml": "pipeline: [{name: bot.nlu.components.gate.UnderstandingGate}]\n",
    }.items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    return tmp_path


def test_lines_are_shared_and_a_changed_one_is_another(project: Path) -> None:
    assert said(SHARED, project, "train", "--config", "config.yml") == [
        "True",
        "[('你好', 'greet'), ('在吗', 'greet')]",
        "True",
        "[('a', 'x'), ('b', None)]",
        "True",
        "{'a': 'b'} {'u': [1]}",
        "False",
    ]


def test_slots_of_other_values_or_mappings_are_others(project: Path) -> None:
    assert said(SLOTS, project, "train") == ["True", "True False False"]


@pytest.mark.parametrize("arguments", [["test", "core"], ["data", "validate"], []])
def test_whoever_trains_nothing_meets_rasa_as_it_is(project: Path, arguments: list[str]) -> None:
    assert said(LEAN, project, *arguments) == ["False"]


def test_components_that_may_change_lines_get_copies(project: Path) -> None:
    (project / "config.yml").write_text("pipeline: [{name: DIETClassifier}]\n", encoding="utf-8")
    assert said(LEAN, project, "train") == ["False"]
    (project / "ours.yml").write_text("pipeline: [{name: bot.x}]\n", encoding="utf-8")
    assert said(LEAN, project, "train", "--config=ours.yml") == ["True"]
    assert said(LEAN, project, "train", "-c", "none.yml") == ["False"]


@pytest.mark.parametrize(("tuned_by", "is_real"), [(TENSORFLOW, "True"), (NUMPY, "False")])
def test_tensorflow_is_left_out_where_numpy_tunes(
    project: Path, tuned_by: str, is_real: str
) -> None:
    (project / "config.yml").write_text(TUNED % tuned_by, encoding="utf-8")
    assert said(WITHOUT, project, "train") == ["True", is_real]


def test_a_training_begins_before_numpy_is_loaded(project: Path) -> None:
    """What NumPy is told of the processor (`bot.training.processor`) is read once."""
    assert said(EARLY, project) == ["False"]


@pytest.mark.parametrize(
    ("own", "without"),
    [
        (f"tuned_by: {NUMPY}", True),
        (f"tuned_by: {TENSORFLOW}", False),
        ("tuned_by: torch", False),
        ("tuned_by: [numpy]", False),
        ("epochs: 0", False),
    ],
)
def test_only_numpy_trains_without_tensorflow(project: Path, own: str, without: bool) -> None:
    name = "bot.nlu.components.classifier.ShopIntentClassifier"
    config = project / "config.yml"
    config.write_text(f"pipeline:\n- name: {name}\n  {own}\n", encoding="utf-8")
    assert runs_without_tensorflow(config)
    assert trains_without_tensorflow(config) is without
    config.write_text(f"pipeline:\n- name: {name}\n  {own}\n- name: DIETClassifier\n", "utf-8")
    assert not trains_without_tensorflow(config)
