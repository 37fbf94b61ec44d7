"""`python -m bench.echo`: the whole server around an engine that only repeats what it hears."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.app import create_app
from bot.database import Database, upgrade
from bot.engine.turns import Reply, Said, Speaker, TurnResult
from bot.logs import configure_logs
from bot.nlu.normalise import normalise
from bot.settings import read_settings


class Echo:
    """The cheapest engine there can be."""

    model_id = "echo"

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        return TurnResult(
            replies=tuple(Reply(text=one.text) for one in said), understood=(), memory=memory
        )

    async def words(self, response: str, **values: Any) -> Reply:
        return Reply(text=response)

    def kept_of(self, memory: str, form: str, slots: Sequence[str]) -> dict[str, Any]:
        return {}

    async def note(
        self,
        conversation_id: str,
        memory: str,
        *,
        said_by_us: Sequence[Reply] = (),
        slots: dict[str, Any] | None = None,
        person_left: bool = False,
    ) -> str:
        return memory


def main() -> None:
    from bench.servers import ROOT

    configure_logs(as_json=True)
    settings = read_settings(ROOT)
    normalise("在吗")  # as a house with a model has it: its tables take a third of a second, once
    database = Database(settings.database_url)
    upgrade(database)
    app = create_app(settings, database=database, engine=Echo())
    web.run_app(app, host=settings.host, port=settings.port, access_log=None, print=None)
    database.close()


if __name__ == "__main__":
    main()
