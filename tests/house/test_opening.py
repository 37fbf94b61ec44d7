"""What keeps the house shut, told in one sentence before anything is woken."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from bot import opening
from bot.database import Database
from bot.opening import CannotOpen
from bot.settings import Settings
from bot.shop.embedded.tables import buyers
from tests.support.house import copied_database


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
