"""What trainers have saved since the model was trained: lines it has not learned, and replies.

A shop's own replies lie in a folder beside its settings and win over data/replies, so that an update
of the product never meets them. They change words alone: a name that nobody says is told and left out.

Files are read again only where they changed. One that cannot be read is told in the log and
ignored: what stood in it before goes on counting.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import yaml

from bot.nlu.learned import Learned
from bot.nlu.training_lines import lines_in, training_files
from bot.trainer.unfilled import is_unfilled
from bot.trainer.yaml_reading import read

log = structlog.get_logger(__name__)

LINES, REPLIES = Path("data/nlu"), Path("data/replies")
PLAIN = "faq/"  # questions with a fixed answer: they need no rule
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Stamp = tuple[int, int]
Variants = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What is new or other on disk than in the model."""

    lines: tuple[tuple[str, str], ...]  # (text, full label)
    replies: Mapping[str, Variants]


@dataclass(frozen=True, kw_only=True)
class _Content:
    lines: tuple[tuple[str, str], ...] = ()
    replies: Mapping[str, Variants] | None = None


class Unreadable(Exception):
    """Where a reply is not written as one; the text is the sentence for the trainer."""


class LiveFiles:
    def __init__(
        self,
        root: Path,
        *,
        learned: Learned | None,
        labels: Collection[str],
        replies: Mapping[str, Variants],
        own: Path | None = None,
    ) -> None:
        """`own`: the folder of the shop's own replies, which need not be there. `learned`, `labels` and `replies` are the model's. Where it has not kept what it learned,
        the lines on disk at the first reading count as learned."""
        self._root, self._own = root, own
        self._learned = learned
        self._labels, self._replies = frozenset(labels), replies
        self._stamps: dict[Path, _Stamp] | None = None  # None: nothing is read yet
        self._contents: dict[Path, _Content] = {}
        self._told: frozenset[str] = frozenset()

    def read(self) -> Saved | None:
        """None where no file has changed since the last call. A second at first, then a millisecond."""
        stamps = {path: stamp for path in self._files() if (stamp := _stamp(path)) is not None}
        if stamps == self._stamps:
            return None
        before = self._stamps or {}
        changed = [path for path, stamp in stamps.items() if before.get(path) != stamp]
        for gone in before.keys() - stamps.keys():
            self._contents.pop(gone, None)
        self._stamps = stamps
        fresh = {path: content for path in changed if (content := self._read(path)) is not None}
        if self._learned is None:
            self._learned = Learned.of(line for content in fresh.values() for line in content.lines)
        for path, content in fresh.items():
            new = tuple(line for line in content.lines if self._learned.votes(*line))
            self._contents[path] = _Content(lines=new, replies=content.replies)
        return self._saved()

    def _files(self) -> list[Path]:
        return [
            *training_files(self._root / LINES),
            *training_files(self._root / REPLIES),
            *(training_files(self._own) if self._own else ()),
        ]

    def _read(self, path: Path) -> _Content | None:
        """None, and a line in the log, where the file cannot be used."""
        try:
            content = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_LOADER) or {}
            replies = _replies_of(content)
            if self._is_own(path):
                return _Content(replies=replies)
            lines = tuple((line.text, line.intent) for line in lines_in(content, path))
            if unfilled := _unfilled(lines, replies):
                raise Unreadable(f"「{unfilled}」还是样子，没有填；填好就生效")
            return _Content(lines=lines, replies=replies)
        except Unreadable as error:
            self._tell(path, str(error))
        except OSError as error:
            self._tell(path, f"打不开（{error.strerror}）")
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError, *_MISSHAPEN):
            found = read(path, self._name(path)).findings
            self._tell(path, str(found[0]) if found else "写法不对，运行 python -m bot check 看看")
        return None

    def _tell(self, path: Path, why: str) -> None:
        log.warning("live.file_ignored", file=self._name(path), why=why)

    def _is_own(self, path: Path) -> bool:
        return self._own is not None and path.is_relative_to(self._own)

    def _name(self, path: Path) -> str:
        near = self._own.parent if self._own and self._is_own(path) else self._root
        return path.relative_to(near).as_posix()

    def _saved(self) -> Saved:
        replies: dict[str, Variants] = {}
        for path, content in sorted(self._contents.items(), key=lambda one: self._is_own(one[0])):
            if self._is_own(path):
                self._take_own(replies, path, content)
            else:
                replies.update(content.replies or {})
        replies = {
            name: variants
            for name, variants in replies.items()
            if self._replies.get(name) != variants
        }
        lines = [line for content in self._contents.values() for line in content.lines]
        waiting = frozenset(label for _, label in lines if not self._can_answer(label, replies))
        for label in sorted(waiting - self._told):
            log.warning("live.waits_for_training", intent=label)
        self._told = waiting
        kept = tuple(line for line in lines if line[1] not in waiting)
        return Saved(lines=kept, replies=replies)

    def _take_own(self, replies: dict[str, Variants], path: Path, content: _Content) -> None:
        """The shop's words instead of the product's, for replies that there are."""
        for name, variants in (content.replies or {}).items():
            if name in replies or name in self._replies:
                replies[name] = variants
            else:
                self._tell(path, f"没有叫 {name} 的回复，名字照抄 data/replies 里的")

    def _can_answer(self, label: str, replies: Mapping[str, Variants]) -> bool:
        """What the model knows, and new plain questions with their answer; another new intent
        needs rules."""
        if label in self._labels:
            return True
        answer = f"utter_{label}"
        return label.startswith(PLAIN) and (answer in replies or answer in self._replies)


_MISSHAPEN = (AttributeError, KeyError, TypeError, ValueError)


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:  # gone between listing and looking
        return None
    return status.st_mtime_ns, status.st_size


def _unfilled(lines: Sequence[tuple[str, str]], replies: Mapping[str, Variants]) -> str:
    """A line or an answer that a scaffold has left to be written; "" where there is none."""
    said = (str(one.get("text", "")) for variants in replies.values() for one in variants)
    return next((text for text in (*(line for line, _ in lines), *said) if is_unfilled(text)), "")


def _replies_of(content: Mapping[str, Any]) -> dict[str, Variants]:
    """Raises Unreadable for what Rasa could not say."""
    replies = content.get("responses") or {}
    for name, variants in replies.items():
        if not isinstance(variants, list) or not variants:
            raise Unreadable(f"{name} 下面没有回答，写成: - text: …")
        for one in variants:
            _demand_reply(str(name), one)
    return dict(replies)


def _demand_reply(name: str, one: object) -> None:
    if not isinstance(one, dict) or not {"text", "image", "custom"} & one.keys():
        raise Unreadable(f"{name} 的一条回答没有 text，写成: - text: …")
    if not isinstance(one.get("text", ""), str) or not one.get("text", "…").strip():
        raise Unreadable(f"{name} 的一条回答 text 是空的或不是文字，加上引号")
    buttons = one.get("buttons") or []
    if not isinstance(buttons, list) or any(
        not isinstance(button, dict) or not {"title", "payload"} <= button.keys()
        for button in buttons
    ):
        raise Unreadable(f"{name} 的按钮要有 title 和 payload")
