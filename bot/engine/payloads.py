"""Button payloads: Rasa's `/intent{"entity": "value"}`, read only where we wrote them."""

from __future__ import annotations

import json
import re

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
