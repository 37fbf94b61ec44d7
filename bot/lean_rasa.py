"""Keeps TensorFlow out of a running house: Rasa imports it for components that our model has not.

It would cost 270 MB and seconds of every start. Rasa's modules derive classes from TensorFlow's and
wear its decorators; while they are imported, hollow ones do. Whoever then *calls* one is told, so a
model that needs TensorFlow is refused when it is loaded and never answers wrongly. A `config.yml`
that names such a component gets the real one from the start.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

_LEFT_OUT = frozenset(
    {"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"}
)
_CLASSIFIER = "bot.nlu.components.classifier.ShopIntentClassifier"
_NUMPY = "numpy"  # as in bot.nlu.tuning, which would load it: too early
# What of Rasa's own runs without it; our own components and policies (`bot.…`) do.
_WITHOUT = frozenset({
    "AugmentedMemoizationPolicy", "MemoizationPolicy", "RulePolicy", "WhitespaceTokenizer",
    "JiebaTokenizer", "RegexEntityExtractor", "EntitySynonymMapper", "FallbackClassifier",
    "KeywordIntentClassifier",
})  # fmt: skip


class TensorFlowLeftOut(RuntimeError):
    """Something wants to calculate with TensorFlow in a house that runs without."""


def leave_out_tensorflow(config: Path) -> bool:
    """True: what is imported from now on meets hollow classes in TensorFlow's place.

    False where the configuration (Rasa's `config.yml`) names a component that may need the real
    one, or where it is loaded already.
    """
    if "tensorflow" in sys.modules or not runs_without_tensorflow(config):
        return False
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    import rasa.core.agent
    import rasa.engine.recipes.default_recipe  # noqa: F401

    finder.are_calls_allowed = False
    return True


def runs_without_tensorflow(config: Path) -> bool:
    names = [name for name, _ in _parts(config)]
    return bool(names) and all(name.startswith("bot.") or name in _WITHOUT for name in names)


def trains_without_tensorflow(config: Path) -> bool:
    """Only where the classifier's encoder is `tuned_by` NumPy."""
    chosen = [own.get("tuned_by") for name, own in _parts(config) if name == _CLASSIFIER]
    return runs_without_tensorflow(config) and bool(chosen) and all(one == _NUMPY for one in chosen)


def _parts(config: Path) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """(name, settings) of all components and policies."""
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    if not isinstance(content, Mapping):
        return []
    parts: Sequence[Any] = [*(content.get("pipeline") or ()), *(content.get("policies") or ())]
    return [
        (str(part.get("name", "")), part) if isinstance(part, Mapping) else (str(part), {})
        for part in parts
    ]


class _Finder(MetaPathFinder, Loader):
    def __init__(self) -> None:
        self.are_calls_allowed = True

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name.partition(".")[0] not in _LEFT_OUT:
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _HollowModule(spec.name, self)

    def exec_module(self, module: ModuleType) -> None:
        return None

    def hollow(self, name: str) -> type:
        return _HollowClass(name, (), {"_finder": self})


class _HollowModule(ModuleType):
    def __init__(self, name: str, finder: _Finder) -> None:
        super().__init__(name)
        self._finder = finder

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        setattr(self, name, self._finder.hollow(name))
        return getattr(self, name)


class _HollowClass(ABCMeta):
    """A class that others can be derived from, whose names are hollow classes again."""

    _finder: _Finder

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        setattr(cls, name, cls._finder.hollow(name))
        return getattr(cls, name)

    def __call__(cls, *args: Any, **_: Any) -> Any:
        """As a decorator, with arguments or none, it changes nothing."""
        if not cls._finder.are_calls_allowed:
            raise TensorFlowLeftOut(
                f"{cls.__name__}：这家店运行时没有载入 TensorFlow，重启后再用这个模型"
            )
        if len(args) == 1 and callable(args[0]):
            return args[0]
        return _as_it_is


def _as_it_is(decorated: Callable[..., Any]) -> Callable[..., Any]:
    return decorated
