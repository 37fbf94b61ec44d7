"""Two models answer side by side: a chat sticks to its side, and ends where it is told to."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import bot.side_by_side
from bot.conversations.attempts import Side
from bot.conversations.messages import Author
from bot.conversations.tables import turns
from bot.model_watch import ModelWatch
from bot.publishing import releases, trials
from bot.publishing.releases import Release, Status
from bot.publishing.trials import NEEDED_BYTES, place_of
from bot.side_by_side import SideBySide, Sides, side_of
from bot.training.made_here import digest_of
from bot.trial_watch import TrialWatch
from tests.house.conftest import Chat
from tests.house.models import Model
from tests.support.house import House
from tests.support.waiting import until

OLD, NEW = "old.tar.gz", "new.tar.gz"
EVERY_S = 0.01
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_chat_is_drawn_once_and_another_trial_draws_anew() -> None:
    ids = [f"chat-{number}" for number in range(2000)]
    drawn = [side_of(one, 7, 0.2) for one in ids]
    assert drawn == [side_of(one, 7, 0.2) for one in ids]
    share = drawn.count(Side.NEW) / len(ids)
    assert 0.17 < share < 0.23  # of these very names: no chance in it
    assert drawn != [side_of(one, 8, 0.2) for one in ids]
    more = [side_of(one, 7, 0.5) for one in ids]  # a larger share keeps those it had
    assert all(now is Side.NEW for was, now in zip(drawn, more, strict=True) if was is Side.NEW)


def models_of(said: list[str]) -> set[str]:
    return {text.split(": ")[0] for text in said}


async def talked(house: House, chats: int = 16, lines: int = 3) -> list[list[str]]:
    """What each of some chats was told."""
    told = []
    for _ in range(chats):
        chat = await Chat.with_visitor(house)
        for number in range(lines):
            await chat.ask(f"有货吗 {number}")
        told.append(await chat.by(Author.BOT))
    return told


def of_turns(house: House) -> list[Any]:
    query = sa.select(turns.c.conversation_id, turns.c.trial, turns.c.side)
    return house.database.read_sync(lambda connection: connection.execute(query).all())


def beside(house: House) -> None:
    old, new = Model(Path(OLD)), Model(Path(NEW))
    both = SideBySide(old, new, trial=7, share=0.5)
    house.turns.use_engine(both, both.tried)


@SQLITE
async def test_a_chat_sticks_to_its_side_and_its_turns_tell_which(house: House) -> None:
    beside(house)
    told = await talked(house)
    assert all(len(models_of(said)) == 1 for said in told)
    assert set().union(*map(models_of, told)) == {"old.tar", "new.tar"}
    rows = of_turns(house)
    assert {row.side for row in rows} == {"present", "new"} and {row.trial for row in rows} == {7}
    assert all(row.side == side_of(row.conversation_id, 7, 0.5).value for row in rows)


@SQLITE
async def test_a_turn_that_fails_is_of_its_side_too(house: House) -> None:
    class Broken(Model):
        async def answer(self, *_: Any) -> Any:
            raise RuntimeError

    both = SideBySide(Broken(Path(OLD)), Broken(Path(NEW)), trial=7, share=0.5)
    house.turns.use_engine(both, both.tried)
    await talked(house, chats=8, lines=1)
    assert {row.side for row in of_turns(house)} == {"present", "new"}


@SQLITE
async def test_without_the_draw_by_name_chats_would_go_to_and_fro(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = itertools.cycle((Side.PRESENT, Side.NEW, Side.NEW))  # asked twice a turn
    monkeypatch.setattr(bot.side_by_side, "side_of", lambda *_: next(turn))
    beside(house)
    assert any(len(models_of(said)) == 2 for said in await talked(house))


@SQLITE
async def test_one_model_alone_leaves_no_side_on_the_turns(house: House) -> None:
    house.turns.use_engine(Model(Path(OLD)))
    await talked(house, chats=2)
    assert {(row.trial, row.side) for row in of_turns(house)} == {(None, "")}


class Trial:
    """A folder of models, a house with a watch on it, and a release that is tried."""

    def __init__(self, folder: Path, house: House, left: int | None = None) -> None:
        self.folder, self.house, self.left = folder, house, left
        self.loaded: list[str] = []
        self.most = 1  # engines in memory at once
        old = self.write(folder / OLD, 1)
        self.sides = Sides(house.turns.use_engine, Model(old))
        self.sides.use_present(self.sides.present)
        self.watch = ModelWatch(
            self.sides.present, folder, models=folder, load=self.load, looks_every_s=EVERY_S
        )
        self.trials = TrialWatch(
            house.database, folder, self.watch,
            clock=house.clock, left=lambda: self.left, looks_every_s=EVERY_S,
        )  # fmt: skip

    def write(self, path: Path, at: int, content: str = "whole") -> Path:
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        os.utime(path, (at, at))
        return path

    def load(self, path: Path) -> Model:
        self.most = max(self.most, 2 + self.is_on)
        if path.read_text() == "cut off":
            raise EOFError("Compressed file ended")
        self.loaded.append(path.name)
        return Model(path)

    def begin(self, content: str = "whole") -> None:
        path = self.write(place_of(self.folder, NEW), 2, content)
        self.house.database.run_sync(
            releases.add, at=self.house.clock(), by="小林", status=Status.TRYING,
            model=NEW, model_hash=digest_of(path), share=0.5,
        )  # fmt: skip

    @property
    def row(self) -> Release:
        return self.house.database.read_sync(releases.newest)[0]

    @property
    def is_on(self) -> bool:
        return isinstance(self.house.turns.engine, SideBySide)

    def ended(self, status: Status) -> Callable[[], bool]:
        return lambda: not self.is_on and self.row.status is status

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(self.watch.run(self.sides.use_present)),
            asyncio.create_task(self.trials.run(self.sides)),
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def trial(house: House, tmp_path: Path) -> Trial:
    folder = tmp_path / "models"
    folder.mkdir()
    return Trial(folder, house)


@SQLITE
async def test_what_is_dropped_answers_nobody_any_more(trial: Trial) -> None:
    async with trial.running():
        trial.begin()
        await until(lambda: trial.is_on)
        await asyncio.to_thread(
            trials.drop, trial.house.database, trial.folder, trial.house.clock, why="不用了"
        )
        await until(trial.ended(Status.DROPPED))
        assert models_of((await talked(trial.house, chats=1))[0]) == {"old.tar"}
    assert not place_of(trial.folder, NEW).exists()


@SQLITE
async def test_what_is_adopted_answers_all_and_is_not_loaded_again(trial: Trial) -> None:
    async with trial.running():
        trial.begin()
        await until(lambda: trial.is_on)
        await asyncio.to_thread(
            trials.adopt, trial.house.database, trial.folder, trial.house.clock, by="小林"
        )
        await until(lambda: trial.house.turns.model_id == "new.tar" and not trial.is_on)
    assert trial.loaded == [NEW]
    assert trial.row.status is Status.PUBLISHED


@SQLITE
async def test_where_memory_is_short_the_old_one_goes_on_alone_and_the_row_says_why(
    trial: Trial,
) -> None:
    trial.left = NEEDED_BYTES - 1
    async with trial.running():
        trial.begin()
        await until(lambda: "内存" in trial.row.why)
        assert not trial.is_on and trial.loaded == []
        assert trial.row.status is Status.TRYING


@SQLITE
async def test_a_file_that_is_broken_ends_it(trial: Trial) -> None:
    async with trial.running():
        trial.begin("cut off")
        await until(trial.ended(Status.DROPPED))
    assert "用不了" in trial.row.why and trial.loaded == []


@SQLITE
async def test_a_file_that_is_not_the_published_one_is_not_loaded(trial: Trial) -> None:
    trial.begin()
    place_of(trial.folder, NEW).write_text("another")
    async with trial.running():
        await until(trial.ended(Status.DROPPED))
    assert trial.loaded == []


@SQLITE
async def test_another_model_in_the_old_ones_place_ends_it(trial: Trial) -> None:
    async with trial.running():
        trial.begin()
        await until(lambda: trial.is_on)
        trial.write(trial.folder / "third.tar.gz", 3)
        await until(trial.ended(Status.DROPPED))
        await until(lambda: trial.house.turns.model_id == "third.tar")
    assert "没法再比" in trial.row.why
    assert trial.most == 2  # the one beside was let go of before the third was loaded


@SQLITE
async def test_it_goes_on_where_it_was_when_the_house_opens_again(trial: Trial) -> None:
    trial.begin()
    async with trial.running():
        await until(lambda: trial.is_on)
        before = await talked(trial.house, chats=4, lines=1)
    assert not trial.is_on
    async with trial.running():
        await until(lambda: trial.is_on)
    assert trial.row.status is Status.TRYING and before
