"""What the trainers' guide shows can be written as it stands there, into the files that its commands make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.__main__ import FOR_TRAINERS
from bot.trainer.check import Check
from bot.trainer.finding import ERROR
from bot.trainer.scaffolds import new_intent, new_question
from tests.trainer.small_project import write, write_project

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/trainer-guide.zh.md").read_text("utf-8")
_SHOWN = re.compile(r"`((?:data|actions|tests)/[\w/]+\.(?:yml|py))`[^`]*?\n\n```(?:yaml|python)\n(.*?)```", re.DOTALL)  # fmt: skip


def shown(section: str) -> dict[str, str]:
    """Files of a section of the guide, by their place."""
    part = GUIDE.split(f"\n## {section}")[1].split("\n## ")[0]
    return dict(_SHOWN.findall(part))


@pytest.mark.parametrize(
    ("section", "make", "name", "title"),
    [
        ("一、", new_question, "ask_gift_card", "问代写贺卡"),
        ("二、", new_intent, "ask_pairing", "问搭配"),
    ],
)
def test_the_files_it_shows_are_those_its_command_makes_and_pass_the_check(
    section: str, make: object, name: str, title: str, tmp_path: Path
) -> None:
    root = write_project(tmp_path)
    made = make(root, name, title)  # type: ignore[operator]
    files = shown(section)
    assert files and set(files) <= set(made)
    for file, content in files.items():
        write(root, file, content)
    left = {one.file for one in Check(root).run() if one.kind == "unfilled"}
    assert left <= {f"tests/sentences/{name}.yml"}  # every other one is shown filled in
    wrong = [one for one in Check(root).run() if one.file in files and one.level == ERROR]
    assert [str(one) for one in wrong if not one.kind.startswith("tests")] == []


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE)
    assert pictures and all((ROOT / "docs" / one).is_file() for one in pictures)


def test_every_command_it_names_is_one() -> None:
    named = set(re.findall(r"-m bot ([a-z]+)", GUIDE))
    assert named and named <= FOR_TRAINERS.keys()
    assert not re.search(r"(?<!bin/)python -m", GUIDE)  # a stranger's python has none of it
