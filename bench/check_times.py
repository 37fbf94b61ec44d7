"""`python -m bench.check_times`: the trainer's check beside `rasa data validate`, same data, same run.

Times are wall and processor seconds; on a busy machine the processor's are the ones to compare.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import markdown
from bench.servers import QUIET, ROOT
from bot.trainer.check import Check, Wanted
from bot.trainer.editing import Editor

EDITED = "data/nlu/questions/ask_invoice.yml"
LINE, ANSWER = "开票这个事找谁弄呀", "发票的事在这儿跟我说就行~"
Seconds = tuple[float, float]  # wall, processor


def main() -> int:
    os.environ.update(QUIET)
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-check-") as folder:
        environment = {**os.environ, "DIANXIAOER_VAR": folder}
        command = [sys.executable, "-m", "bot", "check"]
        rows = {
            "first check of a clone": _child(command, environment),
            "new process, index on disk": _child(command, environment),
        }
        check = Check(ROOT, Path(folder) / "check")
        check.run()
        rows["warm, all lines"] = _here(check.run)
        rows |= _saving(Path(folder) / "check")
        validate = [sys.executable, "-m", "bot.rasa_cli", "data", "validate"]
        stock = _child(validate, environment)
    table = [["rasa data validate", f"{stock[0]:.1f}", f"{stock[1]:.1f}", "1"]]
    for name, (wall, processor) in rows.items():
        table.append([name, f"{wall:.1f}", f"{processor:.1f}", f"1/{stock[1] / processor:.0f}"])
    print(markdown(["", "wall s", "processor s", "of its processor time"], table))
    return 0


def _saving(kept: Path) -> dict[str, Seconds]:
    """What the check of a page costs before it writes: a line more, and an answer more."""
    lines = ROOT / EDITED
    file = lines.relative_to(ROOT).as_posix()
    text = lines.read_text("utf-8")
    first = next(at for at, line in enumerate(text.splitlines(), 1) if line.startswith("    - "))
    more = text.splitlines()
    more.insert(first, f"    - {LINE}")
    line = "\n".join(more) + "\n"
    answer = text.rstrip("\n") + f"\n    - text: {ANSWER}\n"
    editor = Editor(ROOT, kept)
    try:
        new = Wanted(only_new=True, new={file: frozenset({first + 1})})
        words = Wanted(only_new=True, lines=False, new={})
        found = {"a page that is opened, beside": _here(editor.warm)}
        found["one edited line, as a page saves it"] = _here(lambda: editor.look(file, line, new))
        found["one edited answer, as a page saves it"] = _here(
            lambda: editor.look(file, answer, words)
        )
    finally:
        editor.close()
    return found


def _child(command: list[str], environment: dict[str, str]) -> Seconds:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _here(work: Callable[[], object]) -> Seconds:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


if __name__ == "__main__":
    sys.exit(main())
