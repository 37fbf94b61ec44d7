"""Rasa's own default pipeline (Jieba in place of blanks, DIET, fallback) on the same data."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from bench.nlu_scores import Answer, Row

CONFIG = """
recipe: default.v1
language: zh
assistant_id: rasa-default
pipeline:
  - name: JiebaTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
    constrain_similarities: true
    random_seed: 20
  - name: ResponseSelector
    epochs: 100
    constrain_similarities: true
    random_seed: 20
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
"""


def rasa_answers(rows: list[Row], data: Path) -> list[Answer]:
    """Trains (many minutes on two cores) and reads every row with it."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.yml")
        config.write_text(CONFIG, encoding="utf-8")
        model = asyncio.run(train_nlu(str(config), str(data), output=folder))
        agent = Agent.load(model)
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
