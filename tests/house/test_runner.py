"""Our way through Rasa's graph decides as Rasa's own does."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.engine import Engine
from bot.engine.runner import StepRunner, for_policies

# What may stand before the last message: (slot, value), all of which stories or rules speak of.
PASTS = ((), ("open_question", "order_it"), ("open_question", "hand_over"))
INTENTS = ("greet", "affirm", "deny", "stock_check", "place_order", "track_parcel", "thank")


@pytest.fixture(scope="module")
def agent(engine: Engine) -> Agent:
    return engine._agent


@pytest.fixture(scope="module")
def rasas_own(agent: Agent) -> DaskGraphRunner:
    steps: StepRunner = agent.processor.graph_runner
    own = DaskGraphRunner.__new__(DaskGraphRunner)  # around the loaded nodes, not loading again
    own._graph_schema, own._instantiated_nodes = steps._schema, steps._nodes
    own._execution_context = None
    return own


@pytest.fixture(scope="module")
def rules(agent: Agent) -> RulePolicy:
    steps: StepRunner = agent.processor.graph_runner
    policy: RulePolicy = steps._nodes[steps._rules[0]]._component
    return policy


def heard(agent: Agent, past: tuple[str, ...], intent: str) -> DialogueStateTracker:
    """A talk in which slots beyond the policies' sight are full, and a message came last."""
    events: list[Event] = [
        SlotSet("product_in_talk", "boot-qiyun"),
        ActionExecuted("action_listen"),
    ]
    events += [UserUttered("在吗", {"name": "greet", "confidence": 1.0})]
    events += [ActionExecuted("utter_greet")]
    events += [SlotSet(*past)] if past else []
    events += [ActionExecuted("action_listen")]
    events += [UserUttered("…", {"name": intent, "confidence": 1.0})]
    domain = agent.domain
    return DialogueStateTracker.from_events("s", events, domain.slots, domain=domain)


@pytest.mark.parametrize("past", PASTS)
@pytest.mark.parametrize("intent", INTENTS)
def test_the_next_action_is_rasas(
    agent: Agent, rasas_own: DaskGraphRunner, past: tuple[str, ...], intent: str
) -> None:
    target = agent.processor.model_metadata.core_target
    inputs: dict[str, Any] = {"__tracker__": heard(agent, past, intent)}
    ours = agent.processor.graph_runner.run(dict(inputs), [target])[target]
    theirs = rasas_own.run(dict(inputs), [target])[target]
    assert ours.probabilities == theirs.probabilities
    assert ours.policy_name == theirs.policy_name


@pytest.mark.parametrize("is_rejected", [False, True])
def test_stories_are_not_searched_where_a_rule_decides(
    agent: Agent, monkeypatch: pytest.MonkeyPatch, is_rejected: bool
) -> None:
    """Where its action was just rejected, a rule does not decide."""
    asked: list[bool] = []
    recall = AugmentedMemoizationPolicy.recall

    def watched(*given: Any, **named: Any) -> Any:
        asked.append(True)
        return recall(*given, **named)

    monkeypatch.setattr(AugmentedMemoizationPolicy, "recall", watched)
    target = agent.processor.model_metadata.core_target
    tracker = heard(agent, (), "stock_check")
    if is_rejected:
        tracker.update(ActionExecutionRejected("action_check_stock"))
    agent.processor.graph_runner.run({"__tracker__": tracker}, [target])
    assert bool(asked) is is_rejected


def test_the_tracker_itself_keeps_all_slots(agent: Agent) -> None:
    tracker = heard(agent, (), "greet")
    assert "product_in_talk" not in for_policies(tracker).slots
    assert tracker.get_slot("product_in_talk") == "boot-qiyun"


def test_a_target_the_model_lacks_is_an_error(agent: Agent) -> None:
    with pytest.raises(GraphRunError, match="no node nowhere"):
        agent.processor.graph_runner.run({}, ["nowhere"])


@pytest.mark.parametrize("past", PASTS)
@pytest.mark.parametrize("intent", INTENTS)
def test_the_index_leaves_out_no_rule_that_fits(
    agent: Agent, rules: RulePolicy, past: tuple[str, ...], intent: str
) -> None:
    states = rules._prediction_states(heard(agent, past, intent), agent.domain)
    for lookup in (rules.lookup["rules"], rules.lookup["rules_for_loop_unhappy_path"]):
        by_index = rules._get_possible_keys(lookup, states)
        assert by_index == RulePolicy._get_possible_keys(rules, lookup, states)
