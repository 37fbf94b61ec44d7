"""The files of a project as a trainer has them, read again only where they changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.trainer import code_calls
from bot.trainer.code_calls import Calls
from bot.trainer.yaml_reading import Reading, read

FOLDERS = ("data/nlu", "data/replies", "data/stories", "tests/sentences")
_YAML = (".yml", ".yaml")
# What editors and systems leave beside the files.
_LEFT_BY_OTHERS = ("~", ".swp", ".DS_Store", ".orig", ".rej")
_Stamp = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Domain:
    """The names that files may use."""

    intents: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    asked: dict[str, tuple[str, int]] = field(default_factory=dict)  # utter_ask_<slot> of forms


class Project:
    """A folder; `readings` are by file, relative to it, in a stable order.

    `kept`: a folder for what is slow to make, None for a check that leaves nothing behind.
    """

    def __init__(self, root: Path, kept: Path | None) -> None:
        self.root = root
        self._kept = kept
        self._stamps: dict[str, _Stamp] = {}
        self._read: dict[str, Reading] = {}
        self._told: dict[str, int] = {}
        self._calls: dict[str, tuple[_Stamp, Calls]] = {}

    def readings(self) -> dict[str, Reading]:
        """All YAML files a trainer edits, with what is wrong with their YAML and nothing else."""
        found: dict[str, Reading] = {}
        for path in self._files():
            file = path.relative_to(self.root).as_posix()
            if (reading := self._reading(path, file)) is not None:
                found[file] = reading
        for gone in set(self._read) - set(found):
            for kept in (self._read, self._stamps, self._told):
                kept.pop(gone, None)
        return found

    def _files(self) -> Iterable[Path]:
        for folder in FOLDERS:
            yield from sorted(path for path in (self.root / folder).rglob("*") if path.is_file())
        yield self.root / "domain.yml"

    def _reading(self, path: Path, file: str) -> Reading | None:
        try:
            status = path.stat()
        except OSError:
            status = None
        stamp = (status.st_mtime_ns, status.st_size) if status else (0, 0)
        if self._stamps.get(file) != stamp or stamp == (0, 0):
            self._stamps[file] = stamp
            self._read[file] = self._fresh(path, file)
            self._told[file] = len(self._read[file].findings)
        reading = self._read[file]
        del reading.findings[self._told[file] :]  # what the last check told beyond YAML
        return reading if path.suffix in _YAML or reading.findings else None

    def _fresh(self, path: Path, file: str) -> Reading:
        if path.suffix in _YAML:
            return read(path, file)
        reading = Reading(file)
        name = path.name
        is_data = not file.endswith((".py", ".md", ".pyc")) and not name.endswith(_LEFT_BY_OTHERS)
        if is_data and not name.startswith("."):
            stem = name.split(".")[0]
            reading.tell(
                "file", None, "这个文件不会被读，文件名要以 .yml 结尾", f"改名为 {stem}.yml"
            )
        return reading

    def domain(self, reading: Reading) -> Domain:
        """The names of domain.yml; empty ones where it cannot be read."""

        def names(part: str) -> set[str]:
            node = reading.get(reading.root, part)
            if isinstance(node, yaml.MappingNode):
                return {str(key.value) for key, _ in node.value}
            return {
                str(one.value[0][0].value) if isinstance(one, yaml.MappingNode) else str(one.value)
                for one in reading.items(node)
            }

        actions = names("actions")
        asked = {}
        for _, form in reading.pairs(reading.get(reading.root, "forms")):
            for slot in reading.items(reading.get(form, "required_slots")):
                if f"action_ask_{slot.value}" not in actions:
                    place = (reading.file, slot.start_mark.line + 1)
                    asked[f"utter_ask_{slot.value}"] = place
        return Domain(
            intents=names("intents"),
            entities=names("entities"),
            slots=names("slots"),
            actions=actions,
            forms=names("forms"),
            asked=asked,
        )

    def calls(self) -> Calls:
        """What the Python sources say of replies; a source that is broken is the programmers'."""
        if not self._calls and self._kept is not None:
            self._calls = _kept_calls(self._kept / "calls.json")
        together, changed = Calls(), False
        present = {}
        for path in code_calls.sources(self.root):
            file = path.relative_to(self.root).as_posix()
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            known = self._calls.get(file)
            if known is None or known[0] != stamp:
                known, changed = (stamp, _calls_of(path, file)), True
            present[file] = known
            together.merge(known[1])
        changed = changed or len(present) != len(self._calls)
        self._calls = present
        if changed and self._kept is not None:
            _keep_calls(self._kept / "calls.json", present)
        return together


def _calls_of(path: Path, file: str) -> Calls:
    source = path.read_text(encoding="utf-8")
    try:
        return code_calls.calls_in(source, file)
    except SyntaxError:
        return Calls()


def _keep_calls(file: Path, calls: Mapping[str, tuple[_Stamp, Calls]]) -> None:
    content = {
        name: {
            "stamp": stamp,
            "places": one.places,
            "patterns": sorted(one.patterns),
            "values": {
                key: None if value is None else sorted(value) for key, value in one.values.items()
            },
            "everywhere": sorted(one.everywhere),
        }
        for name, (stamp, one) in calls.items()
    }
    half = file.with_suffix(".half")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(json.dumps({"by": _made_by(), "calls": content}), "utf-8")
        half.replace(file)
    except OSError:
        return


def _kept_calls(file: Path) -> dict[str, tuple[_Stamp, Calls]]:
    try:
        content = json.loads(file.read_text("utf-8"))
        if content["by"] != _made_by():
            return {}
        return {
            name: (
                (one["stamp"][0], one["stamp"][1]),
                Calls(
                    places={key: (at[0], at[1]) for key, at in one["places"].items()},
                    patterns=set(one["patterns"]),
                    values={
                        key: None if value is None else set(value)
                        for key, value in one["values"].items()
                    },
                    everywhere=set(one["everywhere"]),
                ),
            )
            for name, one in content["calls"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return {}  # none, cut off, or of other code


def _made_by() -> str:
    return str(Path(code_calls.__file__).stat().st_mtime_ns)
