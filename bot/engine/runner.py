"""Runs a trained model's graph step by step, and shows policies only what they look at.

Rasa plans the graph with dask at each call, each of its policies copies the tracker several times
with every slot of the domain (only the few that influence conversations count there), and stories
are searched even where a rule has decided.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable
from typing import Any, TypeVar

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.rule_index import index_rules

_Component = TypeVar("_Component")
_PREDICT = "predict_action_probabilities"


class StepRunner:
    """Answers as the runner that Rasa loaded would, with its nodes, in less time."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._schema: GraphSchema = loaded._graph_schema
        self._nodes: dict[str, GraphNode] = loaded._instantiated_nodes
        self._plans: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}
        self._rules = self._predicting(RulePolicy)
        # To Rasa, rules are a kind of memorised stories.
        self._memories = set(self._predicting(MemoizationPolicy)) - set(self._rules)
        for name in self._rules:
            index_rules(self._nodes[name]._component)

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Target node names with their outputs. Raises what a node raises."""
        outputs = dict(inputs or {})
        if PLACEHOLDER_MESSAGE not in outputs and PLACEHOLDER_TRACKER in outputs:
            outputs[PLACEHOLDER_TRACKER] = for_policies(outputs[PLACEHOLDER_TRACKER])
        wanted = tuple(targets or self._schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._planned(wanted)
        for name, needs in self._plans[wanted]:
            if name in self._memories and (rule := self._sure_rule(outputs)) is not None:
                outputs[name] = _nothing(rule, self._nodes[name]._component)
                continue
            given = [(need, outputs[need]) for need in needs if need in outputs]
            outputs[name] = self._nodes[name](*given)[1]
        return {name: outputs[name] for name in wanted}

    def component(self, kind: type[_Component]) -> _Component:
        """The model's component of this kind, as it was loaded. Raises LookupError."""
        for node in self._nodes.values():
            if isinstance(found := node._component, kind):
                return found
        raise LookupError(kind.__name__)

    def _predicting(self, policy: type) -> list[str]:
        return [
            name
            for name, node in self._schema.nodes.items()
            if node.fn == _PREDICT and issubclass(node.uses, policy)
        ]

    def _sure_rule(self, outputs: dict[str, Any]) -> PolicyPrediction | None:
        """A rule's prediction that no story can outdo: Rasa's ensemble takes the more confident
        one, of equals the rule. (What was just rejected loses its confidence there.)
        """
        for name in self._rules:
            rule: PolicyPrediction | None = outputs.get(name)
            if rule is not None and rule.max_confidence >= 1.0:
                rejected = _was_rejected(outputs[PLACEHOLDER_TRACKER])
                return None if rejected else rule
        return None

    def _planned(self, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """Nodes with the names they need, each after those."""
        planned: dict[str, list[str]] = {}

        def plan(name: str) -> None:
            if name in planned or name not in self._schema.nodes:  # known, or an input
                return
            needs = list(self._schema.nodes[name].needs.values())
            for need in needs:
                plan(need)
            planned[name] = needs

        for target in targets:
            if target not in self._schema.nodes:
                raise GraphRunError(f"The model has no node {target}.")
            plan(target)
        # Rules before stories, so that these are asked only where no rule decides.
        order = sorted(planned, key=lambda name: name in self._memories) if self._rules else planned
        return _after_their_needs(order, planned)


def _after_their_needs(
    order: Iterable[str], planned: dict[str, list[str]]
) -> list[tuple[str, list[str]]]:
    """The nodes in this order, except that each waits for those it needs."""
    placed: dict[str, list[str]] = {}
    waiting = list(order)
    while waiting:
        ready = next(
            name
            for name in waiting
            if all(need in placed or need not in planned for need in planned[name])
        )
        placed[ready] = planned[ready]
        waiting.remove(ready)
    return list(placed.items())


def _was_rejected(tracker: DialogueStateTracker) -> bool:
    """Whether the last action that was tried refused to run (a form that hears another wish)."""
    for event in reversed(tracker.events):
        if isinstance(event, (ActionExecuted, ActionExecutionRejected)):
            return isinstance(event, ActionExecutionRejected)
    return False


def _nothing(other: PolicyPrediction, policy: MemoizationPolicy) -> PolicyPrediction:
    """A prediction of no action at all, as long as the other one."""
    return PolicyPrediction(
        [0.0] * len(other.probabilities), policy.__class__.__name__, policy.priority
    )


def for_policies(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The tracker without slots that no policy can see; not to be changed."""
    seen = {name: slot for name, slot in tracker.slots.items() if slot.has_features()}
    light = copy.copy(tracker)
    light.slots = seen
    light.events = deque(
        event for event in tracker.events if not isinstance(event, SlotSet) or event.key in seen
    )
    return light
