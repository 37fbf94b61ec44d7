"""Of Rasa's warnings a trainer sees those that mean something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.nlu.training_lines import training_files, training_lines
from bot.rasa_cli import PRESSED, read_once, what_matters
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[1]
FAQ_TWICE = "The following duplicated intents have been found across multiple domain files: faq "
FAQ_SAID_TWICE = (
    "The following duplicated actions have been found across multiple domain files: utter_faq"
)


@pytest.mark.parametrize(
    "message",
    [
        "There is a message in the training data labeled with intent 'stok_check'. "
        "This intent is not listed in your domain.",
        "The following duplicated intents have been found across multiple domain files: faq, greet",
        "The example '有货吗' was found labeled with multiple different intents",
        "The intent 'greet' is listed in the domain file, but is not found in the NLU data.",
    ],
)
def test_what_a_trainer_must_know_is_shown(message: str) -> None:
    assert what_matters(message, UserWarning) == message


def test_training_lines_are_read_once_and_handed_out_as_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.shared.importers import utils
    from rasa.shared.importers.importer import TrainingDataImporter

    for file, content in {
        "nlu.yml": "nlu:\n- intent: greet\n  examples: |\n    - 你好\n    - 在吗\n",
        "domain.yml": "intents: [greet]\n",
        "config.yml": "pipeline: []\n",
    }.items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    read: list[tuple[str, ...]] = []
    real = utils.training_data_from_paths

    def counted(paths: tuple[str, ...], language: str) -> object:
        read.append(tuple(paths))
        return real(paths, language)

    monkeypatch.setattr(utils, "training_data_from_paths", counted)
    read_once()
    importer = TrainingDataImporter.load_from_config(
        str(tmp_path / "config.yml"), str(tmp_path / "domain.yml"), [str(tmp_path / "nlu.yml")]
    )
    importer.get_domain()
    one, other = importer.get_nlu_data("zh"), importer.get_nlu_data("en")
    assert len(read) == 1
    assert len(one.intent_examples) == len(other.intent_examples) == 2
    one.intent_examples[0].set("intent", "changed")
    assert {example.get("intent") for example in other.intent_examples} == {"greet"}


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("The utterance 'utter_ask_size' is not used in any story or rule.", UserWarning),
        ("pkg_resources is deprecated as an API", DeprecationWarning),
        (f"{FAQ_TWICE}\n{FAQ_SAID_TWICE}", UserWarning),
    ],
)
def test_what_is_meant_so_is_not(message: str, category: type[Warning]) -> None:
    assert not what_matters(message, category)


def test_a_mistake_is_shown_that_stands_among_what_is_meant_so() -> None:
    mistake = "The following duplicated responses have been found …: utter_greet"
    message = f"{FAQ_TWICE}\n{FAQ_SAID_TWICE}\n{mistake}"
    assert what_matters(message, UserWarning) == mistake


def test_intents_of_buttons_are_those_without_examples() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    listed = {one if isinstance(one, str) else next(iter(one)) for one in domain["intents"]}
    typed = {
        line.intent.split("/")[0] for line in training_lines(training_files(ROOT / "data/nlu"))
    }
    assert listed - typed - {"nlu_fallback"} == set(PRESSED)


def test_a_misspelt_intent_is_named_and_nothing_else(tmp_path: Path) -> None:
    """The real command on a small project, with one mistake in it."""
    (tmp_path / "domain.yml").write_text("version: '3.1'\nintents: [greet]\n", encoding="utf-8")
    (tmp_path / "nlu.yml").write_text(
        "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n    - 在吗\n    - 你好\n"
        "- intent: gret\n  examples: |\n    - 有人吗\n    - 老板在不\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "bot.rasa_cli", "data", "validate"]
    told = subprocess.run(
        [*command, "--domain", "domain.yml", "--data", "nlu.yml", "--config", ROOT / "config.yml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    ).stderr
    assert "'gret'" in told
    assert "Deprecat" not in told
