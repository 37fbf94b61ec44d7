"""Pictures of goods: put in by owners, checked as buyers' are, seen by buyers, kept while anything names them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels import keys
from bot.channels.pictures import LARGEST_BYTES, UNUSED_FOR
from bot.desk.goods_picture_views import forget_unused
from bot.desk.roles import Role
from bot.shop.editing import pictures
from tests.house.desk.conftest import Desk, SitDown
from tests.house.desk.test_agents_lines import png
from tests.house.desk.test_phrase_pictures import on_disk, posted
from tests.house.desk.test_shop_rows import pole, save
from tests.house.server import Server
from tests.support.house import Clock

POLE = "pole-biluan"


async def brought(owner: Desk) -> str:
    status, found = await posted(owner, "shop/pictures", png(), "新图.png")
    assert status == 200, found
    return str(found["url"])


async def shown(server: Server) -> Any:
    product = await server.app[keys.SHOP].product(POLE)
    assert product is not None
    return product.picture


async def test_a_picture_is_put_in_shown_to_buyers_and_taken_back(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    before = await shown(server)
    url = await brought(owner)
    status, saved = await save(owner, await pole(owner), picture=url)
    assert status == 200 and saved["details"] == ["图片有改动"]
    assert await shown(server) == url
    async with owner.client.get(f"{owner.address}{url}") as answer:
        assert answer.status == 200 and answer.content_type == "image/jpeg"
    _, audit = await owner.get("audit")
    assert any("图片有改动" in one["about"] for one in audit)
    assert (await owner.post(f"shop/changes/{saved['change_id']}/undo"))[0] == 200
    assert await shown(server) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_picture"),
        (b"<svg onload=alert(1)></svg>", "not_a_picture"),
        (b"MZ" + b"0" * 2000, "not_a_picture"),
        (b"\xff\xd8\xff" + b"0" * LARGEST_BYTES, "picture_too_large"),
    ],
    ids=["nothing", "drawing", "program", "large"],
)
async def test_what_is_no_picture_or_too_large_is_refused(
    server: Server, sit_down: SitDown, content: bytes, code: str
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    status, told = await posted(owner, "shop/pictures", content, "x.png")
    assert (status in (413, 422), told["error"]["code"]) == (True, code)
    assert not on_disk(server)


async def test_only_owners_put_pictures_in(server: Server, sit_down: SitDown) -> None:
    for name, role in (("主管", Role.SUPERVISOR), ("小李", Role.AGENT)):
        desk = await sit_down(name, role)
        assert (await posted(desk, "shop/pictures", png(), "x.png"))[0] == 403
    assert not on_disk(server)


async def test_a_shop_has_room_for_so_many(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    monkeypatch.setattr(pictures, "MOST", 1)
    await brought(owner)
    status, told = await posted(owner, "shop/pictures", png(), "x.png")
    assert (status, told["error"]["code"]) == (422, "too_many_pictures")


async def test_a_picture_stays_while_goods_or_what_can_be_taken_back_name_it(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    first, second, unused = [await brought(owner) for _ in range(3)]
    await save(owner, await pole(owner), picture=first)
    await save(owner, await pole(owner), picture=second)
    assert await forget_unused(server.app) == 0  # they may still be saved
    clock.now += UNUSED_FOR + timedelta(minutes=1)
    assert await forget_unused(server.app) == 1
    assert on_disk(server) == {one.rpartition("/")[2] for one in (first, second)}
    assert (await owner.post("shop/empty", confirm="清空"))[0] == 200
    assert await forget_unused(server.app) == 2  # nothing is left that could be taken back
    assert not on_disk(server) and unused
