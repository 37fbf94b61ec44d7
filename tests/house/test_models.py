"""A model file that cannot be used does not close the house while an older one can."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain

from bot.engine.engine import Engine, ModelUnusable
from bot.engine.in_process import InProcessActions
from bot.engine.loading import OtherCode, demand_actions
from tests.support.house import ROOT


def broken(folder: Path, name: str = "broken.tar.gz", content: bytes = b"not a model") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.model
def test_a_broken_model_is_passed_over_for_an_older_one(tmp_path: Path) -> None:
    newest = max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    good = Path(shutil.copy(newest, tmp_path / "good.tar.gz"))
    os.utime(good, (1, 1))
    half = newest.read_bytes()[: newest.stat().st_size // 2]
    broken(tmp_path, "half.tar.gz", half)
    engine = Engine.load(tmp_path, actions=InProcessActions())
    assert engine.model_path == good


def test_a_model_of_newer_code_is_not_used() -> None:
    domain = Domain.from_dict({"actions": ["action_greet", "action_of_tomorrow", "utter_hello"]})
    with pytest.raises(OtherCode, match="action_of_tomorrow"):
        demand_actions(domain, {"action_greet"})
    demand_actions(domain, {"action_greet", "action_of_tomorrow"})


def test_without_any_usable_model_each_file_is_named(tmp_path: Path) -> None:
    broken(tmp_path, "one.tar.gz")
    broken(tmp_path, "two.tar.gz", b"")
    with pytest.raises(ModelUnusable) as error:
        Engine.load(tmp_path, actions=InProcessActions())
    assert "one.tar.gz" in error.value.why
    assert "two.tar.gz" in error.value.why


def test_without_a_model_file_the_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=str(tmp_path)):
        Engine.load(tmp_path, actions=InProcessActions())
