"""Of Rasa's warnings a trainer sees those that mean something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.rasa_cli import matters

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "message",
    [
        "There is a message in the training data labeled with intent 'stok_check'. "
        "This intent is not listed in your domain.",
        "The following duplicated intents have been found across multiple domain files: greet ",
        "The example '有货吗' was found labeled with multiple different intents",
    ],
)
def test_what_a_trainer_must_know_is_shown(message: str) -> None:
    assert matters(message, UserWarning)


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("The utterance 'utter_ask_size' is not used in any story or rule.", UserWarning),
        ("pkg_resources is deprecated as an API", DeprecationWarning),
        (
            "The following duplicated intents have been found across multiple domain files: faq \n"
            "The following duplicated actions have been found across multiple domain files: "
            "utter_faq",
            UserWarning,
        ),
    ],
)
def test_what_is_meant_so_is_not(message: str, category: type[Warning]) -> None:
    assert not matters(message, category)


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
    ).stderr
    assert "'gret'" in told
    assert "Deprecat" not in told
