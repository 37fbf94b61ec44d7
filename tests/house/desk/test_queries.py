"""How many questions to the database an agent's deed takes: pinned, so that none creeps in unseen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.channels import keys
from bot.desk import presence
from bot.desk.roles import Role
from bot.desk.routes import ROUTES
from bot.working import BACKGROUND
from tests.house.desk.conftest import SitDown
from tests.house.desk.test_agents_lines import at, uploaded
from tests.house.desk.test_beside import Talk, taken
from tests.house.desk.test_phrase_pictures import brought
from tests.house.server import Server
from tests.support.house import Clock

_ONE = "/api/desk/conversations/{conversation_id}"
# Statements at most, by deed in the order in which they are done.
MOST = {
    "GET conversations": 9,
    "GET counts": 2,
    "GET search": 9,
    "GET own": 4,
    "GET mentions": 5,
    "GET phrases": 3,
    "GET promises": 2,
    "GET ": 20,
    "GET beside": 20,
    "GET follow-ups": 5,
    "GET why": 4,
    "reveal": 4,
    "messages": 15,
    "messages/{seq}/take-back": 11,
    "pictures": 5,
    "phrases/{phrase_id}/picture": 7,
    "notes": 7,
    "mentions/seen": 3,
    "tags": 10,
    "snooze": 9,
    "draft": 6,
    "seen": 4,
    "scheduled": 7,
    "scheduled/cancel": 4,
    "attributes": 9,
    "coupon": 18,
    "products/{product_id}/card": 15,
    "orders/{number}/card": 19,
    "orders/{number}/reveal": 11,
    "orders/{number}/remarks": 12,
    "orders/{number}/price": 40,
    "orders/{number}/address/quote": 28,
    "orders/{number}/address": 38,
    "orders/{number}/terms": 18,
    "orders/{number}/offer": 28,
    "orders/{number}/return": 50,
    "cases/{case_id}": 19,
    "transfer": 18,
    "take": 15,
    "return": 14,
    "close": 20,
}
# Of an owner, once in a long while: all that is kept of a buyer is gone through.
LEFT_OUT = {"buyer/export", "buyer/erase", "buyer/sign-out"}


@contextmanager
def counted(server: Server) -> Iterator[list[str]]:
    """The statements that run meanwhile, reads and writes."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    engines = [server.database.engine, server.database._read_engine]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


class Day:
    """Does one deed after the other and counts."""

    def __init__(self, server: Server, talk: Talk) -> None:
        self.server, self.talk, self.found = server, talk, dict[str, int]()

    async def does(self, deed: str, path: str = "", **body: Any) -> Any:
        """`path`: where it is not the deed's name."""
        url = f"conversations/{self.talk.id}/{path or deed}"
        with counted(self.server) as asked:
            status, answer = await self.talk.desk.post(url, **body)
        assert status == 200, (deed, answer)
        self.found[deed] = len(asked)
        return answer

    async def reads(self, what: str, url: str) -> Any:
        with counted(self.server) as asked:
            status, answer = await self.talk.desk.get(url)
        assert status == 200, (what, answer)
        self.found[f"GET {what}"] = len(asked)
        return answer

    async def orders(self, deed: str, **body: Any) -> Any:
        path = f"orders/{self.talk.number}/{deed}"
        return await self.does(f"orders/{{number}}/{deed}", path, id=deed, **body)


async def test_each_deed_takes_as_many_as_are_written_here(
    server: Server, sit_down: SitDown, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await taken(server, sit_down, Role.OWNER)
    await sit_down("小王")
    await server.app[BACKGROUND].close()  # the house's own work is not counted
    monkeypatch.setattr(presence, "_TOLD_EVERY_S", float("inf"))  # nor a sign of life now and then
    monkeypatch.setattr(server.app[keys.TURNS], "wake", lambda _: None)
    day = Day(server, talk)
    await _reads(day)
    await _words(day, clock)
    await _orders(day)
    await _ends(day)
    assert day.found.keys() == MOST.keys()
    beyond = {name: count for name, count in day.found.items() if count > MOST[name]}
    assert not beyond, json.dumps(day.found, indent=4)


async def _reads(day: Day) -> None:
    one = f"conversations/{day.talk.id}"
    await day.reads("conversations", "conversations")
    await day.reads("counts", "counts")
    await day.reads("search", "search?q=在吗")
    for what in ("own", "mentions", "phrases", "promises"):
        await day.reads(what, what)
    await day.reads("", one)
    await day.reads("beside", f"{one}/beside")
    await day.reads("follow-ups", f"{one}/follow-ups")
    await day.reads("why", f"{one}/why?seq=1")


async def _words(day: Day, clock: Clock) -> None:
    await day.does("reveal", seq=1)
    line = await day.does("messages", id="a1", text="在的")
    await day.does("messages/{seq}/take-back", f"messages/{line['seq']}/take-back")
    with counted(day.server) as asked:
        assert (await uploaded(day.talk.desk, day.talk.id))[0] == 200
    day.found["pictures"] = len(asked)
    picture = await brought(day.talk.desk)
    _, made = await day.talk.desk.post("phrases", picture_id=picture["picture_id"])
    await day.does("phrases/{phrase_id}/picture", f"phrases/{made['phrase_id']}/picture")
    (note,) = await day.does("notes", text="@小王 看一下")
    await day.does("mentions/seen", note_id=note["note_id"])
    await day.does("tags", tags=["急"])
    await day.does("snooze", minutes=30)
    await day.does("draft", text="您好，")
    await day.does("seen", seq=1)
    due = at(clock() + timedelta(hours=1))
    (planned,) = await day.does("scheduled", text="到货了", at=due)
    await day.does("scheduled/cancel", line_id=planned["line_id"])


async def _orders(day: Day) -> None:
    await day.does("attributes", height_cm="165")
    shown = await day.talk.beside()
    await day.does("coupon", id="c1", code=shown["coupons"][0]["code"])
    await day.does("products/{product_id}/card", "products/boot-qiyun/card", id="k1")
    await day.orders("card")
    await day.orders("reveal")
    await day.orders("remarks", text="易碎")
    total = await day.talk.total()
    await day.orders("price", total_fen=total - 100, seen_fen=total)
    new = {"address": "浙江省宁波市鄞州区中山东路1号"}
    quoted = await day.orders("address/quote", **new)
    await day.orders("address", total_fen=quoted["total_fen"], **new)
    await day.talk.pay()
    line = (await day.talk.beside())["orders"][0]["goods"][0]["line_id"]
    wish = {"line_id": line, "reason": "no_reason"}
    terms = await day.orders("terms", **wish)
    await day.orders("offer", **wish)
    first = terms["remedies"][0]
    case = await day.orders(
        "return", remedy=first["remedy"], refund_fen=first["refund_fen"], **wish
    )
    path, fen = f"cases/{case['case_id']}", case["refund_fen"]
    await day.does("cases/{case_id}", path, id="s1", status="refunded", refund_fen=fen)


async def _ends(day: Day) -> None:
    await day.does("transfer", to="小王", note="请接着看")
    await day.talk.desk.at(day.talk.id, "transfer", to="")
    await day.does("take")
    await day.does("return", seen=1000)
    await day.talk.desk.at(day.talk.id, "take")
    await day.does("close", seen=1000)


def test_no_deed_at_a_talk_is_forgotten_here() -> None:
    at_a_talk = {
        route.path.removeprefix(_ONE).strip("/")
        for route in ROUTES
        if route.method == "POST" and route.path.startswith(_ONE)
    }
    assert at_a_talk - LEFT_OUT == {one for one in MOST if not one.startswith("GET")}
