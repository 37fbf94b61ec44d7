"""A test that hangs where its time limit does not reach ends the process, and the run goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.house import ROOT
from tests.support.waiting import PATIENCE_S

NETS = """
from tests.support import nets
from tests.support.nets import pytest_configure

nets.MARGIN_S, nets.ENDS_WITHIN_S = 1, 2
"""
# Each says where it is and then hangs.
FIRST = """
import pathlib, signal, threading
import pytest


def hang():
    pathlib.Path("hangs").touch()
    threading.Event().wait()
"""
HANGS = {
    # An alarm that never comes: so it is inside C.
    "in a test": """
def test_it():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    hang()
""",
    "at the end of a fixture of a test that failed": """
@pytest.fixture
def made():
    yield
    hang()

def test_it(made):
    assert False
""",
    "after the last test": """
def test_it():
    threading.Thread(target=hang).start()
""",
}


def _started(folder: Path, hang: str, conftest: str) -> subprocess.Popen[str]:
    (folder / "conftest.py").write_text(conftest)
    (folder / "test_it.py").write_text(FIRST + HANGS[hang])
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "timeout=1", "."],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("hang", HANGS)
def test_what_hangs_ends_and_says_where(tmp_path: Path, hang: str) -> None:
    started = _started(tmp_path, hang, NETS)
    try:
        said, _ = started.communicate(timeout=PATIENCE_S)
    finally:
        started.kill()
    assert started.returncode == 1
    assert "in hang" in said or "threading.Event().wait()" in said, said


@pytest.mark.parametrize("hang", HANGS)
def test_without_the_nets_it_would_hang_for_ever(tmp_path: Path, hang: str) -> None:
    """The negative control."""
    started = _started(tmp_path, hang, "")
    try:
        give_up = time.monotonic() + PATIENCE_S
        while not (tmp_path / "hangs").exists():
            assert time.monotonic() < give_up and started.poll() is None
            time.sleep(0.02)
        with pytest.raises(subprocess.TimeoutExpired):
            started.wait(4)
    finally:
        started.kill()
        started.communicate()


MADE = """
import signal
import pytest


@pytest.fixture(scope="session")
def model():
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 600


def test_it(model):
    assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 100
"""


@pytest.mark.parametrize("conftest", ["from tests.support.nets import pytest_configure", ""])
def test_what_is_made_for_many_tests_does_not_count_to_the_first(
    tmp_path: Path, conftest: str
) -> None:
    """Without the nets, the negative control, it does."""
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_it.py").write_text(MADE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "timeout=100"]
    done = subprocess.run(
        [*command, "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert (done.returncode == 0) is bool(conftest), done.stdout


WAITS = """
import asyncio, pathlib
import pytest
import uvloop

asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


@pytest.fixture
async def made():
    yield
    pathlib.Path("hangs").touch()
    await asyncio.Event().wait()


async def test_it(made):
    pass


async def test_what_comes_after():
    pathlib.Path("goes_on").touch()
"""


@pytest.mark.parametrize(
    ("brought", "goes_on"),
    [("event_loop_policy, pytest_configure", True), ("pytest_configure", False)],
)
def test_a_wait_without_end_fails_and_the_tests_after_it_run(
    tmp_path: Path, brought: str, goes_on: bool
) -> None:
    """Under uvloop, the negative control, the net ends the process only."""
    (tmp_path / "conftest.py").write_text(f"from tests.support.nets import {brought}\n{NETS}")
    (tmp_path / "test_it.py").write_text(WAITS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "timeout=2"]
    subprocess.run(
        [*command, "-o", "asyncio_mode=auto", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=PATIENCE_S,
    )
    assert (tmp_path / "hangs").exists()
    assert (tmp_path / "goes_on").exists() is goes_on


CRASHES = """
import os


def test_before():
    pass


def test_it():
    os._exit(1)


def test_after():
    pass
"""


def _beside_a_crash(folder: Path, *options: str) -> subprocess.Popen[str]:
    (folder / "test_crash.py").write_text(CRASHES)
    for name in "abc":
        (folder / f"test_{name}.py").write_text("def test_it():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.Popen(
        [*command, "-n", "2", "--dist", "loadfile", *options, "."],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_a_worker_that_crashed_ends_the_run(tmp_path: Path) -> None:
    """As the Makefile starts it: pytest-xdist puts another worker in its place, and waits for ever."""
    assert "--max-worker-restart 0" in (ROOT / "Makefile").read_text()
    started = _beside_a_crash(tmp_path, "--max-worker-restart", "0")
    try:
        said, _ = started.communicate(timeout=PATIENCE_S)
    finally:
        started.kill()
    assert started.returncode == 1 and "test_crash.py::test_it" in said, said
