"""JSON Schemas of the trainer's files, for completion and red lines in editors (.vscode)."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from bot.dialogue.situations import SITUATIONS
from bot.trainer.examples import labels_in
from bot.trainer.project import Project

FOLDER = "docs/schemas"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_PLAIN = r"^faq/[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$"


def schemas(root: Path) -> dict[str, dict[str, Any]]:
    """By file name; the lists of names are those of the project as it is."""
    project = Project(root, None)
    readings = project.readings()
    domain = project.domain(readings["domain.yml"])
    labels = {
        label
        for file, reading in readings.items()
        if file.startswith("data/nlu/")
        for label in labels_in(reading)
    }
    return {
        "nlu.json": _nlu(labels),
        "replies.json": _object("回答（话术）", {"version": _VERSION, "responses": _RESPONSES}),
        "sentences.json": _sentences(labels, domain.entities),
    }


def write(root: Path) -> list[str]:
    """Files written, below `root`."""
    made = []
    for name, schema in schemas(root).items():
        path = root / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        made.append(f"{FOLDER}/{name}")
    return made


_VERSION = {"const": "3.1", "description": '写成 "3.1"，要有英文引号'}
_BUTTON = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string", "maxLength": 10, "description": "按钮上的字，不超过 10 个字"},
        "payload": {"type": "string", "pattern": "^/", "description": "以 / 开头，例如 /affirm"},
    },
}
_VARIANT = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": "一句话，60 个字以内"},
        "buttons": {"type": "array", "items": _BUTTON},
        "image": {"type": "string"},
        "custom": {"type": "object"},
        "channel": {"type": "string"},
        "condition": {"type": "array"},
        "metadata": {"type": "object"},
    },
    "additionalProperties": False,
}
_RESPONSES = {
    "type": "object",
    "description": "名字以 utter_ 开头；普通问答是 utter_ 加意图名",
    "patternProperties": {
        r"^utter_[A-Za-z0-9_/.]+$": {"type": "array", "minItems": 1, "items": _VARIANT}
    },
    "additionalProperties": False,
}


def _object(title: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _DRAFT,
        "title": title,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _label(labels: Collection[str]) -> dict[str, Any]:
    return {
        "description": "意图名；新的普通问答写成 faq/ask_xxx",
        "anyOf": [{"enum": sorted(labels)}, {"type": "string", "pattern": _PLAIN}],
    }


def _nlu(labels: Collection[str]) -> dict[str, Any]:
    block = {
        "type": "object",
        "required": ["intent", "examples"],
        "properties": {
            "intent": _label(labels),
            "metadata": {
                "type": "object",
                "properties": {"title": {"type": "string", "maxLength": 12}},
                "description": "title 是反问按钮上的字",
            },
            "examples": {"type": "string", "description": "examples: | 下面一行一句，- 开头"},
        },
        "additionalProperties": False,
    }
    blocks = {"type": "array", "items": block}
    return _object("买家怎么说", {"version": _VERSION, "nlu": blocks, "responses": _RESPONSES})


def _sentences(labels: Collection[str], entities: Collection[str]) -> dict[str, Any]:
    text = {"type": ["string", "number"]}
    test = {
        "type": "object",
        "required": ["intent"],
        "anyOf": [{"required": ["say"]}, {"required": ["says"]}],
        "properties": {
            "intent": _label(labels),
            "say": text,
            "says": {"type": "array", "items": text, "minItems": 1},
            "entities": {
                "type": "object",
                "properties": dict.fromkeys(sorted(entities), text),
                "additionalProperties": False,
            },
            "situation": {"enum": sorted(SITUATIONS), "description": "店里刚才说了什么"},
            "after": {"type": "string", "description": "买家的上一句"},
            "reply": {"type": "string", "pattern": "^utter_"},
            "looking_at": {"type": "string", "description": "买家在看的商品编号"},
            "known_failure": {"type": "string", "description": "现在答不对，为什么"},
        },
        "additionalProperties": False,
    }
    return _object("句子考题", {"sentences": {"type": "array", "items": test}})
