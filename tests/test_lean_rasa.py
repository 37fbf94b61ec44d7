"""A running house does without TensorFlow, says so where something wants it, and keeps it where it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WITHOUT = """
import sys
from pathlib import Path
from bot.lean_rasa import TensorFlowLeftOut, leave_out_tensorflow

print(leave_out_tensorflow(Path(sys.argv[1])))
"""
PARSED = (
    WITHOUT
    + """
import asyncio
from rasa.core.agent import Agent

[newest] = sorted(Path("models").glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)[-1:]
agent = Agent.load(newest)
print(asyncio.run(agent.parse_message("在吗"))["intent"]["name"])
print(hasattr(sys.modules.get("tensorflow"), "__version__"))
"""
)
CALLED = (
    WITHOUT
    + """
from rasa.utils.tensorflow.models import RasaModel

class Mine(RasaModel):
    pass

try:
    Mine(name="x")
except TensorFlowLeftOut as told:
    print(told)
"""
)
DIET = "pipeline:\n- name: DIETClassifier\npolicies:\n- name: RulePolicy\n"


def said(program: str, config: Path = ROOT / "config.yml") -> list[str]:
    command = [sys.executable, "-W", "ignore", "-c", program, str(config)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if "[debug" not in line]


@pytest.mark.model
def test_the_model_answers_without_it() -> None:
    assert said(PARSED) == ["True", "greet", "False"]


def test_whoever_calls_it_is_told() -> None:
    left_out, told = said(CALLED)
    assert left_out == "True" and "没有载入 TensorFlow" in told


@pytest.mark.parametrize("content", [DIET, "", "pipeline: []\n", "- 1\n"])
def test_a_configuration_that_may_need_it_keeps_it(tmp_path: Path, content: str) -> None:
    config = tmp_path / "config.yml"
    config.write_text(content, encoding="utf-8")
    assert said(WITHOUT, config) == ["False"]
