"""A copy of our Rasa project with more, or fewer, messages and intents than the real one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from bench.servers import ROOT
from bench.synthetic import with_messages


def write_project(folder: Path, *, messages: int, extra_intents: int) -> None:
    """What `rasa train` needs. Extra intents have a rule and a reply each."""
    shutil.copytree(ROOT / "data", folder / "data", dirs_exist_ok=True)
    shutil.copy(ROOT / "config.yml", folder)
    examples = _taken_out(folder / "data" / "nlu")
    grown = with_messages(examples, messages, extra_intents=extra_intents)
    _write(
        folder / "data" / "nlu" / "grown.yml",
        {
            "nlu": [
                {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)}
                for intent, lines in grown.items()
            ]
        },
    )
    extra = [intent for intent in grown if intent.startswith("bench_")]
    rules = [
        {"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}
        for intent in extra
    ]
    _write(folder / "data" / "stories" / "grown.yml", {"rules": rules})
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    domain["intents"] += extra
    domain.setdefault("responses", {}).update(
        {f"utter_{intent}": [{"text": intent}] for intent in extra}
    )
    _write(folder / "domain.yml", domain)


def _taken_out(folder: Path) -> dict[str, list[str]]:
    """Takes all examples out of the files; replies beside them stay."""
    examples: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for block in content.pop("nlu", []):
            lines = [line.strip().removeprefix("- ") for line in block["examples"].splitlines()]
            examples.setdefault(block["intent"], []).extend(line for line in lines if line)
        _write(file, content)
    return {intent: list(dict.fromkeys(lines)) for intent, lines in examples.items()}


def _write(path: Path, content: dict[str, Any]) -> None:
    content = {"version": "3.1", **content}
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
