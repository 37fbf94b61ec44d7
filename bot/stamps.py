"""Whether files of a folder have changed, by their times and sizes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

_Stamps = dict[str, tuple[int, int]]


class Stamps:
    def __init__(self, folder: Path, endings: Collection[str]) -> None:
        """What stands there now counts as known; `endings` with their dot."""
        self._folder, self._endings = folder, frozenset(endings)
        self._known = self._now()

    def changed(self) -> set[str]:
        """Files, relative to the folder, that are new, other or gone since the last call."""
        now, before = self._now(), self._known
        self._known = now
        return {name for name in {*now, *before} if now.get(name) != before.get(name)}

    def _now(self) -> _Stamps:
        found: _Stamps = {}
        for path in self._folder.rglob("*"):
            if path.suffix not in self._endings:
                continue
            try:
                status = path.stat()
            except OSError:  # gone between listing and looking
                continue
            name = path.relative_to(self._folder).as_posix()
            found[name] = (status.st_mtime_ns, status.st_size)
        return found
