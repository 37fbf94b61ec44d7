"""The project as it would be with one file otherwise, for a check before anything is written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDERS = ("data", "tests/sentences")  # looked through file by file
_WHOLE = ("domain.yml", "actions", "bot", "shop")


class Overlay:
    """A folder of links to the project's files. Raises OSError where it cannot be made."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._made = tempfile.TemporaryDirectory(prefix="dianxiaoer-edit-")
        self.place = Path(self._made.name)
        self._links: set[str] = set()
        self._follow()

    @contextmanager
    def saying(self, file: str, text: str) -> Iterator[Path]:
        """The folder, in which `file` says `text` until this ends. Raises OSError."""
        self._follow()
        edited = self.place / file
        edited.parent.mkdir(parents=True, exist_ok=True)
        edited.unlink(missing_ok=True)
        try:
            edited.write_bytes(text.encode("utf-8"))
            yield self.place
        finally:
            edited.unlink(missing_ok=True)
            self._links.discard(file)

    def close(self) -> None:
        self._made.cleanup()

    def _follow(self) -> None:
        """Files that have come or gone since the last look."""
        now = set(self._files())
        for file in self._links - now:
            (self.place / file).unlink(missing_ok=True)
        for file in now - self._links:
            link = self.place / file
            link.parent.mkdir(parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(self._root / file)
        self._links = now

    def _files(self) -> Iterator[str]:
        for folder in _FOLDERS:
            for here, _, names in os.walk(self._root / folder):
                below = os.path.relpath(here, self._root)
                yield from (f"{below}/{name}" for name in names)
        yield from (name for name in _WHOLE if (self._root / name).exists())


@contextmanager
def overlaid(root: Path, file: str, text: str) -> Iterator[Path]:
    """A folder of links in which `file` says `text`; gone afterwards. Raises OSError."""
    overlay = Overlay(root)
    try:
        with overlay.saying(file, text) as place:
            yield place
    finally:
        overlay.close()
