"""The model before the newest is used again; done twice, all is as before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.training.going_back import go_back
from bot.training.refusals import Refused


def put(models: Path, name: str, age: int) -> Path:
    path = models / name
    path.write_bytes(name.encode())
    os.utime(path, (1000 - age, 1000 - age))
    return path


def newest(models: Path) -> str:
    return max(models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime).name


def test_there_and_back(tmp_path: Path) -> None:
    for age, name in enumerate(("new.tar.gz", "before.tar.gz", "older.tar.gz")):
        put(tmp_path, name, age)
    assert [one.name for one in go_back(tmp_path)] == ["before.tar.gz", "new.tar.gz"]
    assert newest(tmp_path) == "before.tar.gz"
    assert go_back(tmp_path)[0].name == "new.tar.gz"
    assert newest(tmp_path) == "new.tar.gz"
    assert len(list(tmp_path.glob("*.tar.gz"))) == 3  # nothing is deleted


def test_the_small_first_model_is_no_way_back(tmp_path: Path) -> None:
    put(tmp_path, "new.tar.gz", 0)
    put(tmp_path, "first-small.tar.gz", 1)
    with pytest.raises(Refused, match="只有一个"):
        go_back(tmp_path)
    assert newest(tmp_path) == "new.tar.gz"


def test_without_models_it_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        go_back(tmp_path)
