"""Chooses among a reply's wordings one that this talk has not heard yet."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


class FreshWording(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]  # Rasa ships no types
    """Rasa's generator draws at random, and so says the same sentence twice while another waits."""

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The response filled; None where the YAML has none of this name."""
        responses = self.responses  # may be exchanged meanwhile, by what a trainer saved
        if utter_action not in responses:
            return None
        slots = tracker.current_slot_values()
        variants = ResponseVariationFilter(responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not variants:
            return None
        filled = [self._fill_response(copy.deepcopy(one), slots, **kwargs) for one in variants]
        heard = heard_texts(tracker)
        fresh = [one for one in filled if one.get("text") not in heard]
        last = _last_answer(tracker)  # where all are heard, not the one that was just said
        left = fresh or [one for one in filled if one.get("text") not in last] or filled
        # Rasa's own dice, so that a seeded replay says the same each time.
        chosen: dict[str, Any] = left[int(np.random.randint(len(left)))]
        return chosen

    def wording_of(self, utter_action: str, text: str, values: Mapping[str, Any]) -> str:
        """Names the variant that was said, by its words before anything is filled in; "" = none.

        The name changes with the words: another wording is counted by itself.
        """
        for one in self.responses.get(utter_action, ()):
            filled = self._fill_response(copy.deepcopy(one), {}, **values)
            if (filled.get("text") or "").strip() == text:
                return hashlib.sha256(str(one.get("text")).encode()).hexdigest()[:12]
        return ""


def _last_answer(tracker: DialogueStateTracker) -> frozenset[str]:
    """What the line before the newest one was answered with."""
    texts: set[str] = set()
    is_before = False
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            if texts:
                break
            is_before = True
        elif isinstance(event, BotUttered) and event.text and is_before:
            texts.add(event.text)
    return frozenset(texts)


def heard_texts(tracker: DialogueStateTracker) -> frozenset[str]:
    """What the bot has said in the part of the talk that is remembered."""
    return frozenset(
        event.text for event in tracker.events if isinstance(event, BotUttered) and event.text
    )
