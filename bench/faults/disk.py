"""A6.6, A6.10, B: the disk runs full under a house, and has room again."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import FormData
from PIL import Image
from sqlalchemy.engine import make_url

from bench.faults.outages import pester_as
from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.visitors import Visitor

DISK_MB = 64
FULL_S = 20.0


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    """Needs the right to mount a small disk of its own."""
    with _small_disk(houses.folder / "disk") as folder:
        small = Houses(folder, houses.models, houses.postgres, is_short=houses.is_short)
        async with small.one() as house:
            yield await _full(house, folder)
            if houses.kind == "SQLite":
                yield await _killed_on_it(house, folder)


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True, timeout=30)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=30)


def _fill(folder: Path) -> Path:
    """A file that takes all that is left, to the last byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    return filler


async def _full(house: House, folder: Path) -> Finding:
    """Lines and a picture meanwhile; what was acknowledged is there afterwards."""
    uploads = house.folder / "var" / "uploads"
    async with Visitor(house) as buyer:
        await buyer.say("在吗")
        filler = await asyncio.to_thread(_fill, folder)
        until = time.monotonic() + FULL_S
        before = len(list(uploads.glob("*")))
        status = await _upload(buyer)
        left = len(list(uploads.glob("*"))) - before
        codes, waits, not_ready = await pester_as(buyer, lambda: time.monotonic() > until)
        filler.unlink()
        answered_s = await _answered_again(house)
    ready = await house.status("/readyz")
    sound = _is_sound(house)
    on_postgres = not house.database_url.startswith("sqlite")
    held = status == 503 and left <= 0 and not_ready > 0 and ready == 200 and sound
    held = held and (set(codes) <= {"unavailable"}) and answered_s < 30
    told = f"{dict(codes)}, longest {max(waits, default=0):.1f} s, readyz 503 × {not_ready}; "
    told += f"a picture {status}, {left} files left; answers {answered_s:.1f} s after"
    what = "a full disk beside PostgreSQL" if on_postgres else "a full disk"
    return Finding("A6.6, A6.10", what, held, told)


async def _upload(buyer: Visitor) -> int:
    content = io.BytesIO()
    Image.effect_noise((800, 600), 60).convert("RGB").save(content, "JPEG")
    form = FormData()
    form.add_field("file", content.getvalue(), filename="a.jpg")
    headers = {**buyer.headers, "Authorization": f"Bearer {buyer.token}"}
    url = f"{buyer.house.address}/api/chat/pictures"
    async with buyer.client.post(url, data=form, headers=headers) as answer:
        await answer.read()
        return answer.status


async def _answered_again(house: House) -> float:
    """Seconds until a new buyer is answered."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        try:
            async with Visitor(house) as buyer:
                if await buyer.say("包邮吗"):
                    break
        except Exception as error:  # the edge of a trial: the house may still refuse
            print(f"   not yet: {error!r}"[:120])
            await asyncio.sleep(0.5)
    return time.monotonic() - began


async def _killed_on_it(house: House, folder: Path) -> Finding:
    """Killed on a full disk: it says so at the start, and opens once there is room."""
    async with Visitor(house) as buyer:
        own_id = await buyer.send("在吗")
        await buyer.until(lambda: own_id in buyer.acks)
        filler = await asyncio.to_thread(_fill, folder)
        house.kill()
        before = len(house.said())
        process = house.launch()
        refused = await asyncio.to_thread(_ended, process, 180.0)
        said = house.said()[before:]
        filler.unlink()
        if not refused:
            house.kill()
        await house.open()
        await buyer.connect()
        await buyer.listen(5)
        answered = any(one["seq"] > buyer.acks[own_id] for one in buyer.said())
    told = "refused to open" if refused else "opened on it"
    told += f", {'with a traceback' if 'Traceback' in said else 'in a sentence'}; "
    told += f"the line is answered afterwards: {answered}"
    return Finding("B", "killed on a full disk", answered and "Traceback" not in said, told)


def _ended(process: subprocess.Popen[bytes], within_s: float) -> bool:
    """Whether it gave up by itself; where it opened, it would serve for ever."""
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def _is_sound(house: House) -> bool:
    if not house.database_url.startswith("sqlite"):
        return True
    path = str(make_url(house.database_url).database)
    with sqlite3.connect(path) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
