"""Reads what buyers say straight from the trainer's YAML, without Rasa's slow import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TRAINING_DATA = Path("data/nlu")
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class TrainingLine:
    """One example message; `intent` is the full label, `faq/ask_color` for retrieval intents."""

    text: str
    intent: str
    file: Path


def training_files(path: Path = TRAINING_DATA) -> list[Path]:
    """The YAML files below a folder, or the file itself, in a stable order."""
    return sorted([*path.rglob("*.yml"), *path.rglob("*.yaml")]) if path.is_dir() else [path]


def training_lines(files: Iterable[Path]) -> list[TrainingLine]:
    """Every example of every intent. Raises yaml.YAMLError when a file is not YAML."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [
        line
        for file in files
        for line in lines_in(yaml.load(file.read_text(encoding="utf-8"), Loader=loader) or {}, file)
    ]


def lines_in(content: Mapping[str, Any], file: Path) -> list[TrainingLine]:
    """The examples in a file's content, as YAML gives it."""
    return [
        TrainingLine(text, entry["intent"], file)
        for entry in content.get("nlu") or ()
        if "intent" in entry
        for text in _examples(entry.get("examples") or "")
    ]


def _examples(block: str) -> list[str]:
    stripped = (line.strip() for line in block.splitlines())
    texts = (line[2:].strip() for line in stripped if line.startswith("- "))
    return [_ANNOTATION.sub(r"\1", text) for text in texts if text]
