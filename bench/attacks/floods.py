"""K39 at its full size: one address floods; the desk, the others and the right digits go on."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator

from aiohttp import ClientSession, FormData, TCPConnector
from PIL import Image

from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.visitors import Desk, Refused, Visitor, new_address

SESSIONS, SOCKETS, PICTURES, UPLOADERS = 3000, 500, 200, 25
WITHIN_S = 2.0
TIMES_QUIET = 5  # or, on a busy machine, so many times what it takes before the flood
ORDER, TAIL = "6802000000000401", "1001"  # buyer-lulu's, on its way


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one() as house, Desk(house) as desk:
        reply, listed = await _others(house, desk)
        limit_reply, limit_list = (max(WITHIN_S, TIMES_QUIET * one) for one in (reply, listed))
        place = new_address()
        kept, megabytes = await _pictures(house, place)
        in_, refused = await _visitors(house, place)
        async with ClientSession(connector=TCPConnector(limit=0)) as flood:
            for _ in range(SOCKETS):
                await flood.ws_connect(
                    f"{house.address}/api/chat/socket", headers={"X-Forwarded-For": place}
                )
            reply, listed = await _others(house, desk)
        opened = await _right_digits(house)
    calm = f"(at most {limit_reply:.1f} and {limit_list:.1f} s)"
    yield Finding(
        "K39",
        f"{SESSIONS} visitors of one address",
        refused > SESSIONS / 2,
        f"{in_} came in and asked for a person, {refused} refused",
    )
    yield Finding(
        "K39",
        f"{PICTURES} pictures of {UPLOADERS} visitors",
        0 < kept < PICTURES,
        f"{kept} kept, {megabytes:.0f} MB",
    )
    yield Finding(
        "K39",
        f"others beside it and {SOCKETS} silent sockets",
        reply < limit_reply and listed < limit_list,
        f"a reply {reply:.1f} s, the desk's list {listed:.1f} s {calm}",
    )
    yield Finding(
        "K39",
        "the right digits after a stranger's wrong ones",
        opened,
        f"opened or asked for more: {opened}",
    )


async def _others(house: House, desk: Desk) -> tuple[float, float]:
    """Seconds of somebody else's reply, and of the desk's list."""
    async with Visitor(house) as other:
        began = time.monotonic()
        await other.say("包邮吗")
        reply = time.monotonic() - began
    began = time.monotonic()
    await desk.get("conversations")
    return reply, time.monotonic() - began


async def _visitors(house: House, place: str) -> tuple[int, int]:
    """How many came in, and were refused; each that came in asks for a person."""
    in_ = refused = 0
    for _ in range(SESSIONS):
        try:
            async with Visitor(house, address=place) as one:
                await one.send("转人工")
                await one.until(lambda one=one: bool(one.acks) or bool(one.errors))
                in_ += 1
        except Refused:
            refused += 1
    return in_, refused


async def _pictures(house: House, place: str) -> tuple[int, float]:
    content = io.BytesIO()
    Image.effect_noise((900, 700), 60).convert("RGB").save(content, "JPEG")
    kept = 0
    for _ in range(UPLOADERS):
        try:
            async with Visitor(house, address=place) as one:
                for _ in range(PICTURES // UPLOADERS):
                    form = FormData()
                    form.add_field("file", content.getvalue(), filename="a.jpg")
                    headers = {**one.headers, "Authorization": f"Bearer {one.token}"}
                    url = f"{house.address}/api/chat/pictures"
                    async with one.client.post(url, data=form, headers=headers) as answer:
                        kept += answer.status == 200
        except Refused:
            pass

    def size() -> float:
        uploads = house.folder / "var" / "uploads"
        return sum(path.stat().st_size for path in uploads.glob("*")) / 2**20

    return kept, await asyncio.to_thread(size)


async def _right_digits(house: House) -> bool:
    """Five wrong tries of a stranger; then family with the right ones: seen, or told what helps."""
    async with Visitor(house) as stranger:
        for wrong in range(5):
            await stranger.say(f"查一下订单 {ORDER} 尾号000{wrong}")
    async with Visitor(house) as family:
        said = await family.say(f"查一下订单 {ORDER} 尾号{TAIL}")
        cards = str([one.get("card") for one in family.said()])
    return "parcel" in cards or any("手机号" in line for line in said)
