"""Lets Rasa's RulePolicy look at the few rules that can fit instead of at all, several times a turn.

With two hundred rules that was a tenth of a turn, and it grew with every rule a trainer adds.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER

State = Mapping[str, Mapping[str, Any]]


class RuleIndex:
    """Rule keys by the last action and the intent that their newest state asks for."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
        for key in keys:
            newest = json.loads(key)[-1]
            self._keys[_asked(newest)].append(key)

    def candidates(self, newest: State) -> list[str]:
        """All keys that may fit a conversation's newest state, and few others."""
        action = newest.get(PREVIOUS_ACTION, {}).get("action_name")
        intent = newest.get(USER, {}).get("intent")
        places = {(action, intent), (action, None), (None, intent), (None, None)}
        return [key for place in places for key in self._keys.get(place, ())]


def _asked(state: State) -> tuple[str | None, str | None]:
    """(action, intent) that must stand in the conversation; None = anything may."""
    action = state.get(PREVIOUS_ACTION, {}).get("action_name")
    intent = state.get(USER, {}).get("intent")
    return _demanded(action), _demanded(intent)


def _demanded(value: str | None) -> str | None:
    return value if value and value != SHOULD_NOT_BE_SET else None


def index_rules(policy: RulePolicy) -> None:
    """From now on this loaded policy asks an index first; what it decides stays the same."""
    every = policy._get_possible_keys
    indexes: dict[int, RuleIndex] = {}

    def possible_keys(lookup: dict[str, str], states: Sequence[State]) -> set[str]:
        if not states:
            return set(lookup)
        if id(lookup) not in indexes:  # a policy's lookups live as long as it does
            indexes[id(lookup)] = RuleIndex(list(lookup))
        few = indexes[id(lookup)].candidates(states[-1])
        found: set[str] = every({key: lookup[key] for key in few}, states)
        return found

    policy._get_possible_keys = possible_keys
