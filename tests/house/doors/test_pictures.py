"""Buyers' pictures: what they claim to be is checked, and only their pixels are kept."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from PIL import Image
from yarl import URL

from tests.house.server import Server


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    mode = options.pop("mode", "RGB")
    out = io.BytesIO()
    Image.new(mode, size, options.pop("colour", "red")).save(out, kind, **options)
    return out.getvalue()


async def upload(
    server: Server, token: str, content: bytes, name: str = "a.jpg", **more: str
) -> Any:
    """`more`: headers."""
    form = FormData()
    form.add_field("file", content, filename=name, content_type="image/jpeg")
    headers = {"Authorization": f"Bearer {token}", **more}
    return await server.client.post("/api/chat/pictures", data=form, headers=headers)


async def kept(server: Server, content: bytes) -> Image.Image:
    """The picture as it is served after the upload."""
    token = (await server.session())["token"]
    answer = await upload(server, token, content)
    assert answer.status == 200, await answer.text()
    served = await server.client.get((await answer.json())["url"])
    assert served.headers["Content-Type"] == "image/jpeg"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    return Image.open(io.BytesIO(await served.read()))


async def refusal(server: Server, content: bytes) -> tuple[int, str]:
    token = (await server.session())["token"]
    answer = await upload(server, token, content)
    return answer.status, (await answer.json())["error"]["code"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_usual_pictures_are_kept_as_jpeg(server: Server, kind: str) -> None:
    found = await kept(server, picture(kind))
    assert (found.format, found.size) == ("JPEG", (60, 40))


async def test_place_and_camera_are_stripped(server: Server) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    found = await kept(server, picture(exif=exif))
    assert not found.getexif()
    assert b"Maker" not in found.info.get("exif", b"")


async def test_a_picture_taken_upright_stays_upright(server: Server) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    assert (await kept(server, picture(exif=exif))).size == (40, 60)


async def test_see_through_parts_become_white(server: Server) -> None:
    found = await kept(server, picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert found.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


async def test_large_pictures_are_made_smaller(server: Server) -> None:
    assert (await kept(server, picture(size=(4000, 3000)))).size == (1920, 1440)


async def test_twenty_megabytes_are_refused(server: Server) -> None:
    assert await refusal(server, b"\xff" * 20 * 1024 * 1024) == (413, "picture_too_large")


@pytest.mark.parametrize(
    "content",
    [
        b"just a text named .jpg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.4",
        b"",
        picture()[:200],
        picture("PNG")[:60],
        picture("TIFF"),
    ],
    ids=["text", "svg", "pdf", "nothing", "half a jpeg", "half a png", "tiff"],
)
async def test_what_is_no_picture_is_refused(server: Server, content: bytes) -> None:
    assert await refusal(server, content) == (422, "not_a_picture")


def bomb() -> bytes:
    """A PNG of 200 bytes that says it unpacks to 40,000 × 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


async def test_a_bomb_does_not_go_off(server: Server) -> None:
    status, code = await refusal(server, bomb())
    assert (status, code) in ((422, "not_a_picture"), (413, "picture_too_large"))


async def test_pictures_need_a_token(server: Server) -> None:
    answer = await upload(server, "forged", picture())
    assert answer.status == 401


async def test_somebody_elses_picture_cannot_be_sent(server: Server) -> None:
    owner = (await server.session())["token"]
    picture_id = (await (await upload(server, owner, picture())).json())["picture_id"]
    thief = await server.connect()
    frame = {"type": "send", "id": "p", "kind": "picture", "picture_id": picture_id}
    await thief.ws.send_json(frame)
    assert (await thief.until("error"))["error"]["code"] == "unknown_picture"


async def test_a_sent_picture_is_told_to_the_bot(server: Server) -> None:
    socket = await server.connect()
    answer = await upload(server, socket.token, picture())
    picture_id = (await answer.json())["picture_id"]
    frame = {"type": "send", "id": "p", "kind": "picture", "picture_id": picture_id}
    await socket.ws.send_json(frame)
    await socket.said_by("bot")
    payload = server.engine.heard[0][0].payload
    assert payload is not None
    assert (payload.intent, payload.entities) == ("send_picture", {"picture": picture_id})


@pytest.mark.parametrize("picture_id", ["nobody", "..%2fsecret_key", "%2e%2e", "a.b"])
async def test_no_other_file_is_served(server: Server, picture_id: str) -> None:
    address = URL(f"/uploads/{picture_id}", encoded=True)
    assert (await server.client.get(address)).status == 404


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("image/jpeg", 415), ("multipart/form-data", 400), ("multipart/form-data; boundary=x", 400)],
)
async def test_a_broken_form_is_refused(server: Server, content_type: str, status: int) -> None:
    token = (await server.session())["token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
    answer = await server.client.post("/api/chat/pictures", data=b"junk", headers=headers)
    assert answer.status == status
    assert set((await answer.json())["error"]) == {"code", "message"}


async def test_a_form_without_a_file_is_refused(server: Server) -> None:
    token = (await server.session())["token"]
    form = FormData()
    form.add_field("other", b"x", filename="x")
    headers = {"Authorization": f"Bearer {token}"}
    answer = await server.client.post("/api/chat/pictures", data=form, headers=headers)
    assert (await answer.json())["error"]["code"] == "no_file"


@pytest.fixture
async def shop_with_pictures(open_server: Callable[..., Any], tmp_path: Path) -> Server:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "shoe.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "floors.yml").write_text("floor: 1")
    (tmp_path / "secret.svg").write_text("<svg/>")
    opened: Server = await open_server(pictures=folder)
    return opened


async def test_the_shops_own_pictures_may_style_themselves_and_no_more(
    shop_with_pictures: Server,
) -> None:
    answer = await shop_with_pictures.client.get("/pictures/shoe.svg")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("name", ["nothing.svg", "%2e%2e%2fsecret.svg", "floors.yml"])
async def test_only_pictures_of_the_shop_are_served(shop_with_pictures: Server, name: str) -> None:
    address = URL(f"/pictures/{name}", encoded=True)
    assert (await shop_with_pictures.client.get(address)).status == 404


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((1080, 12000), (1080, 12000)), ((1440, 9600), (1080, 7200)), ((9000, 900), (9000, 900))],
)
async def test_a_long_screenshot_stays_readable(
    server: Server, size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    assert (await kept(server, picture("PNG", size))).size == wanted
