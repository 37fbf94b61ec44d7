"""How often messages that carry two wishes are taken apart rightly, and single ones wrongly cut."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.nlu_scores import APART, Row
from bot.nlu.intents import IntentModel
from bot.nlu.normalise import normalise
from bot.nlu.wishes import ACCOMPANIMENT, split

PAIRS = 300
SEED = 1


@dataclass(frozen=True)
class WishScore:
    """Shares between 0 and 1."""

    single_cut: float  # real messages that were cut (some do carry two wishes)
    joined_cut: float  # two understood wishes of different kinds, joined: cut where they join
    joined_right: float  # … and both parts understood
    pairs: int


def score_wishes(model: IntentModel, rows: Sequence[Row]) -> WishScore:
    """Joins pairs of messages that are, each alone, understood and sure; then splits them."""

    async def read(text: str) -> dict[str, Any]:
        ranking = model.rank(normalise(text))
        if not ranking or ranking[0].confidence < model.thresholds.act:
            return {"intent": {"name": "nlu_half_sure", "confidence": 0.0}}
        first = ranking[0]
        return {"intent": {"name": first.intent, "confidence": first.confidence}}

    async def run() -> WishScore:
        singles = [row for row in rows if row.intent not in APART]
        cut = [row for row in singles if len(await split(row.text, read)) > 1]
        wishes = []
        for row in singles:
            name = (await read(row.text))["intent"]["name"].split("/")[-1]
            if name in row.accept and name not in ACCOMPANIMENT and row not in cut:
                wishes.append(row)
        dice = random.Random(SEED)
        tried = apart = right = 0
        while tried < PAIRS and len(wishes) > 1:
            one, other = dice.sample(wishes, 2)
            if set(one.accept) & set(other.accept):
                continue
            tried += 1
            parts = await split(one.text + dice.choice((" ", "\n")) + other.text, read)
            names = [(await read(part))["intent"]["name"].split("/")[-1] for part in parts]
            apart += len(parts) == 2
            right += len(parts) == 2 and names[0] in one.accept and names[1] in other.accept
        return WishScore(
            len(cut) / max(1, len(singles)), apart / max(1, tried), right / max(1, tried), tried
        )

    return asyncio.run(run())
