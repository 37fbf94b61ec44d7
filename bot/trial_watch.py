"""Keeps the model that is tried on a share of chats beside the one in use, while the house is open.

The releases' rows say which, and of how many chats; whoever takes or drops it there has it done here
within seconds. Two engines at most are in memory: the one that is taken for all chats is not loaded
again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from bot.database import Database, DatabaseUnavailable
from bot.freed_memory import give_back
from bot.memory_left import memory_left
from bot.model_watch import ModelWatch, Swappable
from bot.publishing import releases, trials
from bot.publishing.releases import Release
from bot.publishing.trials import place_of
from bot.side_by_side import Sides
from bot.training.made_here import digest_of
from bot.training.refusals import Refused

log = structlog.get_logger(__name__)

LOOKS_EVERY_S = 1.0
_DISPLACED = "原来的模型换过了，没法再比"
_ASKS_AGAIN_AFTER = 60  # looks, where memory was short


class TrialWatch:
    def __init__(
        self,
        database: Database,
        models: Path,
        watch: ModelWatch,
        *,
        clock: Callable[[], datetime],
        left: Callable[[], int | None] = memory_left,
        looks_every_s: float = LOOKS_EVERY_S,
    ) -> None:
        """`left`: bytes of memory that are left, None where nobody tells."""
        self._database, self._models, self._watch = database, models, watch
        self._clock, self._left, self._looks_every_s = clock, left, looks_every_s
        self._trial: Release | None = None  # whose model is loaded
        self._against: Swappable | None = None
        self._displaced: int | None = None  # whose model was let go of for another
        self._waits = 0  # looks

    async def run(self, sides: Sides) -> None:
        """Until cancelled."""
        self._watch.make_room = lambda: self._make_room(sides)
        try:
            while True:
                try:
                    await self._look(sides)
                except DatabaseUnavailable:
                    log.warning("trial.database_unavailable")
                await asyncio.sleep(self._looks_every_s)
        finally:
            self._let_go(sides)

    async def _look(self, sides: Sides) -> None:
        found = await self._database.read(releases.trying)
        if found is not None and found.release_id == self._displaced:
            await self._drop(_DISPLACED)
            return
        if self._trial is not None:
            if found is not None and found.release_id == self._trial.release_id:
                await self._keep(found, sides)
                return
            if self._is_being_taken(self._trial, sides):
                return
            log.info("trial.ended", model=self._trial.model)
            self._let_go(sides)
            await asyncio.to_thread(give_back)
        if found is not None and place_of(self._models, found.model).is_file():
            await self._begin(found, sides)

    async def _keep(self, trial: Release, sides: Sides) -> None:
        """The figures are of these two models: another in the old one's place ends it."""
        if sides.present is self._against:
            return
        if (self._models / trial.model).is_file():  # taken, and its row does not tell yet
            await asyncio.to_thread(trials.settle, self._database, self._models, self._clock)
        else:
            await self._drop(_DISPLACED)

    async def _begin(self, trial: Release, sides: Sides) -> None:
        if self._waits > 0:
            self._waits -= 1
            return
        try:
            trials.demand_memory(self._left)
        except Refused as error:
            self._waits = _ASKS_AGAIN_AFTER
            if trial.why != str(error):
                log.warning("trial.no_memory", model=trial.model)
                await self._database.run(releases.change, trial.release_id, why=str(error))
            return
        place = place_of(self._models, trial.model)
        try:
            if await asyncio.to_thread(digest_of, place) != trial.model_hash:
                raise ValueError("it is not the file that was published")
            engine = await self._watch.loaded(place)
        except Exception as error:  # whatever a broken file makes Rasa raise
            log.error("model.unusable", model=trial.model, error=repr(error))
            await self._drop("模型用不了，原来的照旧答")
            return
        if trial.why:
            await self._database.run(releases.change, trial.release_id, why="")
        self._trial, self._against = trial, sides.present
        self._watch.beside = engine
        sides.use_new(engine, trial=trial.release_id, share=trial.share or 0.0)
        log.info("trial.began", model=engine.model_id, share=trial.share)

    def _is_being_taken(self, trial: Release, sides: Sides) -> bool:
        """Whether it stands among the models: it answers its chats until it answers all of them."""
        is_there = (self._models / trial.model).is_file()
        is_taken = sides.present.model_path.name == trial.model
        return is_there and not is_taken and self._watch.beside is not None

    async def _drop(self, why: str) -> None:
        with contextlib.suppress(Refused):  # somebody else was quicker
            await asyncio.to_thread(trials.drop, self._database, self._models, self._clock, why=why)

    def _make_room(self, sides: Sides) -> None:
        """Before another model is loaded in the old one's place: two are in memory at most."""
        if self._trial is not None:
            self._displaced = self._trial.release_id
            self._let_go(sides)

    def _let_go(self, sides: Sides) -> None:
        self._trial = self._against = self._watch.beside = None
        self._waits = 0
        if sides.new is not None:
            sides.drop_new()
