"""A talk goes on over a swap of real models: what the buyer has told is not asked again."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from bot.database import Database
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.model_watch import ModelWatch
from bot.settings import Settings
from tests.house.conftest import Chat
from tests.support.house import Clock, House
from tests.support.waiting import in_time, until


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_talk_goes_on_where_it_was(
    engine: Engine, house_settings: Settings, database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = House(house_settings, database, engine, clock)
    chat = await Chat.with_visitor(house)
    await chat.ask("云袜羊毛徒步袜还有货吗")
    models = tmp_path / "models"
    models.mkdir()

    def load(path: Path) -> Engine:
        words = house_settings.shop.words
        return Engine.load(path, actions=InProcessActions(), words=words)

    watch = ModelWatch(engine, tmp_path, models=models, load=load, looks_every_s=0.05)
    used: list[Engine] = []

    def use(newer: object) -> None:
        assert isinstance(newer, Engine)
        used.append(newer)
        house.turns.use_engine(newer)

    task = asyncio.create_task(watch.run(use))
    newest = Path(shutil.copy(engine.model_path, models / "newer.tar.gz"))
    later = engine.model_path.stat().st_mtime + 60
    os.utime(newest, (later, later))
    await until(lambda: bool(used), within_s=120)
    task.cancel()
    await in_time(asyncio.wait([task]), "the watch to end")
    assert used[0] is not engine and used[0].model_path == newest
    said = await chat.ask("多少钱")
    assert any("袜" in one.text and "元" in one.text for one in said), [one.text for one in said]
