"""Button payloads: Rasa's `/intent{"entity": "value"}`, read only where we wrote them."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.engine.turns import Payload

_SHAPE = re.compile(r"^/(?P<intent>[^{\s]+)\s*(?P<entities>\{.*\})?$", re.DOTALL)


class PayloadError(ValueError):
    """A button in our own YAML or action carries something that is no payload."""


def read_payload(text: str) -> Payload | None:
    """The payload a button carries; None where its text is to be sent as typed."""
    if not text.startswith("/"):
        return None
    match = _SHAPE.match(text.strip())
    if match is None:
        raise PayloadError(text)
    try:
        entities = json.loads(match["entities"] or "{}")
    except json.JSONDecodeError as error:
        raise PayloadError(text) from error
    return Payload(intent=match["intent"], entities=entities)


def disarmed(text: str) -> str:
    """Free text that Rasa cannot take for a command: its first slash becomes a full-width one."""
    stripped = text.lstrip()
    return "／" + stripped[1:] if stripped.startswith("/") else stripped


BY_BUTTON = "payload"  # extractor of entities that a button carried


def parse_of_payload(text: str, payload: Payload) -> dict[str, Any]:
    """Rasa's parse data of a pressed button: sure, and nothing else was possible."""
    intent = {"name": payload.intent, "confidence": 1.0}
    entities = [
        {"entity": name, "value": value, "start": 0, "end": len(text), "extractor": BY_BUTTON}
        for name, value in payload.entities.items()
    ]
    return {"text": text, "intent": intent, "entities": entities, "intent_ranking": [intent]}
