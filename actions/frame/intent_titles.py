"""The words on the button of an intent, when it is asked back."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from bot.read_once import read_anew, read_once

_DATA = Path(__file__).resolve().parents[2] / "data"
_FILE, _QUESTIONS = _DATA / "patterns" / "intent_titles.yml", _DATA / "nlu"
# A new question brings its own title:  - intent: faq/…  then  metadata: {title: …}
_TITLE_BESIDE = re.compile(
    r"^ *- intent: (\S+)\n +metadata: *\{ *title: *([^}\s][^}\n]*)\}", re.MULTILINE
)


def titles_of(file: Path, questions: Path) -> dict[str, str]:
    """Intent → words: from the titles file, and beside a trainer's own intents below a folder.

    A trainer's file that cannot be read gives none: the check tells of it.
    """
    raw: dict[str, dict[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    titles = dict(raw["titles"])
    for path in sorted(questions.rglob("*.yml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for intent, title in _TITLE_BESIDE.findall(text):
            titles.setdefault(intent, title.strip().strip("\"'"))
    return titles


@read_once
def intent_titles() -> dict[str, str]:
    return titles_of(_FILE, _QUESTIONS)


def renew_titles() -> None:
    """Trainers have saved others. Raises what a file that cannot be read makes of it; the titles
    from before then go on counting."""
    read_anew([intent_titles])
