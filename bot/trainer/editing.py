"""Saves what was changed on a page: the check looks at it first, and nobody's work is written over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from bot.desk.masking import masked_text
from bot.freed_memory import give_back
from bot.trainer.check import Check, Wanted
from bot.trainer.finding import ERROR, Finding
from bot.trainer.in_place import InPlace, Shape
from bot.trainer.in_place import Path as Place
from bot.trainer.overlay import Overlay
from bot.trainer.shelves import mark_of, shelf
from bot.trainer.teaching import CannotTeach, commit

LONGEST = 300  # characters of an item
_LINES = "data/nlu/"
_TOLD = 8  # findings


class Edited(CannotTeach):
    """Somebody has changed the file since it was read; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What shall stand at a place."""

    path: Place
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Saved:
    mark: str  # of the file as it is now
    advice: tuple[str, ...]  # sentences of the check that do not hold it up


class Editor:
    """Of one project. What its check has read once is not read again: who keeps an editor saves
    in a second. `kept`: the check's own folder."""

    def __init__(self, root: Path, kept: Path) -> None:
        self.root = root
        self._kept = kept
        self._made: tuple[Overlay, Check] | None = None

    def save(
        self, kind: str, file: str, mark: str, changes: Sequence[Change], *, by: str = ""
    ) -> Saved:
        """See `save`."""
        return _save(self, kind, file, mark, changes, by)

    def look(self, file: str, text: str, wanted: Wanted) -> list[Finding]:
        """What is wrong where the file says `text`. Raises OSError."""
        overlay, check = self._check()
        with overlay.saying(file, text):
            return check.run(wanted)

    def warm(self) -> None:
        """Reads everything, so that the next saving need not. Raises OSError."""
        if self._made is None:
            self._check()[1].run(Wanted(new={}, only_new=True))
            give_back()

    def close(self) -> None:
        if self._made is not None:
            self._made[0].close()
            self._made = None

    def _check(self) -> tuple[Overlay, Check]:
        if self._made is not None and not self._made[0].place.is_dir():
            self._made = None  # somebody has cleared up temporary folders
        if self._made is None:
            overlay = Overlay(self.root)
            self._made = overlay, Check(overlay.place, self._kept)
        return self._made


def save(
    root: Path,
    kept: Path,
    kind: str,
    file: str,
    mark: str,
    changes: Sequence[Change],
    *,
    by: str = "",
) -> Saved:
    """`kept`: the check's own folder; `mark`: of the file as it was read. With `by`, a trainer's name,
    it is a git commit of theirs. Raises CannotTeach: nothing was written (but for the commit)."""
    editor = Editor(root, kept)
    try:
        return editor.save(kind, file, mark, changes, by=by)
    finally:
        editor.close()


def _save(
    editor: Editor, kind: str, file: str, mark: str, changes: Sequence[Change], by: str
) -> Saved:
    root = editor.root
    path, found = root / file, shelf(root, kind, only=file)
    if file not in found.marks:
        raise CannotTeach(f"{file} 读不了，或不在这一页上：运行 python -m bot check 看看")
    places = {part.path for one in found.entries for part in one.parts}
    before = _read(path, file)
    demand_unedited(before, file, mark)
    if not changes or not places.issuperset(one.path for one in changes):
        raise CannotTeach("这一处已经不在文件里了，读一遍现在的再改")
    text = new = before.decode("utf-8")
    for one in changes:
        new = _changed(new, one)
    if new == text:
        return Saved(mark=mark, advice=())
    advice = _looked_at(editor, file, text, new)
    _write(path, file, mark, new)
    if by:
        commit(root, [file], f"{file}: {_name(changes[0].path)}", by)
    return Saved(mark=mark_of(new.encode("utf-8")), advice=advice)


def demand_unedited(content: bytes, file: str, mark: str) -> None:
    """Raises Edited."""
    if mark_of(content) != mark:
        raise Edited(f"{file} 在您打开以后又被改过，没有写进去，您写的还在这里：读一遍现在的再存")


def _changed(text: str, change: Change) -> str:
    content = InPlace(text)
    shape, old = content.shape(change.path), content.items(change.path)
    items = [one.strip() for one in change.items if one.strip()]
    twice = next((one for one in items if items.count(one) > 1), None)
    if twice is not None:
        raise CannotTeach(f"「{twice}」写了两遍，留一遍")
    for one in items:
        if one not in old:
            _demand_sayable(one, shape)
    return content.changed(change.path, items).text


def _demand_sayable(item: str, shape: Shape) -> None:
    if len(item) > LONGEST:
        raise CannotTeach(f"「{item[:12]}…」太长了，缩到 {LONGEST} 字以内")
    if any(not sign.isprintable() for sign in item):
        raise CannotTeach(f"「{item[:12]}」里有换行或看不见的字符，去掉再存")
    if shape in (Shape.LINES, Shape.VARIANTS) and masked_text(item) != item:
        raise CannotTeach(f"「{item}」里有电话或地址，换成一般的说法再存")


def _looked_at(editor: Editor, file: str, old: str, new: str) -> tuple[str, ...]:
    """What the check advises. Raises CannotTeach with what it does not let through."""
    new_lines = {file: _new_lines(old, new)}
    wanted = Wanted(lines=file.startswith(_LINES), new=new_lines, only_new=True)
    try:
        found = editor.look(file, new, wanted)
        told = [one for one in found if one.level == ERROR or one.file == file]
        if told:  # what was wrong before does not hold up another change
            known = {_what(one) for one in editor.look(file, old, wanted)}
            told = [one for one in told if _what(one) not in known]
    except OSError as error:
        raise CannotTeach(f"磁盘写不了（{error.strerror}），什么都没有改") from None
    wrong = [one for one in told if one.level == ERROR]
    if wrong:
        raise CannotTeach("\n".join(str(one) for one in wrong[:_TOLD]).rstrip("。"))
    return tuple(str(one) for one in told[:_TOLD])


def _what(one: Finding) -> tuple[str, str, str]:
    return one.file, one.kind, one.what


def _new_lines(old: str, new: str) -> frozenset[int]:
    before, after = old.splitlines(), new.splitlines()
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return frozenset(
        line + 1 for tag, _, _, j1, j2 in codes if tag != "equal" for line in range(j1, j2)
    )


def _read(path: Path, file: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotTeach(f"{file} 打不开（{error.strerror}）") from None


def _write(path: Path, file: str, mark: str, text: str) -> None:
    """Whole or not at all, and not over what somebody saved while it was checked."""
    half = path.with_suffix(".half")
    try:
        half.write_bytes(text.encode("utf-8"))
        demand_unedited(path.read_bytes(), file, mark)
        half.replace(path)
    except OSError as error:
        raise CannotTeach(f"{file} 写不了（{error.strerror}），什么都没有改") from None
    finally:
        half.unlink(missing_ok=True)


def _name(path: Place) -> str:
    return " › ".join(str(one) for one in path if not isinstance(one, int))
