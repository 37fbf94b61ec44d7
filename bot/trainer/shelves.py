"""What of the trainers' files can be changed on a page: questions, replies, word lists, situations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.expected import LEVELS
from bot.trainer.in_place import InPlace, Shape
from bot.trainer.in_place import Path as Place
from bot.trainer.teaching import CannotTeach

_PLAIN = "faq/"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One list of an entry."""

    label: str
    path: Place
    shape: str  # a name of Shape
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    file: str  # below the project's folder
    name: str  # as the files call it
    title: str  # as people call it
    note: str  # what the file says of it
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    entries: tuple[Entry, ...]
    marks: dict[str, str]  # file → mark of what was read
    about: dict[str, str]  # file → the comment at its head

    def as_json(self) -> dict[str, Any]:
        return {
            "entries": [asdict(one) for one in self.entries],
            "files": {
                file: {"mark": mark, "about": self.about[file]} for file, mark in self.marks.items()
            },
        }


def mark_of(content: bytes) -> str:
    """By which it is known whether a file is still what was read."""
    return hashlib.sha256(content).hexdigest()


def shelf(root: Path, kind: str, only: str = "") -> Shelf:
    """What stands in the files of a kind, or in one of them. A file that cannot be read is left out:
    the check tells of it. Raises CannotTeach for an unknown kind."""
    if kind not in KINDS:
        raise CannotTeach(f"没有叫「{kind}」的一页")
    folders, read = KINDS[kind]
    entries: list[Entry] = []
    marks, about = {}, {}
    for path in _files(root, folders):
        file = path.relative_to(root).as_posix()
        if only and file != only:
            continue
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
            if kind == "questions" and "\nresponses:" not in text:
                continue
            found = list(read(file, InPlace(text)))
        except (OSError, UnicodeDecodeError, CannotTeach):
            continue
        if found:
            entries += found
            marks[file], about[file] = mark_of(content), _about(text)
    return Shelf(entries=tuple(entries), marks=marks, about=about)


def _files(root: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        there = root / folder
        yield from [there] if there.is_file() else sorted(there.rglob("*.yml"))


def _questions(file: str, content: InPlace) -> Iterator[Entry]:
    """Plain questions whose answer stands in the file."""
    written = content.content.get("responses") or {}
    blocks = content.content.get("nlu") or []
    for name in written:
        label = str(name).removeprefix("utter_")
        at = next((i for i, one in enumerate(blocks) if one.get("intent") == label), None)
        if not label.startswith(_PLAIN) or at is None:
            continue
        parts = [
            _part(content, "买家怎么问", ("nlu", at, "examples")),
            _part(content, "怎么回答", ("responses", name)),
        ]
        title = (blocks[at].get("metadata") or {}).get("title", "")
        if title:
            parts.append(_part(content, "按钮上的字", ("nlu", at, "metadata", "title")))
        yield Entry(
            file=file,
            name=label,
            title=str(title) or parts[0].items[0],
            note=_note(content, ("responses", name)),
            parts=tuple(parts),
        )


def _replies(file: str, content: InPlace) -> Iterator[Entry]:
    for name in content.content.get("responses") or {}:
        path = ("responses", name)
        try:
            part = _part(content, "几种说法", path)
        except CannotTeach:  # of a card alone, say
            continue
        yield Entry(
            file=file, name=name, title=part.items[0], note=_note(content, path), parts=(part,)
        )


def _words(file: str, content: InPlace) -> Iterator[Entry]:
    for path in _lists(content.content, ()):
        try:
            part = _part(content, "说法", path)
        except CannotTeach:
            continue
        note = _note(content, path)
        name = " › ".join(str(one) for one in path)
        title = note or (part.items[0] if isinstance(path[-1], int) else str(path[-1]))
        yield Entry(file=file, name=name, title=title, note=note, parts=(part,))


def _lists(content: Any, path: Place) -> Iterator[Place]:
    if isinstance(content, dict):
        for key, value in content.items():
            if isinstance(key, str):
                yield from _lists(value, (*path, key))
    elif isinstance(content, list) and content and isinstance(content[0], list):
        for at in range(len(content)):
            yield (*path, at)
    elif isinstance(content, list):
        yield path


def _situations(file: str, content: InPlace) -> Iterator[Entry]:
    is_expected = file.endswith("expected.yml")
    for section, rows in content.content.items():
        for name in rows or {}:
            path = (section, name)
            if is_expected:
                parts = tuple(_part(content, level, (*path, level)) for level in LEVELS)
            else:
                parts = (_part(content, "说完以后的情境", path),)
            note = _note(content, path)
            yield Entry(
                file=file, name=f"{section} › {name}", title=note or name, note=note, parts=parts
            )


Read = Callable[[str, InPlace], Iterator[Entry]]
KINDS: dict[str, tuple[tuple[str, ...], Read]] = {
    "questions": (("data/nlu",), _questions),
    "replies": (("data/replies",), _replies),
    "words": (("data/patterns",), _words),
    "situations": (("data/dialogue/expected.yml", "data/dialogue/said.yml"), _situations),
}


def _part(content: InPlace, label: str, path: Place) -> Part:
    shape = content.shape(path)
    if shape is Shape.ONE and label != "按钮上的字" and label != "说完以后的情境":
        raise CannotTeach("a word, and no list")
    return Part(label=label, path=path, shape=shape.value, items=tuple(content.items(path)))


def _note(content: InPlace, path: Place) -> str:
    """What the file says of the place: the comment behind it, or the lines above it."""
    at, lines = content.line_of(path) - 1, content.text.split("\n")
    behind = lines[at].partition(" #")[2].strip()
    above: list[str] = []
    while at > 0 and lines[at - 1].strip().startswith("#"):
        at -= 1
        above.insert(0, lines[at].strip().lstrip("#").strip(" -"))
    return behind or " ".join(above)


def _about(text: str) -> str:
    """The comment that begins a file."""
    told: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            told.append(line.lstrip("#").strip())
        elif told or (line.strip() and not line.startswith("version")):
            break
    return "\n".join(told)
