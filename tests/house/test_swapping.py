"""A new model takes the old one's place while buyers write: no line is lost and none answered twice."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import create_app
from bot.channels.keys import TURNS
from bot.conversations.messages import Author
from bot.dialogue.files import read_matters
from bot.dialogue.table_file import TableError
from bot.engine.turns import Said, Speaker, TurnResult
from bot.model_watch import ModelWatch
from bot.settings import Settings
from bot.training.beside import TrainingBeside
from tests.house.conftest import Chat
from tests.house.models import Model
from tests.house.scripted import ScriptedEngine, result
from tests.support.house import House, copied_database
from tests.support.waiting import PATIENCE_S, in_time, until

SWAPS, CHATS, LINES = 10, 20, 50
EVERY_S = 0.01


class Swaps:
    """A folder of models, a watch on it, and the house that is given each."""

    def __init__(self, folder: Path, house: House, load: Callable[[Path], Any] = Model) -> None:
        self.folder, self.house = folder, house
        self._count = 0
        self.current = Model(self.train())
        house.turns.use_engine(self.current)
        self.watch = ModelWatch(
            self.current, folder, models=folder, load=load, looks_every_s=EVERY_S
        )

    def train(self, content: str = "") -> Path:
        self._count += 1
        path = self.folder / f"model-{self._count}.tar.gz"
        path.write_text(content)
        os.utime(path, (self._count, self._count))
        return path

    def use(self, engine: Any) -> None:
        self.current = engine
        self.house.turns.use_engine(engine)

    @asynccontextmanager
    async def running(self) -> Any:
        task = asyncio.create_task(self.watch.run(self.use))
        yield
        task.cancel()
        await in_time(asyncio.wait([task]), "the end of a task that was cancelled")

    async def until(self, path: Path) -> None:
        await until(lambda: self.current.model_path == path)


def refused(logs: Any) -> Callable[[], bool]:
    return lambda: any(one["event"] == "model.unusable" for one in logs)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_of_a_thousand_lines_across_ten_swaps_none_is_lost_or_answered_twice(
    house: House, models: Path
) -> None:
    swaps = Swaps(models, house)
    chats = [await Chat.with_visitor(house) for _ in range(CHATS)]
    share = CHATS * LINES // (SWAPS + 2)
    done, most = 0, share + 2 * CHATS

    def may_go_on() -> bool:
        return done < most

    async def talk(chat: Chat) -> None:
        nonlocal done
        for number in range(LINES):
            await until(
                may_go_on, 2 * PATIENCE_S
            )  # each model says some, however long a swap takes
            await chat.ask(f"{chat.id} {number}")
            done += 1

    async def swap() -> None:
        nonlocal most
        for number in range(SWAPS):
            await until(lambda number=number: done >= (number + 1) * share)  # type: ignore[misc]
            await swaps.until(swaps.train())
            most += share
        most = CHATS * LINES

    async with swaps.running():
        await asyncio.gather(*map(talk, chats), swap())
    said = [text for chat in chats for text in await chat.by(Author.BOT)]
    answered = Counter(text.split(": ", 1)[1] for text in said)
    assert answered == Counter(f"{chat.id} {n}" for chat in chats for n in range(LINES))
    assert len({text.split(": ")[0] for text in said}) == SWAPS + 1  # the swaps did happen
    assert house.turns.model_id == "model-11.tar"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_turn_that_has_begun_ends_with_the_model_it_began_with(
    house: House, models: Path
) -> None:
    swaps = Swaps(models, house)
    chat = await Chat.with_visitor(house)
    slow = asyncio.Event()
    began = asyncio.Event()

    async def answer(
        conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        began.set()
        await slow.wait()
        return result("model-1")

    swaps.current.answer = answer  # type: ignore[method-assign]
    async with swaps.running():
        first = asyncio.create_task(chat.ask("有货吗"))
        await in_time(began.wait(), "a turn to begin")
        await swaps.until(swaps.train())
        slow.set()
        await first
        await chat.ask("包邮吗")
    assert await chat.by(Author.BOT) == ["model-1", "model-2.tar: 包邮吗"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_model_that_cannot_be_used_is_told_and_passed_over(
    house: House, models: Path
) -> None:
    def load(path: Path) -> Model:
        if path.read_text() == "cut off":
            raise EOFError("Compressed file ended")
        return Model(path)

    swaps = Swaps(models, house, load)
    with capture_logs() as logs:
        async with swaps.running():
            broken = swaps.train("cut off")
            await until(refused(logs))
            assert swaps.current.model_path.name == "model-1.tar.gz"
            await asyncio.sleep(5 * EVERY_S)
            await swaps.until(swaps.train())
    told = [one for one in logs if one["event"] == "model.unusable"]
    assert [one["model"] for one in told] == [broken.name]  # once


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_model_that_understands_nothing_does_not_answer_buyers(
    house: House, models: Path
) -> None:
    class Deaf(Model):
        async def parse(self, text: str) -> dict[str, object]:
            return {}

    swaps = Swaps(models, house, Deaf)
    with capture_logs() as logs:
        async with swaps.running():
            swaps.train()
            await until(refused(logs))
    assert swaps.current.model_id == "model-1.tar"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_tables_come_with_the_model_and_a_broken_one_keeps_both(
    house: House, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_matters()
    swaps = Swaps(models, house)
    async with swaps.running():
        await swaps.until(swaps.train())
    assert read_matters() is not before  # read anew

    def broken() -> None:
        raise TableError("matters.yml:3: …")

    kept = read_matters()
    monkeypatch.setattr("bot.model_watch.try_tables", broken)
    with capture_logs() as logs:
        async with swaps.running():
            swaps.train()
            await until(refused(logs))
    assert swaps.current.model_id == "model-2.tar"
    assert read_matters() is kept


def write(folder: Path, file: str, content: str) -> None:
    """Whole at once: a look between its name and its words would count twice."""
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    half = folder / "half"
    half.write_text(content, "utf-8")
    half.replace(folder / file)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_tables_and_word_lists_are_read_when_they_are_saved_by_both_that_answer(
    house: House, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swaps = Swaps(models, house)
    swaps.watch.beside = Model(models / "beside.tar.gz")
    read: Counter[str] = Counter()
    for name, engine in (("old", swaps.current), ("new", swaps.watch.beside)):
        engine.read_tables = lambda name=name: read.update([f"{name} tables"])  # type: ignore[misc, method-assign]
        engine.live.read_words = lambda name=name: read.update([f"{name} words"])  # type: ignore[misc, method-assign]
    async with swaps.running():
        write(models, "data/dialogue/said.yml", "a: b\n")
        await until(lambda: read["new tables"] == 1)
        write(models, "data/patterns/entities/cues.yml", "cue: {}\n")
        await until(lambda: read["new words"] == 1)

        def broken() -> None:
            raise TableError("said.yml:3: …")

        monkeypatch.setattr("bot.model_watch.try_tables", broken)
        with capture_logs() as logs:
            write(models, "data/dialogue/said.yml", "a: broken\n")
            await until(lambda: any(one["event"] == "live.file_ignored" for one in logs))
    assert read == {"old tables": 1, "new tables": 1, "old words": 1, "new words": 1}


def training(script: str) -> TrainingBeside:
    return TrainingBeside(Path(), command=(sys.executable, "-c", script))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_is_trained_beside_is_put_in_place_without_a_restart(
    house: House, models: Path
) -> None:
    first = Model(models / "first-1.tar.gz")
    first.model_path.touch()
    os.utime(first.model_path, (1, 1))
    house.turns.use_engine(first)
    whole = models / "whole.tar.gz"
    beside = training(f"import pathlib; pathlib.Path({str(whole)!r}).touch()")
    watch = ModelWatch(
        first, models, models=models, load=Model, train=beside.run, looks_every_s=EVERY_S
    )
    task = asyncio.create_task(watch.run(house.turns.use_engine))
    await until(lambda: house.turns.model_id == "whole.tar")
    task.cancel()
    await in_time(asyncio.wait([task]), "the end of a task that was cancelled")


async def test_a_training_beside_that_fails_is_told_and_the_small_model_stays() -> None:
    with capture_logs() as logs:
        await training("raise SystemExit(3)").run()
    assert [one["event"] for one in logs] == ["model.training_failed"]


async def test_a_training_beside_ends_with_the_house(tmp_path: Path) -> None:
    script = (
        "import pathlib, signal, sys, time\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "def end(*_):\n"
        "    (folder / 'ended').touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "(folder / 'begun').touch()\n"
        "time.sleep(60)\n"
    )
    task = asyncio.create_task(training(script).run())
    await until((tmp_path / "begun").exists)
    task.cancel()
    await in_time(asyncio.wait([task]), "the end of a task that was cancelled")
    assert (tmp_path / "ended").exists()


async def test_nobody_holds_an_engine_that_another_one_has_followed(
    house_settings: Settings, seeded: Path, tmp_path: Path
) -> None:
    """It would keep a whole model in memory, and read the memories of newer ones by older rules."""
    database = copied_database(seeded, tmp_path)
    first = ScriptedEngine()
    app = create_app(house_settings, database=database, engine=first)
    held = weakref.ref(first)
    app[TURNS].use_engine(ScriptedEngine())
    del first
    gc.collect()
    assert held() is None
    database.close()
