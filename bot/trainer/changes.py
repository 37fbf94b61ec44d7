"""Which lines are new: what git has not got yet, or since a commit; all of a file it does not know."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Container, Mapping
from pathlib import Path

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_WAITS_S = 20


class Everything(Container[int]):
    """All lines of a file."""

    def __contains__(self, line: object) -> bool:
        return True


def new_lines(root: Path, since: str | None = None) -> Mapping[str, Container[int]] | None:
    """Numbers of new lines by file; None where git cannot tell (no repository, no such commit).

    `since`: a commit to compare with; by default the last one, so that what is being worked on
    is looked at closely and what was accepted is left in peace.
    """
    diff = _git(
        root, "diff", "-U0", "--no-color", "--no-ext-diff", "--relative", since or "HEAD", "--", "."
    )
    others = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", "data", "tests")
    if diff is None or others is None:
        return None
    found: dict[str, Container[int]] = {file: Everything() for file in others.split("\0") if file}
    file, added = "", set[int]()
    for line in diff.splitlines():
        if line.startswith("+++ "):
            file = line.removeprefix("+++ ").removeprefix("b/").strip('"')
            added = set()
            found.setdefault(file, added)
        elif hunk := _HUNK.match(line):
            begin, count = int(hunk[1]), int(hunk[2] or 1)
            added.update(range(begin, begin + count))
    return found


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotepath=off", *words],
            cwd=root,
            capture_output=True,
            timeout=_WAITS_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")
