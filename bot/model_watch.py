"""Keeps the engine abreast of what trainers save and train, while the house is open.

A new model is put in the old one's place as one: its engine (which brings patterns, rules and
wording of its own), the tables of the dialogue and the titles of intents. Until all of it is
loaded and has read a line the old one answers; turns that have begun end with it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import structlog

from actions.frame.intent_titles import renew_titles
from bot.conversations.ports import Answers
from bot.dialogue.tables import forget_tables, try_tables
from bot.freed_memory import give_back
from bot.stamps import Stamps
from bot.word_lists import WordLists

log = structlog.get_logger(__name__)

LOOKS_EVERY_S = 1.0
_YIELDS_EVERY_S = 0.0002  # while a model is loaded in a thread; Python's own is 5 ms
TABLES = Path("data/dialogue")
_PROBES = ("有货吗", "我的快递到哪了")


class Follows(Protocol):
    """What an engine knows of the files that trainers save (`bot.engine.live.Live`)."""

    def follow(self, root: Path, own: Path | None = None) -> None: ...

    def refresh(self) -> bool: ...

    def read_words(self) -> None: ...


class Swappable(Answers, Protocol):
    """An engine of one model file."""

    @property
    def live(self) -> Follows: ...

    @property
    def model_path(self) -> Path: ...

    async def parse(self, text: str) -> dict[str, object]: ...

    def read_tables(self) -> None: ...


class ModelWatch:
    def __init__(
        self,
        engine: Swappable,
        root: Path,
        *,
        models: Path,
        load: Callable[[Path], Swappable],
        train: Callable[[], Awaitable[None]] | None = None,
        own_replies: Path | None = None,
        looks_every_s: float = LOOKS_EVERY_S,
    ) -> None:
        """`root`: the project's folder, of which what trainers save counts at once: data/nlu,
        data/replies, word lists, tables of the dialogue; `own_replies`: the shop's own, which win.

        `load` makes an engine of a file in the folder `models`; it blocks, and may raise anything.
        `train`: makes a better model in that folder meanwhile.
        """
        self._engine, self._root, self._models, self._load = engine, root, models, load
        self._train, self._looks_every_s = train, looks_every_s
        self._tried = engine.model_path, _written(engine.model_path)
        self._own = own_replies
        # That answers a share of chats, and what lets go of it before a third is loaded
        # (bot.trial_watch).
        self.beside: Swappable | None = None
        self.make_room: Callable[[], None] = lambda: None
        self._words, self._tables = WordLists(root), Stamps(root / TABLES, (".yml",))
        engine.live.follow(root, own_replies)

    async def run(self, use: Callable[[Swappable], None]) -> None:
        """Until cancelled. `use`: gives the turns that begin from now on to an engine."""
        await asyncio.to_thread(give_back)  # loading leaves a fifth of the memory unused
        training = asyncio.ensure_future(self._train()) if self._train else None
        try:
            while True:
                await self._look(use)
                await asyncio.sleep(self._looks_every_s)
        finally:
            if training is not None:
                training.cancel()
                await asyncio.gather(training, return_exceptions=True)

    async def _look(self, use: Callable[[Swappable], None]) -> None:
        await asyncio.to_thread(self._take_in)
        if (newer := await asyncio.to_thread(self._newer)) is not None:
            await self._swap(newer, use)

    def _take_in(self) -> None:
        """What trainers have saved since the last look; what cannot be read is told and left out."""
        engines = [self._engine, *([self.beside] if self.beside else ())]
        fresh = [engine.live.refresh() for engine in engines]
        if any(fresh):
            _renew_titles()

        def read_words() -> None:
            for engine in engines:
                engine.live.read_words()

        self._words.refresh(read_words)
        if changed := self._tables.changed():
            try:
                try_tables()
                forget_tables()
                for engine in engines:
                    engine.read_tables()
            except Exception as error:  # the edge to files that people write by hand
                log.warning("live.file_ignored", file=TABLES.as_posix(), why=str(error))
            else:
                log.info("tables.taken_in", file="、".join(sorted(changed)))

    def _newer(self) -> Path | None:
        """The newest model, where it is not the one that was loaded or tried last."""
        if not self._models.is_dir():
            return None  # one file was asked for, and it is loaded
        files = [(path, _written(path)) for path in self._models.glob("*.tar.gz")]
        if not files:
            return None
        newest = max(files, key=lambda one: one[1])
        if newest == self._tried or newest[1] < self._tried[1]:
            return None
        self._tried = newest
        return newest[0]

    async def _swap(self, path: Path, use: Callable[[Swappable], None]) -> None:
        if not self._is_beside(path):
            self.make_room()
        try:
            engine = await self.loaded(path)
        except Exception as error:  # whatever a broken file makes Rasa raise
            log.error("model.unusable", model=path.name, error=repr(error))
            if self._is_beside(path):
                self.beside = None
            return
        use(engine)
        await asyncio.to_thread(_renew_titles)
        self._engine = engine
        log.info("model.swapped", model=engine.model_id)
        await asyncio.to_thread(give_back)  # the old one's, but for turns that have not ended

    async def loaded(self, path: Path) -> Swappable:
        """Its engine, with all that trainers have saved. Raises whatever a broken file makes Rasa
        raise."""
        engine = await asyncio.to_thread(self._loaded, path)
        for text in _PROBES:
            if not (await engine.parse(text)).get("intent"):
                raise ValueError("it understands nothing")
        return engine

    def _loaded(self, path: Path) -> Swappable:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_YIELDS_EVERY_S)  # buyers' turns go first
        try:
            try_tables()
            forget_tables()
            beside = self.beside if self._is_beside(path) else None
            engine = beside or self._load(path)
            engine.live.follow(self._root, self._own)
            engine.live.refresh()
        finally:
            sys.setswitchinterval(usual)
        return engine

    def _is_beside(self, path: Path) -> bool:
        """Whether this is the one that answers a share of chats: it is loaded."""
        return self.beside is not None and self.beside.model_path.name == path.name


def _renew_titles() -> None:
    try:
        renew_titles()
    except Exception as error:  # the edge to a file that people write by hand
        log.warning("live.file_ignored", file="data/patterns/intent_titles.yml", why=str(error))


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
