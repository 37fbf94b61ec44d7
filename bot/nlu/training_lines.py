"""Reads what buyers say straight from the trainer's YAML, without Rasa's slow import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

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
    lines = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in files:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader) or {}
        for entry in content.get("nlu") or ():
            if "intent" in entry:
                texts = _examples(entry.get("examples") or "")
                lines += [TrainingLine(text, entry["intent"], file) for text in texts]
    return lines


def _examples(block: str) -> list[str]:
    stripped = (line.strip() for line in block.splitlines())
    texts = (line[2:].strip() for line in stripped if line.startswith("- "))
    return [_ANNOTATION.sub(r"\1", text) for text in texts if text]
