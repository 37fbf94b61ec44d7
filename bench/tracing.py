"""Times functions of a running program from outside, each without the time of those it calls."""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Stopwatch:
    """Own seconds and calls of each stage. For one conversation at a time: stages nest, not cross."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._clock = clock
        self._inside: list[float] = []  # for each stage that runs: seconds of the stages within

    def reset(self) -> None:
        self.seconds.clear()
        self.calls.clear()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = self._clock()
        self._inside.append(0.0)
        try:
            yield
        finally:
            spent = self._clock() - started
            self.seconds[name] += spent - self._inside.pop()
            self.calls[name] += 1
            if self._inside:
                self._inside[-1] += spent

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed; a coroutine's waiting counts."""
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def timed_coroutine(*args: Any, **options: Any) -> Any:
                with self.stage(name):
                    return await function(*args, **options)

            return timed_coroutine

        @functools.wraps(function)
        def timed(*args: Any, **options: Any) -> Any:
            with self.stage(name):
                return function(*args, **options)

        return timed

    def watch(self, name: str, path: str) -> None:
        """Times `module:function` or `module:Class.method` wherever it has been imported by name.

        Raises AttributeError or ImportError when there is no such thing any more.
        """
        module_name, _, place = path.partition(":")
        module = importlib.import_module(module_name)
        owner, _, attribute = place.rpartition(".")
        holder = getattr(module, owner) if owner else module
        function = getattr(holder, attribute)
        timed = self.wrapped(name, function)
        if owner:
            setattr(holder, attribute, timed)
            return
        for other in list(sys.modules.values()):
            if getattr(other, "__dict__", {}).get(attribute) is function:
                setattr(other, attribute, timed)
