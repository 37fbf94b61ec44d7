"""What Rasa's default pipeline understands, trained on the same data (`python -m bench stock`)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bench.nlu_scores import Answer, Row


def stock_answers(rows: list[Row], model: Path) -> list[Answer]:
    """Reads every row with a stock model."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    return [asyncio.run(_answer(agent, row.text)) for row in rows]


async def _answer(agent: Any, text: str) -> Answer:
    parsed = await agent.parse_message(text)
    names = []
    for guess in parsed["intent_ranking"]:
        name = guess["name"]
        if name in parsed.get("response_selector", {}):
            key = parsed["response_selector"][name]["response"]["intent_response_key"]
            name = str(key).split("/")[-1]
        if name != "nlu_fallback":
            names.append(name)
    is_unsure = parsed["intent"]["name"] == "nlu_fallback"
    best = max(
        (g["confidence"] for g in parsed["intent_ranking"] if g["name"] != "nlu_fallback"),
        default=0.0,
    )
    return Answer(tuple(names), best, "give up" if is_unsure else "act")
