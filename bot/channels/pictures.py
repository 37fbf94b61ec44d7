"""Pictures of talks: what they claim to be is checked, and only their pixels are kept."""

from __future__ import annotations

import asyncio
import os
import shutil
import struct
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from bot.channels import drawing
from bot.conversations.service import Unsendable
from bot.conversations.tables import messages, pictures
from bot.database import Database, DatabaseUnavailable

LARGEST_BYTES = 8 * 1024 * 1024
MOST_OF_A_CONVERSATION = 100
UNUSED_FOR = timedelta(hours=1)
_UNUSED_WHEN_FULL_FOR = timedelta(minutes=2)  # a page sends a picture seconds after it is kept
_AT_ONCE = 2  # each takes a processor and up to 768 MB
_WAITING_OF_ONE_ORIGIN = 3
_DRAWN_WITHIN_S = 20.0
_LOOKED_BACK = timedelta(hours=25)


@dataclass(frozen=True, kw_only=True)
class StoredPicture:
    picture_id: str
    width: int
    height: int

    def as_message(self) -> dict[str, Any]:
        return {
            "picture_id": self.picture_id,
            "url": f"/uploads/{self.picture_id}",
            "width": self.width,
            "height": self.height,
        }


class Pictures:
    def __init__(
        self,
        database: Database,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        most_bytes: int = 5 * 1024**3,
    ) -> None:
        """`most_bytes`: what all pictures together may take on the disk."""
        self._database, self._folder, self._clock = database, folder, clock
        self._most_bytes = most_bytes
        self._kept_bytes: int | None = None  # counted when first needed
        self._drawing = asyncio.Semaphore(_AT_ONCE)
        self._waiting: Counter[str] = Counter()

    async def keep(
        self, conversation_id: str, content: bytes, *, origin: str = ""
    ) -> StoredPicture:
        """Stores the picture anew, without metadata. `origin`: the address range it comes from.

        Raises Unsendable where it is none or is one too many, DatabaseUnavailable where there is
        no place for it.
        """
        _demand_size(content)
        await self._demand_room_of(conversation_id)
        return await self.store(content, partial(self._add, conversation_id), origin=origin)

    async def store(
        self, content: bytes, write: Callable[[Connection, StoredPicture], None], *, origin: str
    ) -> StoredPicture:
        """As `keep`, for a picture of no talk: `write` keeps its row, and what it raises ends it."""
        _demand_size(content)
        await self._demand_room()
        if self._waiting[origin] >= _WAITING_OF_ONE_ORIGIN:
            raise Unsendable("too_fast", "前面几张还在处理，等一下再发")
        self._waiting[origin] += 1
        try:
            async with self._drawing:
                pixels, size = await _redrawn(content)
        finally:
            self._waiting[origin] -= 1
            if not self._waiting[origin]:
                del self._waiting[origin]
        picture = StoredPicture(picture_id=uuid.uuid4().hex, width=size[0], height=size[1])
        await asyncio.to_thread(self._write, picture.picture_id, pixels)
        await self._keep_row(picture, write)
        self._kept_bytes = (self._kept_bytes or 0) + len(pixels)
        return picture

    async def copy(self, conversation_id: str, picture: StoredPicture) -> StoredPicture | None:
        """The same picture as one of this talk's own: each lives as long as its talk does.

        None where there is no such file. Raises Unsendable, DatabaseUnavailable.
        """
        await self._demand_room_of(conversation_id)
        await self._demand_room()
        own = replace(picture, picture_id=uuid.uuid4().hex)
        if not await asyncio.to_thread(self._link, picture.picture_id, own.picture_id):
            return None
        await self._keep_row(own, partial(self._add, conversation_id))
        return own

    async def _keep_row(
        self, picture: StoredPicture, write: Callable[[Connection, StoredPicture], None]
    ) -> None:
        try:
            await self._database.run(write, picture)
        except BaseException:
            self._file(picture.picture_id).unlink(missing_ok=True)
            raise

    async def of_conversation(self, conversation_id: str, picture_id: str) -> StoredPicture | None:
        """None for a picture of somebody else's chat."""

        def read(connection: Connection) -> StoredPicture | None:
            query = select(pictures.c.width, pictures.c.height).where(
                pictures.c.picture_id == picture_id,
                pictures.c.conversation_id == conversation_id,
            )
            row = connection.execute(query).first()
            if row is None:
                return None
            return StoredPicture(picture_id=picture_id, width=row.width, height=row.height)

        return await self._database.read(read)

    def path(self, picture_id: str) -> Path | None:
        """The file; None where there is none. Ids are unguessable, and are the right to look."""
        if not (picture_id.isalnum() and picture_id.isascii()):
            return None
        path = self._file(picture_id)
        return path if path.is_file() else None

    async def forget_unused(self, *, all_of_them: bool = False) -> int:
        """Deletes uploads that no message has shown within UNUSED_FOR; how many.

        Those older than a day have been looked at before, unless nobody looked then (a start).
        """
        now = self._clock()
        since = None if all_of_them else now - _LOOKED_BACK
        unused = await self._database.run(_take_unused, since, now - UNUSED_FOR)
        self.forget(unused)
        return len(unused)

    def forget(self, picture_ids: Sequence[str]) -> None:
        """Files whose rows are gone."""
        for picture_id in picture_ids:
            self._file(picture_id).unlink(missing_ok=True)
        if picture_ids:
            self._kept_bytes = None

    async def _demand_room_of(self, conversation_id: str) -> None:
        def count(connection: Connection) -> int:
            query = select(func.count()).where(pictures.c.conversation_id == conversation_id)
            return int(connection.execute(query).scalar() or 0)

        if await self._database.read(count) >= MOST_OF_A_CONVERSATION:
            raise Unsendable("too_many_pictures", "这个对话里的图片太多啦，用文字说说看吧")

    async def _demand_room(self) -> None:
        """Where there is none, what nobody has sent gives way: strangers from many ranges, each
        within its limit, shall not keep buyers' pictures out until the next hour."""
        if not await self._is_full():
            return
        now = self._clock()
        span = (now - _LOOKED_BACK, now - _UNUSED_WHEN_FULL_FOR)
        self.forget(await self._database.run(_take_unused, *span))
        if await self._is_full():
            raise DatabaseUnavailable("the pictures take all the place they may")

    async def _is_full(self) -> bool:
        if self._kept_bytes is None:
            self._kept_bytes = await asyncio.to_thread(self._measured)
        return self._kept_bytes >= self._most_bytes

    def _measured(self) -> int:
        if not self._folder.is_dir():
            return 0
        files = [entry for entry in os.scandir(self._folder) if entry.is_file()]
        return sum({entry.inode(): entry.stat().st_size for entry in files}.values())

    def _file(self, picture_id: str) -> Path:
        return self._folder / f"{picture_id}.jpg"

    def _write(self, picture_id: str, pixels: bytes) -> None:
        """Whole or not at all. Raises DatabaseUnavailable where the disk takes nothing."""
        draft = self._folder / f"{picture_id}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(pixels)
            draft.replace(self._file(picture_id))
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise DatabaseUnavailable(f"pictures: {error.strerror}") from error

    def _link(self, picture_id: str, own_id: str) -> bool:
        """The file under another name too, without taking place twice where that can be had."""
        there, own = self._file(picture_id), self._file(own_id)
        try:
            try:
                os.link(there, own)
            except FileNotFoundError:
                return False
            except OSError:  # a file system without links
                shutil.copyfile(there, own)
        except OSError as error:
            own.unlink(missing_ok=True)
            raise DatabaseUnavailable(f"pictures: {error.strerror}") from error
        return True

    def _add(self, conversation_id: str, connection: Connection, picture: StoredPicture) -> None:
        connection.execute(
            pictures.insert().values(
                picture_id=picture.picture_id,
                conversation_id=conversation_id,
                file_name=f"{picture.picture_id}.jpg",
                width=picture.width,
                height=picture.height,
                taken_at=self._clock(),
            )
        )


def _demand_size(content: bytes) -> None:
    if len(content) > LARGEST_BYTES:
        raise too_large()


def too_large() -> Unsendable:
    return Unsendable("picture_too_large", "图片太大啦，请发 8MB 以内的")


def _take_unused(connection: Connection, since: datetime | None, until: datetime) -> list[str]:
    query = select(pictures.c.picture_id, pictures.c.conversation_id).where(
        pictures.c.taken_at < until
    )
    if since is not None:
        query = query.where(pictures.c.taken_at >= since)
    candidates = connection.execute(query).all()
    shown: dict[str, set[str]] = {}
    for conversation_id in {row.conversation_id for row in candidates}:
        sent = select(messages.c.picture).where(messages.c.conversation_id == conversation_id)
        shown[conversation_id] = {
            picture["picture_id"] for picture in connection.execute(sent).scalars() if picture
        }
    unused = [
        row.picture_id for row in candidates if row.picture_id not in shown[row.conversation_id]
    ]
    for start in range(0, len(unused), 500):
        some = unused[start : start + 500]
        connection.execute(delete(pictures).where(pictures.c.picture_id.in_(some)))
    return unused


async def _redrawn(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """A JPEG of the pixels alone, upright, and its size. Raises Unsendable."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(Path(drawing.__file__)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        drawn, _ = await asyncio.wait_for(process.communicate(content), _DRAWN_WITHIN_S)
    except asyncio.TimeoutError:
        drawn = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == drawing.TOO_MANY_PIXELS:
        raise too_large()
    if process.returncode != 0 or len(drawn) <= 8:
        raise Unsendable("not_a_picture", "这个文件打不开，请发 jpg、png、webp 或 gif 图片")
    return drawn[8:], struct.unpack(">II", drawn[:8])
