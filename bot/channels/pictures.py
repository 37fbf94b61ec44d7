"""Buyers' pictures: what they claim to be is checked, and only their pixels are kept."""

from __future__ import annotations

import asyncio
import io
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.conversations.service import Unsendable
from bot.conversations.tables import pictures
from bot.database import Database

LARGEST_BYTES = 8 * 1024 * 1024
_LARGEST_PIXELS = 64_000_000  # phones take 50 million; a bomb of few bytes unpacks to gigabytes
_LONGEST_SIDE = 1920
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


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
    def __init__(self, database: Database, folder: Path, clock: Callable[[], datetime]) -> None:
        self._database, self._folder, self._clock = database, folder, clock
        self._one_at_a_time = asyncio.Lock()

    async def keep(self, conversation_id: str, content: bytes) -> StoredPicture:
        """Stores the picture anew, without metadata. Raises Unsendable where it is none."""
        if len(content) > LARGEST_BYTES:
            raise too_large()
        async with self._one_at_a_time:  # unpacked, a picture may take 250 MB
            pixels, size = await asyncio.to_thread(_redrawn, content)
        picture = StoredPicture(picture_id=uuid.uuid4().hex, width=size[0], height=size[1])
        await asyncio.to_thread(self._write, picture.picture_id, pixels)
        await self._database.run(self._add, conversation_id, picture)
        return picture

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
        path = self._folder / f"{picture_id}.jpg"
        return path if path.is_file() else None

    def _write(self, picture_id: str, pixels: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{picture_id}.jpg").write_bytes(pixels)

    def _add(self, connection: Connection, conversation_id: str, picture: StoredPicture) -> None:
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


def too_large() -> Unsendable:
    return Unsendable("picture_too_large", "图片太大啦,请发 8MB 以内的")


def _redrawn(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """A JPEG of the pixels alone, upright, at most 1920 on the longer side."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                if picture.width * picture.height > _LARGEST_PIXELS:
                    raise too_large()
                # JPEG is unpacked no larger than needed; other formats take no notice.
                picture.draft("RGB", (2 * _LONGEST_SIDE, 2 * _LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                upright = _on_white(upright)
    except Unsendable:
        raise
    except Exception as error:  # decoders raise whatever a broken or hostile file leads them to
        raise Unsendable(
            "not_a_picture", "这个文件打不开,请发 jpg、png、webp 或 gif 图片"
        ) from error
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=86)
    return out.getvalue(), upright.size


def _on_white(picture: Image.Image) -> Image.Image:
    """A cut-out's see-through parts as white, not as the black that JPEG would make of them."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    solid = picture.convert("RGBA")
    ground = Image.new("RGBA", solid.size, "white")
    return Image.alpha_composite(ground, solid).convert("RGB")
