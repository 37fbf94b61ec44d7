"""What the buyer is about: the wish that stands open, in whose light the next line is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

LONGEST_TEXT = 60  # characters of the wish's words that later lines are read behind


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a form was asking for when the buyer turned to something else."""

    form: str
    slot: str
    lines: int = 0  # since then


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A wish and what was said with it; a new wish parks it, a closing settles it."""

    intent: str  # full label, as in the intent catalogue
    text: str  # the buyer's words, normalised; "" where a button was pressed
    values: Mapping[str, Any]  # entity → first value
    is_settled: bool = False  # closed by the buyer: 没有了, 好的谢谢
    waits: Step | None = None  # of this wish or an earlier one, whatever is talked of meanwhile

    def settled(self) -> Matter:
        return replace(self, is_settled=True)

    def with_values(self, values: Mapping[str, Any]) -> Matter:
        """The same wish, with what was told since; the newer counts."""
        return replace(self, values={**self.values, **values})

    def beside(self, before: Matter | None) -> dict[str, dict[str, Any]]:
        """Slots once this is the matter: another one that was open is parked, and data that only
        that one takes resume it."""
        slots = {"matter": self.as_slot()}
        if before is not None and not before.is_settled and before.intent != self.intent:
            slots["matter_parked"] = before.as_slot()
        return slots

    def as_slot(self) -> dict[str, Any]:
        waits = {} if self.waits is None else {"waits": asdict(self.waits)}
        return {
            "intent": self.intent,
            "text": self.text,
            "values": dict(self.values),
            "is_settled": self.is_settled,
            **waits,
        }

    @classmethod
    def of_slot(cls, raw: Mapping[str, Any] | None) -> Matter | None:
        if not raw:
            return None
        return cls(
            intent=raw["intent"],
            text=raw.get("text", ""),
            values=raw.get("values", {}),
            is_settled=bool(raw.get("is_settled")),
            waits=Step(**raw["waits"]) if raw.get("waits") else None,
        )


def values_of(entities: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Entity → its first value."""
    found: dict[str, Any] = {}
    for entity in entities:
        found.setdefault(str(entity["entity"]), entity["value"])
    return found
