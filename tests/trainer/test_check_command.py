"""`python -m bot check`: exit codes, forms, speed's precondition, and what is kept on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.trainer.check import Check
from bot.trainer.finding import KINDS
from tests.support.waiting import PATIENCE_S
from tests.trainer.small_project import NEW, QUESTION, REPLIES, write, write_project

ROOT = Path(__file__).resolve().parents[2]
QUIET = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*words: str, root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "check", "--root", str(root), *words]
    environment = {**QUIET, "DIANXIAOER_VAR": str(root / "var")}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Wrong in one thing alone that is an error."""
    root = write_project(tmp_path)
    write(root, NEW, QUESTION.replace("examples: |", "examples：|"))
    return root


def test_a_mistake_is_exit_code_1_and_a_place_on_the_line(project: Path) -> None:
    done = run(NEW, root=project)
    assert done.returncode == 1
    assert f"{NEW}:5: 用了中文冒号" in done.stdout
    assert "处要改" in done.stdout
    assert done.stderr == ""


def test_nothing_to_mend_is_exit_code_0_and_strict_makes_warnings_count(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    write(root, NEW, b"\xef\xbb\xbf" + QUESTION.encode())
    assert run(REPLIES, root=root).returncode == 0
    only_odd = [one for one in Check(root).run() if one.file == NEW and one.kind == "file-odd"]
    assert len(only_odd) == 1
    write(root, "data/replies/odd.yml", b"\xef\xbb\xbfversion: '3.1'\nresponses: {}\n")
    assert run("--strict", REPLIES, root=root).returncode == 0


def test_a_warning_passes_and_fails_where_strictness_is_asked_for(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    text = (root / REPLIES).read_bytes()
    write(root, REPLIES, b"\xef\xbb\xbf" + text)
    assert run(REPLIES, root=root).returncode == 0
    assert run(REPLIES, "--strict", root=root).returncode == 1


@pytest.mark.parametrize("words", [("nowhere.yml",), ("--since", "HEAD", "nowhere.yml")])
def test_what_is_not_there_is_exit_code_2(words: tuple[str, ...], project: Path) -> None:
    done = run(*words, root=project)
    assert done.returncode == 2
    assert "没有找到 nowhere.yml" in done.stderr


def test_a_folder_without_a_project_is_exit_code_2(tmp_path: Path) -> None:
    assert "domain.yml" in run(root=tmp_path).stderr


def test_json_has_each_finding_with_its_place(project: Path) -> None:
    told = json.loads(run(NEW, "--format", "json", root=project).stdout)
    assert told["errors"] == 1
    (one,) = [one for one in told["findings"] if one["level"] == "error"]
    assert (one["file"], one["line"], one["kind"]) == (NEW, 5, "yaml")
    assert one["what"] and one["instead"]


def test_junit_has_a_case_for_each_kind_and_fails_those_found(project: Path) -> None:
    out = project / "results" / "check.xml"
    run(NEW, "--format", "junit", "--out", str(out), root=project)
    suite = ElementTree.parse(out).getroot()
    assert suite.get("tests") == str(len(KINDS)) and suite.get("failures") == "1"
    (failure,) = suite.iter("failure")
    assert f"{NEW}:5" in str(failure.text)


def test_neither_rasa_nor_tensorflow_is_imported() -> None:
    loaded = (
        "import sys; from bot.trainer import commands; from pathlib import Path;"
        "commands.Check(Path(sys.argv[1])).run();"
        "print([m for m in ('tensorflow', 'rasa', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded, str(ROOT)],
        capture_output=True, text=True, env=QUIET, cwd=ROOT, timeout=300,
    )  # fmt: skip
    assert done.stdout.strip() == "[]", done.stderr


def test_what_is_kept_on_disk_changes_nothing_and_may_be_cut_off(project: Path) -> None:
    fresh = Check(project).run()
    kept = project / "var" / "check"
    assert Check(project, kept).run() == fresh
    assert {file.name for file in kept.iterdir()} == {"plain_lines.json", "calls.json"}
    assert Check(project, kept).run() == fresh
    for file in kept.iterdir():
        file.write_bytes(file.read_bytes()[:-20])
    assert Check(project, kept).run() == fresh


def test_a_check_that_is_run_again_sees_what_was_saved(project: Path) -> None:
    check = Check(project)
    before = check.run()
    write(project, NEW, QUESTION)
    after = check.run()
    assert any(one.file == NEW and one.kind == "yaml" for one in before)
    assert not any(one.file == NEW and one.kind == "yaml" for one in after)
    assert after == Check(project).run()


def test_watching_tells_what_a_save_has_broken(project: Path) -> None:
    write(project, NEW, QUESTION)
    command = [sys.executable, "-u", "-m", "bot", "check", "--root", str(project), "--watch"]
    told = project / "told.txt"
    with told.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, env=QUIET)
    try:
        _comes(told, "保存就会再检查")
        write(project, NEW, QUESTION.replace("    - 线下", "    线下"))
        _comes(told, f"{NEW}:7: 句子前面少了短横")
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def _comes(told: Path, text: str) -> None:
    """Into the file of what a process prints."""
    give_up = time.monotonic() + PATIENCE_S
    while text not in told.read_text("utf-8"):
        assert time.monotonic() < give_up, told.read_text("utf-8")
        time.sleep(0.05)
