"""What is an agent's own is the same in every browser of theirs, and nobody else's."""

from __future__ import annotations

import asyncio

from bot.desk.own import keep_seen
from tests.house.conftest import Chat
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.desk.test_telling import Page
from tests.house.server import Server


async def test_what_is_read_in_one_browser_is_read_in_the_other(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    here, there = await Page.opened(lee), await Page.opened(lee)
    hers = await Page.opened(wang)
    assert await lee.at(talk, "seen", seq=2) == (200, {})
    for page in (here, there):
        while (frame := await page.next())["type"] != "seen":
            pass
        assert frame == {"type": "seen", "conversation_id": talk, "seq": 2}
    assert (await own(lee))["seen"] == {talk: 2}
    assert (await own(wang))["seen"] == {}
    await wang.at(talk, "notes", text="完")  # comes after whatever she could have heard
    while (frame := await hers.next())["type"] != "note":
        assert frame["type"] != "seen"


async def test_a_mark_goes_neither_back_nor_past_what_was_said(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    last = (await lee.reads(talk))["conversation"]["last_seq"]
    for seq in (last + 100, 1):
        await lee.at(talk, "seen", seq=seq)
        assert (await own(lee))["seen"] == {talk: last}
    assert (await lee.at(talk, "seen", seq="x"))[0] == 422
    assert (await lee.at("nobody", "seen", seq=1))[0] == 404


async def test_marks_of_talks_that_are_over_are_not_told(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "seen", seq=1)
    await lee.at(talk, "take")
    await lee.at(talk, "close", seen=1000)
    assert (await own(lee))["seen"] == {}


async def test_switches_are_the_accounts(server: Server, sit_down: SitDown) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    assert (await own(lee))["notices"] == {"sound": True, "desktop": False}
    assert await lee.post("notices", sound=False, desktop=True) == (200, {})
    again = Desk(server, "小李")
    await again.sign_in()
    assert (await own(again))["notices"] == {"sound": False, "desktop": True}
    assert (await own(wang))["notices"] == {"sound": True, "desktop": False}
    assert (await lee.post("notices", sound="no", desktop=True))[0] == 422
    await again.client.close()


async def own(desk: Desk) -> dict[str, object]:
    status, found = await desk.get("own")
    assert status == 200
    return dict(found)


async def test_two_browsers_may_mark_in_the_same_instant(chat: Chat) -> None:
    """On both databases."""
    await chat.write("在吗")
    database = chat.house.database
    await asyncio.gather(
        *(database.run(keep_seen, "小李", chat.id, seq) for seq in (3, 1, 4, 1, 5, 2))
    )
    assert not await database.run(keep_seen, "小李", chat.id, 5)
