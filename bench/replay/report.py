"""The figures of one replay, or of two beside each other, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.figures import markdown
from bench.replay.figures import (
    DIALOGUES,
    HANDED_OVER_DIALOGUES,
    NAMES,
    TURNS,
    Figures,
)
from bench.replay.judging import ABOUT_LABELS, Sign

FILE = "figures.json"
# What a figure is a share of, where that is not the turns.
_OF = {
    HANDED_OVER_DIALOGUES: DIALOGUES,
    Sign.ONE_BUTTON.value: "asked back",
    Sign.ASKED_BACK_AGAIN.value: "asked back",
    Sign.FIRST_CHOICE.value: Sign.LABELLED.value,
    Sign.LABELLED_ASKED_BACK.value: Sign.LABELLED.value,
    Sign.AMONG_BUTTONS.value: Sign.LABELLED_ASKED_BACK.value,
}


class NoFigures(Exception):
    """A file that `make replay` did not write; the message says which, and what to give instead."""


def table(figures: Figures) -> str:
    """Markdown, a column a group; figures with their share of what they are counted among."""
    groups = list(figures)
    rows: list[list[object]] = []
    for name in _shown(figures):
        rows.append([name, *(_with_share(figures[group], name) for group in groups)])
    return markdown(["", *groups], rows)


def side_by_side(old: Figures, new: Figures) -> str:
    """Markdown, a table for each group that either has; a figure that one lacks is a dash."""
    parts = []
    for group in dict.fromkeys([*old, *new]):
        before, after = old.get(group, {}), new.get(group, {})
        rows: list[list[object]] = []
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) or after.get(name):
                rows.append(
                    [
                        name,
                        _with_share(before, name),
                        _with_share(after, name),
                        f"{after.get(name, 0) - before.get(name, 0):+d}",
                    ]
                )
        parts.append(markdown([group, "old", "new", "change"], rows))
    return "\n\n".join(parts)


def clear(folder: Path) -> None:
    """Makes the folder, and removes what an earlier replay wrote there; nobody else's files."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / FILE).exists():
        for path in (*folder.glob("*.txt"), folder / FILE):
            path.unlink()


def write(folder: Path, about: Mapping[str, Any], figures: Figures) -> Path:
    """`about`: what was played, by what."""
    path = folder / FILE
    content = {"about": dict(about), "figures": figures}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> tuple[dict[str, Any], Figures]:
    """What `write` wrote, from the file or its folder. Raises NoFigures."""
    file = path / FILE if path.is_dir() else path
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return content["about"], content["figures"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoFigures(
            f"{file}: no figures of a replay ({error}); give the {FILE} that `make replay` wrote, "
            "or its folder"
        ) from None


def _shown(figures: Figures) -> list[str]:
    """Rows about labels are left out where nothing is labelled."""
    labelled = figures["all"][Sign.LABELLED.value]
    about_labels = {sign.value for sign in ABOUT_LABELS}
    return [name for name in NAMES if labelled or name not in about_labels]


def _with_share(counts: Mapping[str, int], name: str) -> str:
    if name not in counts:
        return "–"
    whole = counts.get(_OF.get(name, TURNS), 0)
    if name in (TURNS, DIALOGUES) or not whole:
        return str(counts[name])
    return f"{counts[name]} ({100 * counts[name] / whole:.0f} %)"
