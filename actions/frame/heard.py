"""What a message says beside the values it holds: set phrases, and the details of a value."""

from __future__ import annotations

from typing import Any

from actions.frame.turn import Turn


def hears(turn: Turn, *cues: str) -> bool:
    """Whether one of these is said; the names stand in data/patterns/entities/cues.yml."""
    return any(cue in turn.values("cue") for cue in cues)


def detail(turn: Turn, entity: str, name: str) -> Any:
    """The detail of the first such value, like the `role` of a sum; None where it has none."""
    for one in turn.entities:
        if one.get("entity") == entity:
            return one.get(name)
    return None
