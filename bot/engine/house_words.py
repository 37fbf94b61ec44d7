"""Fills the shop's own words into every reply, whoever says it: its name, what it sells, …"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker


class HouseWords(NaturalLanguageGenerator):  # type: ignore[misc]  # Rasa ships no types
    """Rasa's generator with more to fill in than slots and what an action gives."""

    def __init__(self, generator: NaturalLanguageGenerator, words: Mapping[str, str]) -> None:
        self._generator, self._words = generator, words  # they may change while it runs

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        drafted: dict[str, Any] | None = await self._generator.generate(
            utter_action, tracker, output_channel, **{**self._words, **kwargs}
        )
        return drafted
