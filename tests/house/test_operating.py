"""What docs/operating.md prints is tried as it stands there: backup and restore, the unit, the roles."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image
from sqlalchemy.engine import make_url

from bot.channels.keys import SHOP, TOKENS
from bot.database import Database, upgrade
from bot.shop.words.dealing import Receiver, WantedLine
from tests.house.server import Server
from tests.shop.conftest import _execute, drop
from tests.support.operating import block, blocks
from tests.support.waiting import PATIENCE_S


def run(script: str, folder: Path, **environ: str) -> str:
    """What the commands print, in a folder. Fails where one of them does."""
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def demand(tool: str) -> None:
    if shutil.which(tool) is None:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(f"{tool} is demanded here and not installed")
        pytest.skip(f"{tool} is not installed")


class Day:
    """A buyer's talk, picture and payment: what must be there again."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.token = self.picture = self.number = ""

    async def passes(self) -> None:
        self.token = await self.server.buyer_token()
        socket = await self.server.connect(self.token)
        await socket.send("这是恢复后还要在的一句")
        await socket.said_by("bot")
        self.picture = await self._sends_a_picture()
        self.number = await self._pays()

    async def is_remembered_by(self, server: Server) -> bool:
        session = await server.session(token=self.token)
        texts = [message["text"] for message in session["messages"]]
        picture = await server.client.get(self.picture)
        order = await self._order(server, self.number)
        return (
            session["signed_in"]
            and "这是恢复后还要在的一句" in texts
            and picture.status == 200
            and order["status"] == "paid"
        )

    async def _sends_a_picture(self) -> str:
        buffer = io.BytesIO()
        Image.new("RGB", (32, 32), "teal").save(buffer, "PNG")
        form = aiohttp.FormData()
        form.add_field("file", buffer.getvalue(), filename="a.png", content_type="image/png")
        answer = await self.server.client.post(
            "/api/chat/pictures", data=form, headers={"Authorization": f"Bearer {self.token}"}
        )
        assert answer.status == 200
        return str((await answer.json())["url"])

    async def _pays(self) -> str:
        order = await self.server.app[SHOP].place_order(
            [WantedLine(product_id="pole-biluan", colour="蓝色", size="")],
            buyer_id=self.server.app[TOKENS].read(self.token).buyer_id,
            receiver=Receiver(name="王", phone="13900002222", address="杭州"),
            note="",
            request_id="day",
        )
        answer = await self.server.client.post(
            "/api/chat/demo/pay", json={"order_number": order.number, "token": self.token}
        )
        assert answer.status == 200
        return order.number

    async def _order(self, server: Server, number: str) -> dict[str, Any]:
        answer = await server.client.post(
            "/api/chat/demo/order", json={"order_number": number, "token": self.token}
        )
        found: dict[str, Any] = await answer.json()
        return found


async def test_what_was_backed_up_on_sqlite_is_there_again(
    open_server: Callable[..., Any], seeded: Path, tmp_path: Path
) -> None:
    demand("sqlite3")
    var = tmp_path / "var"
    var.mkdir()
    shutil.copyfile(seeded, var / "dianxiaoer.db")
    (var / "secret_key").write_text("k" * 48)
    place = {"var": var, "database_url": f"sqlite:///{var / 'dianxiaoer.db'}"}
    day = Day(await open_server(**place))
    await day.passes()
    # In a thread: the house goes on meanwhile.
    await asyncio.to_thread(run, block("bash", "# SQLite: back up"), tmp_path)
    await day.server.client.close()
    day.server.database.close()
    shutil.rmtree(var)
    (var_db,) = (tmp_path / "backup").glob("*.db")
    run(block("bash", "# SQLite: restore"), tmp_path, stamp=var_db.stem)
    assert (var / "secret_key").read_text() == "k" * 48
    assert await day.is_remembered_by(await open_server(**place))


@pytest.mark.postgres
async def test_what_was_backed_up_on_postgresql_is_there_again(
    open_server: Callable[..., Any], postgres_url: str, tmp_path: Path
) -> None:
    demand("pg_dump")
    url = make_url(postgres_url).set(drivername="postgresql")
    environ = {"DATABASE_URL": url.render_as_string(hide_password=False)}
    var = tmp_path / "var"
    var.mkdir()
    (var / "secret_key").write_text("k" * 48)
    place = {"var": var, "database_url": environ["DATABASE_URL"]}
    day = Day(await open_server(**place))
    await day.passes()
    await asyncio.to_thread(run, block("bash", "# PostgreSQL: back up"), tmp_path, **environ)
    await day.server.client.close()
    day.server.database.close()
    shutil.rmtree(var)
    destroy = 'psql --quiet "$DATABASE_URL" -c "DROP SCHEMA public CASCADE; CREATE SCHEMA public"'
    run(destroy, tmp_path, **environ)
    (dump,) = (tmp_path / "backup").glob("*.dump")
    run(block("bash", "# PostgreSQL: restore"), tmp_path, stamp=dump.stem, **environ)
    assert await day.is_remembered_by(await open_server(**place))


@pytest.mark.postgres
def test_the_role_that_is_printed_may_open_the_house(postgres_admin: Any) -> None:
    name = f"dianxiaoer_{uuid.uuid4().hex[:8]}"
    (script,) = blocks("sql")
    statements = script.replace("dianxiaoer", name).replace("…", "secret").split(";\n")
    try:
        for statement in filter(str.strip, statements):
            _execute(postgres_admin, statement)
        url = postgres_admin.url.set(username=name, password="secret", database=name)
        database = Database(url.render_as_string(hide_password=False))
        upgrade(database)
        database.close()
    finally:
        drop(postgres_admin, name)
        _execute(postgres_admin, f'DROP ROLE IF EXISTS "{name}"')


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    house = tmp_path / "house"
    (house / ".venv" / "bin").mkdir(parents=True)
    (house / ".venv" / "bin" / "python").symlink_to("/bin/true")
    unit = tmp_path / "dianxiaoer.service"
    (printed,) = blocks("ini")
    unit.write_text(printed.replace("/srv/dianxiaoer", str(house)), encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    # 0 is shut, 10 is open; without the hardening lines it is 9 and more.
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=25", str(unit)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert rated.returncode == 0, rated.stdout[-2000:] + rated.stderr


def test_the_upgrade_names_things_that_can_be_made() -> None:
    from tests.support.house import ROOT

    script = block("bash", "# upgrade").replace("make ", "make --dry-run --always-make ")
    assert "pip install" in run(script, ROOT)
