"""Loads a trained model: Rasa's agent, with our own wording, runner and live lines in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain

from bot.engine.house_words import HouseWords
from bot.engine.in_process import InProcessActions
from bot.engine.live import Live
from bot.engine.memory import HeldTrackers
from bot.engine.runner import StepRunner
from bot.engine.wording import FreshWording
from bot.nlu.components.classifier import ShopIntentClassifier
from bot.nlu.components.extractor import ShopEntityExtractor

log = structlog.get_logger(__name__)

_T = TypeVar("_T")


class ModelUnusable(Exception):
    """No model could be loaded; `why` names each file that was tried."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class OtherCode(Exception):
    """The model names actions that this process does not have: it was trained for newer code."""


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    agent: Agent
    trackers: HeldTrackers
    path: Path
    live: Live

    @property
    def labels(self) -> frozenset[str]:
        """Every intent by its full name, plain questions one by one."""
        plain = {
            name.removeprefix("utter_")
            for name in self.agent.domain.responses
            if name.startswith("utter_faq/")
        }
        return frozenset({*self.agent.domain.intents, *plain})


def load_newest(models: Path, load: Callable[[Path], _T]) -> _T:
    """What `load` makes of the newest file that it can load; of a folder's, or of this file.

    Raises ModelUnusable with the reason for each file.
    """
    files = [models] if models.is_file() else list(models.glob("*.tar.gz"))
    tried = []
    for path in sorted(files, key=lambda one: one.stat().st_mtime, reverse=True):
        try:
            return load(path)
        except Exception as error:  # whatever a broken file makes Rasa raise
            log.error("model.unusable", model=path.name, error=repr(error))
            tried.append(f"{path.name}: {error!r}")
    raise ModelUnusable("; ".join(tried) or f"no model in {models}")


def load_model(path: Path, actions: InProcessActions, words: Mapping[str, str]) -> LoadedModel:
    """Raises OtherCode, or whatever a broken file makes Rasa raise."""
    trackers = HeldTrackers(Domain.empty())
    agent = Agent.load(path, tracker_store=trackers, action_endpoint=actions)
    demand_actions(agent.domain, actions.names)
    trackers.domain = agent.domain
    wording = FreshWording(agent.domain.responses)
    agent.nlg = agent.processor.nlg = HouseWords(wording, words)
    runner = StepRunner(agent.processor.graph_runner)
    agent.processor.graph_runner = runner
    live = Live(
        runner.component(ShopIntentClassifier), runner.component(ShopEntityExtractor), wording
    )
    return LoadedModel(agent=agent, trackers=trackers, path=path, live=live)


def demand_actions(domain: Domain, known: Collection[str]) -> None:
    """Raises OtherCode: an open house must not be given a model that it cannot carry out."""
    wanted = {name for name in domain.user_actions if not name.startswith("utter_")}
    if missing := sorted(wanted - set(known)):
        raise OtherCode(f"这个版本没有动作 {'、'.join(missing)}，更新以后重启再用这个模型")
