"""The project as it would be with one file otherwise, for a check before anything is written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDERS = ("data", "tests/sentences")  # looked through file by file
_WHOLE = ("domain.yml", "actions", "bot", "shop")


@contextmanager
def overlaid(root: Path, file: str, text: str) -> Iterator[Path]:
    """A folder of links to the project's files, in which `file` says `text`. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-edit-") as made:
        place = Path(made)
        for folder in _FOLDERS:
            for here, _, names in os.walk(root / folder):
                there = place / Path(here).relative_to(root)
                there.mkdir(parents=True)
                for name in names:
                    (there / name).symlink_to(Path(here).absolute() / name)
        for name in _WHOLE:
            if (root / name).exists():
                (place / name).symlink_to((root / name).absolute())
        edited = place / file
        edited.unlink(missing_ok=True)
        edited.write_bytes(text.encode("utf-8"))
        yield place
