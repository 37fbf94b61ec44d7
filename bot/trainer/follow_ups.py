"""The kinds of follow-ups and their words go together: each has its words, filled with what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.followups.kinds import SUBJECTS, Kind, read_kinds
from bot.trainer.finding import Finding
from bot.trainer.replies import Reply

FILE = "data/followups.yml"
PREFIX = "utter_follow_up_"
_BRACES = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
# Endings that only an order, or only goods, can come to.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "paid": ("order",),
    "bought_otherwise": ("order",),
    "signed": ("order",),
    "over": ("order",),
    "on_time": ("order",),
    "no_care": ("order", "product"),
    "out_of_stock": ("product",),
    "price_back": ("product",),
    "bought_it": ("product",),
    "not_refunded": ("case",),
    "kept": ("promise",),
}


def look(root: Path, written: Sequence[Reply], always: frozenset[str]) -> list[Finding]:
    """`always`: values that every reply may hold. Raises TableError for a file that cannot be read."""
    path = root / FILE
    if not path.exists():
        return []
    kinds = read_kinds(path)
    called = [name for kind in kinds.values() for name in _words_of(kind)]
    by_name = {one.name: one for one in written}
    found = [one for kind in kinds.values() for one in _of_kind(path, kind, by_name, always)]
    found += [
        Finding(one.file, one.line, "follow-up", f"没有哪一类跟进会说「{one.name}」，改名或删掉")
        for one in written
        if one.name.startswith(PREFIX) and one.name not in called
    ]
    return found


def _of_kind(
    path: Path, kind: Kind, written: Mapping[str, Reply], always: frozenset[str]
) -> Iterator[Finding]:
    line = _line_of(path, kind.name)
    for ending in sorted(kind.ends_when):
        if kind.subject not in _NEEDS.get(ending, (kind.subject,)):
            fits = "、".join(_NEEDS[ending])
            yield Finding(
                FILE, line, "follow-up", f"「{kind.name}」说的是 {kind.subject}，"
                f"ends_when 里的 {ending} 只用在 {fits} 上",
            )  # fmt: skip
    for name in _words_of(kind):
        if name not in written:
            yield Finding(
                FILE, line, "follow-up",
                f"「{kind.name}」没有话可说，在 data/replies/followups.yml 里写 {name}:",
            )  # fmt: skip
            continue
        known = SUBJECTS[kind.subject] | always
        for text, at in written[name].texts:
            for wrong in sorted(set(_BRACES.findall(text)) - known):
                can = "、".join(sorted(SUBJECTS[kind.subject]))
                yield Finding(
                    written[name].file, at, "follow-up",
                    f"{{{wrong}}} 不知道填什么，这一类可以写: {can}",
                )  # fmt: skip


def _words_of(kind: Kind) -> list[str]:
    return [name for name in (kind.words, kind.several, kind.plain) if name]


def _line_of(path: Path, kind: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((at for at, line in enumerate(lines, 1) if line.startswith(f"  {kind}:")), 1)
