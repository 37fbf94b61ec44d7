"""What keeps the house shut, told in one sentence before anything is woken."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy.engine import Connection

from bot import opening
from bot.app import create_app
from bot.database import Database
from bot.opening import CannotOpen
from bot.settings import Settings
from bot.shop.embedded.tables import buyers
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine
from tests.support.house import House, copied_database


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, and no folder")
    with pytest.raises(CannotOpen, match="DIANXIAOER_VAR"):
        opening.demand_folder(tmp_path / "var")


def test_a_second_house_on_one_file_is_refused_until_the_first_is_shut(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    first = opening.lock_database(database)
    with pytest.raises(CannotOpen, match="另一个店小二"):
        opening.lock_database(database)
    assert first is not None
    os.close(first)
    second = opening.lock_database(database)
    assert second is not None
    os.close(second)


async def test_without_the_lock_two_houses_would_wake_the_same_buyer(house: House) -> None:
    """The negative control."""
    chat = await Chat.with_visitor(house)
    await chat.write("在吗")
    second = house.restarted()
    assert [await one.turns.resume() for one in (house, second)] == [1, 1]
    await second.turns.close()


async def test_were_the_port_tried_last_buyers_would_be_woken_by_a_house_that_does_not_open(
    house: House, scripted: ScriptedEngine
) -> None:
    """The negative control: as aiohttp does it by itself."""
    await (await Chat.with_visitor(house)).write("在吗")
    app = create_app(house.settings, database=house.database, engine=scripted, clock=house.clock)
    runner = web.AppRunner(app)
    with socket.create_server(("127.0.0.1", 0)) as other:
        await runner.setup()
        with pytest.raises(OSError):
            await web.TCPSite(runner, "127.0.0.1", other.getsockname()[1]).start()
    await scripted.heard_turns(1)
    await runner.cleanup()


async def test_without_the_look_at_its_folder_a_house_would_open_that_keeps_nothing(
    open_server: Callable[..., Any],
) -> None:
    """The negative control; readiness, the second guard, still tells of it."""
    server = await open_server(var=Path("/proc/self"), desk_password="a long password")
    assert (await server.client.get("/healthz")).status == 200
    assert (await (await server.client.get("/readyz")).json())["disk"]


def test_a_port_in_use_is_told_and_nothing_stays_bound() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotOpen, match="PORT"):
            opening.bind("127.0.0.1", port)
    for one in opening.bind("127.0.0.1", port):
        one.close()


def test_a_host_that_is_none_is_told() -> None:
    with pytest.raises(CannotOpen, match="HOST=no"):
        opening.bind("no.such.host.invalid", 0)


def test_demo_opens_on_the_demos_buyers_alone(
    settings: Settings, seeded: Path, tmp_path: Path
) -> None:
    database = copied_database(seeded, tmp_path)
    demo = replace(settings, demo=True)
    opening.demand_demo_data(demo, database)
    database.run_sync(_add_a_real_buyer)
    with pytest.raises(CannotOpen, match="DEMO=1"):
        opening.demand_demo_data(demo, database)
    opening.demand_demo_data(replace(settings, demo=False), database)
    database.close()


def _add_a_real_buyer(connection: Connection) -> None:
    empty = dict.fromkeys(("about", "receiver_name", "phone", "address"), "")
    connection.execute(buyers.insert().values(buyer_id="u-1", nickname="真买家", **empty))
