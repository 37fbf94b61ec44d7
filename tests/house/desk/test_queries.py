"""How many questions to the database an agent's deed takes: pinned, so that none creeps in unseen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests.house.desk.conftest import SitDown, waiting
from tests.house.server import Server


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


async def test_each_deed_takes_as_many_as_are_written_here(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    most = {"take": 26, "messages": 24, "notes": 12, "draft": 10, "return": 30, "close": 30}
    found = {}
    for deed in most:
        with counted(server) as asked:
            status, answer = await lee.at(talk, deed, id="a1", text="在的", seen=1000)
        assert status == 200, answer
        found[deed] = len(asked)
    assert all(found[deed] <= most[deed] for deed in most), found
