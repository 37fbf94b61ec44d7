"""The locks against the list of dependencies: each rule refuses what it is for, on a copy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.dependencies import LIST, LOOKED_AT_EVERY, note, problems, standing, write
from tests.support.house import ROOT

_HASH = f"--hash=sha256:{'0' * 64}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files that the check reads."""
    for name in (str(LIST), "web/package.json", "web/package-lock.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for path in [*ROOT.glob("requirements*"), ROOT / "overrides.txt"]:
        shutil.copy(path, tmp_path)
    return tmp_path


Spoil = Callable[[Path], None]


def adding(name: str, line: str) -> Spoil:
    def spoil(root: Path) -> None:
        path = root / name
        path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")

    return spoil


def changing(name: str, old: str, new: str) -> Spoil:
    def spoil(root: Path) -> None:
        path = root / name
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    return spoil


def node(**entry: str) -> Spoil:
    def spoil(root: Path) -> None:
        path = root / "web/package-lock.json"
        lock = json.loads(path.read_text(encoding="utf-8"))
        lock["packages"]["node_modules/vue"].update(entry)
        path.write_text(json.dumps(lock), encoding="utf-8")

    return spoil


def test_the_locks_of_the_house_keep_to_the_list() -> None:
    assert list(problems(ROOT)) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (adding("requirements.txt", f"leftpad==1.0 \\\n    {_HASH}"), "leftpad is locked and not"),
        (adding("requirements.txt", "jieba==0.42.1"), "jieba has no hash"),
        (adding("requirements.txt", "--index-url somewhere"), "is an address"),
        (adding("requirements-build.txt", f"uv @ http://there/uv.whl {_HASH}"), "is an address"),
        (adding("requirements.in", "zh_core_web_sm"), "zh-core-web-sm must not be installed"),
        (adding("requirements.in", "en-core-web-md"), "en-core-web-md must not be installed"),
        (adding("requirements-dev.in", "Dianxiaoer.tools"), "dianxiaoer-tools must not be"),
        (adding("requirements.txt", f"tensorflow==2.12.0 \\\n    {_HASH}"), "tensorflow must not"),
        (adding("requirements.txt", f"aiohtpp==3.14.5 \\\n    {_HASH}"), "aiohtpp and aiohttp are"),
        (changing("docs/dependencies.yml", "\n  jieba: MIT", "\n  jieba: GPL-3.0"), "'GPL-3.0'"),
        (changing("docs/dependencies.yml", "\n  tqdm: MPL", "\n  tqdm: AGPL-3.0 AND MPL"), "AGPL"),
        (changing("docs/dependencies.yml", "\n  jieba: MIT", ""), "jieba is locked and not listed"),
        (adding("docs/dependencies.yml", "  gone: MIT"), "gone is listed and not locked"),
        (changing("docs/dependencies.yml", "version: 0.9.0", "version: 0.8.0"), "skops 0.8.0"),
        (node(resolved="https://there/vue.tgz"), "take `resolved` out"),
        (node(integrity="", license="SSPL-1.0"), "'SSPL-1.0'"),
    ],
)
def test_what_is_wrong_is_told(copy: Path, spoil: Spoil, said: str) -> None:
    spoil(copy)
    assert any(said in problem for problem in problems(copy)), list(problems(copy))


def test_the_passing_of_time_is_a_note_and_no_problem(copy: Path) -> None:
    late = date.today() + 2 * LOOKED_AT_EVERY
    assert "was last looked at" in note(copy, late)
    assert list(problems(copy)) == []


def test_a_fresh_list_says_nothing(copy: Path) -> None:
    changing("docs/dependencies.yml", "looked_at: ", f"looked_at: {date.today()} # ")(copy)
    assert note(copy, date.today() + timedelta(days=1)) == ""


def test_each_check_tells_how_many_holes_are_known_and_since_when(copy: Path) -> None:
    changing("docs/dependencies.yml", "looked_at: ", "looked_at: 2026-01-02 # ")(copy)
    told = standing(copy)
    assert "looked at on 2026-01-02" in told
    assert f"{(copy / LIST).read_text(encoding='utf-8').count('- package: ')} known holes" in told


def test_writing_keeps_what_people_wrote_and_follows_the_locks(copy: Path) -> None:
    changing("docs/dependencies.yml", "\n  rich: MIT", "")(copy)
    adding("docs/dependencies.yml", "  gone: MIT")(copy)
    write(copy)
    assert (copy / LIST).read_text(encoding="utf-8") == (ROOT / LIST).read_text(encoding="utf-8")
