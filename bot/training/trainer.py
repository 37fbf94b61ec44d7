"""Runs a training in a process of its own and puts what it made in its place, whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from bot.training.inputs import MARK, basis
from bot.training.kinds import FURTHER, QUICK_NAME, Kind, arguments, is_quick
from bot.training.made_here import note_made
from bot.training.processor import told
from bot.training.progress import Progress, in_words
from bot.training.refusals import Refused, demand_further

CODE = Path(__file__).resolve().parents[2]
KEPT = 3  # models: older ones stay as a way back
BEGUN = ".training-"  # how a folder of what is not whole yet begins
_TIMES, LOCK = ".seconds.json", ".training.lock"
_SAVED = "is trained and saved at"  # in a folder that is gone a moment later
_TICK_S = 1.0
_ENDS_WITHIN_S = 10.0

# What Rasa and TensorFlow say of themselves.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "OPENBLAS_NUM_THREADS": "1",
}

Command = Callable[[Sequence[str]], Sequence[str]]


class Failed(Exception):
    """Nothing was changed; the text is the sentence to tell."""


def rasa(arguments: Sequence[str]) -> Sequence[str]:
    if arguments[:1] == [FURTHER]:
        return [sys.executable, "-m", "bot.training.further", *arguments[1:]]
    return [sys.executable, "-m", "bot.rasa_cli", *arguments]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A model that nobody uses yet."""

    path: Path
    kind: Kind
    began: float  # what was saved later is not in it; seconds since 1970
    seconds: float
    basis: str = ""  # bot.training.inputs.basis of the project


def train(
    kind: Kind,
    *,
    root: Path,
    models: Path,
    out: TextIO,
    gently: bool = False,
    command: Command = rasa,
) -> Path:
    """The new model's file. Until it is whole the old one and its mark stay as they are.

    `gently`: whoever watches has other work. `command` makes a process's arguments of Rasa's.
    Raises Refused before anything is begun, Failed after.
    """
    models.mkdir(parents=True, exist_ok=True)
    if kind is Kind.FURTHER:
        demand_further(root, models)
    with alone(models), tempfile.TemporaryDirectory(dir=models, prefix=BEGUN) as folder:
        made = make(
            kind,
            root=root,
            models=models,
            folder=Path(folder),
            out=out,
            gently=gently,
            command=command,
        )
        place = put_in_place(made, models)
    out.write(f"训练好了，用了 {in_words(made.seconds)}：{place.name}\n")
    return place


def make(
    kind: Kind,
    *,
    root: Path,
    models: Path,
    folder: Path,
    out: TextIO,
    gently: bool = False,
    command: Command = rasa,
) -> Made:
    """A model of the data below `root`, in `folder`; within `alone`. Raises Failed."""
    progress = Progress(kind.value, _usual_seconds(models, kind), out, gently=gently)
    began = time.time()
    made_of = basis(root)
    wanted = command(arguments(kind, root=root, out=folder, models=models))
    code = _run(wanted, root, progress, out, told() if kind is Kind.FURTHER else {})
    found = next(iter(folder.glob("*.tar.gz")), None)
    if code != 0 or found is None:
        raise Failed(_failed(models, code))
    _remember(models, kind, progress.elapsed_s)
    return Made(path=found, kind=kind, began=began, seconds=progress.elapsed_s, basis=made_of)


def put_in_place(made: Made, models: Path) -> Path:
    """Where it is now: an open house takes it within seconds. Raises Failed."""
    place = models / named(made)
    try:
        note_made(models, made.path, made.kind, made.basis)
        os.utime(made.path)
        made.path.replace(place)
    except OSError as error:
        raise Failed(f"{place} 写不了（{error.strerror}），原来的模型还在。") from None
    if made.kind is not Kind.QUICK:
        (models / MARK).touch()
        os.utime(models / MARK, (made.began, made.began))
    _clear_out(models)
    return place


def named(made: Made) -> str:
    return f"{QUICK_NAME}{made.path.name}" if made.kind is Kind.QUICK else made.path.name


def _failed(models: Path, code: int) -> str:
    kept = "原来的模型没有动，还能用。" if any(models.glob("*.tar.gz")) else "还没有能用的模型。"
    return f"训练没有成（退出码 {code}）。{kept}先运行 .venv/bin/python -m bot check 看看。"


def _run(
    command: Sequence[str],
    root: Path,
    progress: Progress,
    out: TextIO,
    processor: Mapping[str, str],
) -> int:
    """The exit code; what it prints but bars is passed on. `processor`: `processor.told`, for what
    calculates without TensorFlow.

    It writes to a terminal of its own, or its bars would stay away.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command,
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**QUIET, **processor, **os.environ, "PYTHONPATH": str(CODE)},
        **_own_group(),
    )
    os.close(theirs)
    try:
        for line in _lines(ours, progress.tick):
            if line and not progress.heard(line) and _SAVED not in line:
                out.write(f"{line}\n")
        return process.wait()
    except BaseException:
        _end(process)
        raise
    finally:
        os.close(ours)
        progress.end()


def _own_group() -> dict[str, Any]:
    """How Popen makes a group that is ended as a whole; in our session, within which niceness counts
    (Linux gives each session its share of the processor, however nice it is).

    Not by code that runs between fork and exec, where it can be had: beside threads that hangs by
    chance, and for ever.
    """
    if sys.version_info >= (3, 11):
        return {"process_group": 0}
    return {"preexec_fn": os.setpgrp}


def _lines(terminal: int, tick: Callable[[], None]) -> Iterator[str]:
    """What comes out of a terminal, line by line or bar by bar, until its other end is closed."""
    rest = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], _TICK_S)
        tick()
        if not ready:
            continue
        try:
            read = os.read(terminal, 65536)
        except OSError:  # how Linux tells that the last writer has gone
            read = b""
        if not read:
            break
        *whole, rest = (rest + read).replace(b"\r", b"\n").split(b"\n")
        yield from (line.decode("utf-8", "replace").strip() for line in whole)
    yield rest.decode("utf-8", "replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def alone(models: Path) -> Iterator[None]:
    """Raises Refused where another training of these models goes on."""
    held = os.open(models / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in models.glob(f"{BEGUN}*"):  # of one that was cut off
            shutil.rmtree(left, ignore_errors=True)
        yield
    except BlockingIOError:
        raise Refused("另一次训练正在进行，等它做完再来。") from None
    finally:
        os.close(held)


def _usual_seconds(models: Path, kind: Kind) -> float:
    try:
        return float(json.loads((models / _TIMES).read_text("utf-8"))[kind.name])
    except (OSError, ValueError, KeyError, TypeError):
        return float(kind.usual_seconds)


def _remember(models: Path, kind: Kind, seconds: float) -> None:
    try:
        known = json.loads((models / _TIMES).read_text("utf-8"))
    except (OSError, ValueError):
        known = {}
    known = {**(known if isinstance(known, dict) else {}), kind.name: round(seconds)}
    with contextlib.suppress(OSError):
        (models / _TIMES).write_text(json.dumps(known), "utf-8")


def _clear_out(models: Path) -> None:
    """The newest models stay; a quick one goes once a full one is there."""
    files = sorted(models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime, reverse=True)
    full = [one for one in files if not is_quick(one)]
    quick = [one for one in files if is_quick(one)]
    for old in [*full[KEPT:], *(quick if full and not is_quick(files[0]) else quick[1:])]:
        old.unlink(missing_ok=True)
