"""Word lists (data/patterns) that the house could not read; tried again only where one has changed."""

from __future__ import annotations

from pathlib import Path

from bot.nlu.phrases import read_patterns
from bot.nlu.sentences import SentenceError, Sentences
from bot.trainer.finding import Finding
from bot.trainer.yaml_reading import read

FOLDER = "data/patterns"
_ENTITIES = f"{FOLDER}/entities"
_TEMPLATES = ("opt_out", "house_rules", "while_waiting", "promises")
_Stamps = dict[str, tuple[int, int]]


class WordFiles:
    """Of one project."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stamps: _Stamps | None = None
        self._found: list[Finding] = []

    def look(self) -> list[Finding]:
        stamps = self._now()
        if stamps != self._stamps:
            self._stamps, self._found = stamps, self._looked(stamps)
        return self._found

    def _looked(self, files: _Stamps) -> list[Finding]:
        found: list[Finding] = []
        for file in files:
            found += read(self._root / file, file).findings
        broken = {one.file for one in found}
        for name in _TEMPLATES:
            file = f"{FOLDER}/{name}.yml"
            if file in files and file not in broken:
                try:
                    Sentences(self._root / file)
                except (SentenceError, ValueError, TypeError, AttributeError) as error:
                    found.append(_finding(file, error))
        if not any(file.startswith(f"{_ENTITIES}/") for file in broken):
            try:
                read_patterns(self._root / _ENTITIES)
            except (ValueError, TypeError, AttributeError) as error:
                named = (file for file in files if str(error).startswith(str(self._root / file)))
                found.append(_finding(next(named, _ENTITIES), error))
        return found

    def _now(self) -> _Stamps:
        found: _Stamps = {}
        for path in sorted((self._root / FOLDER).rglob("*.yml")):
            try:
                status = path.stat()
            except OSError:  # gone between listing and looking
                continue
            found[path.relative_to(self._root).as_posix()] = (status.st_mtime_ns, status.st_size)
        return found


def _finding(file: str, error: Exception) -> Finding:
    told = str(error).partition(": ")[2].replace(",", "，")
    return Finding(file, 0, "table", told or "读不懂这一处，照别的组的样子写")
