"""What the house keeps of a wish: how it was heard, what decided, what came of it."""

from __future__ import annotations

from bot.dialogue.outcome import Outcome
from bot.engine.situated import Situated
from bot.engine.turns import Understood


def understood_of(
    text: str, heard: Situated, outcome: Outcome, request_id: str, unwritten: str | None
) -> Understood:
    parse = heard.parse
    intent = parse["intent"]
    return Understood(
        text=text,
        intent=intent.get("full_retrieval_intent_name") or intent["name"] or "",
        confidence=float(intent.get("confidence", 0.0)),
        entities=tuple(
            {"entity": entity["entity"], "value": entity["value"]} for entity in parse["entities"]
        ),
        ranking=tuple(
            (one["name"], float(one["confidence"])) for one in parse.get("intent_ranking", [])[:4]
        ),
        decided_by=heard.decided_by,
        is_continuation=heard.is_continuation,
        outcome=outcome.value,
        request_id=request_id,
        unwritten=unwritten,
    )
