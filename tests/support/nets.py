"""The last nets under a run: what hangs in spite of its test's time limit ends, and says where it hung.

pytest-timeout raises once, in the main thread. That is not enough where the end of a fixture hangs
after its test has failed (the alarm is switched off by then), where the main thread sits inside C (a
database driver) or something swallows what is raised, and where no test is running any more: threads
that are joined at the end of the process, workers and controller that wait for one another. And it
counts to the first test what is made once for all, as a model. Nor is it enough where uvloop runs, which
some library of Rasa's makes everybody's loop: it keeps what an alarm raises to itself.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import pytest

# Between an alarm that is of no use and the end of the process; Hypothesis, for one, plays what an
# alarm has failed again and again.
MARGIN_S = 600.0
MADE_WITHIN_S = 900.0  # a fixture of more than one test
SILENT_S = 1800.0  # no report of any worker; above what one test with all that it needs may take
ENDS_WITHIN_S = 120.0  # the process, after its last test


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    leads_workers = not is_worker and bool(getattr(config.option, "numprocesses", None))
    fd = os.dup(2)  # nothing is captured yet
    if not config.option.usepdb and config.option.timeout != 0:  # somebody looks on
        config.pluginmanager.register(_UnderWorkers(fd) if leads_workers else _UnderTests(fd))


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    """Python's own loop, out of which an alarm gets."""
    return asyncio.DefaultEventLoopPolicy()


class _Net:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    def spread(self, seconds: float) -> None:
        """Ends the process after so long, with the stacks of all threads; replaces the one before."""
        faulthandler.dump_traceback_later(seconds, exit=True, file=self._fd)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        self.spread(ENDS_WITHIN_S)


class _UnderWorkers(_Net):
    def pytest_sessionstart(self) -> None:
        self.spread(SILENT_S)

    def pytest_runtest_logreport(self) -> None:
        self.spread(SILENT_S)


class _UnderTests(_Net):
    def __init__(self, fd: int) -> None:
        super().__init__(fd)
        self._item: pytest.Item | None = None
        self._making = 0  # fixtures of more than one test, one inside the other

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, None, None]:
        self._item, self._making = item, 0
        self.spread(_limit_s(item) + MARGIN_S)
        yield
        self._item = None
        faulthandler.cancel_dump_traceback_later()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, None, None]:
        if self._item is None or fixturedef.scope in ("function", "class"):
            yield
            return
        self._making += 1
        self._alarm(self._item, MADE_WITHIN_S)
        yield
        self._making -= 1
        self._alarm(self._item, MADE_WITHIN_S if self._making else _limit_s(self._item))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, None, None]:
        """Where the test failed, its alarm and the net were switched off."""
        self._alarm(item, _limit_s(item))
        yield

    def _alarm(self, item: pytest.Item, seconds: float) -> None:
        """So long from now on, and a net below it."""
        self.spread(seconds + MARGIN_S)
        settings = SimpleNamespace(
            timeout=seconds, method="signal", func_only=False, disable_debugger_detection=False
        )
        item.config.hook.pytest_timeout_set_timer(item=item, settings=settings)


def _limit_s(item: pytest.Item) -> float:
    """Of the test by its mark, else of all."""
    mark = item.get_closest_marker("timeout")
    given: Any = mark.args[0] if mark and mark.args else item.config.option.timeout
    return float(given or item.config.getini("timeout") or MADE_WITHIN_S)
