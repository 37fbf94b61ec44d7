"""`python -m bench.shops SHOP`: plays a shop's lines to the whole house, for a reader to mark.

    python -m bench.shops snacks [--only 3 17] [--lines FILE] [--out FILE] [--models MODEL]

SHOP: one of the folders of shop/, or the path of a folder with `goods/` and `settings.yml`.
bench/shops/SHOP.yml: a list of talks, each `say` (lines) and, where the buyer looks at a page,
`at` (product). What comes of it is one text, a number a line, so that a mark can name it.
docs/trades.md tells how it is marked.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.servers import QUIET, ROOT

FOLDER = Path(__file__).parent
RESULTS = ROOT / "results" / "shops"


class Unusable(Exception):
    """A file of lines that cannot be read; says what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Talk:
    number: int  # of its first line, from 1 through the whole file
    at: str  # product whose page is looked at; "" = none
    say: tuple[str, ...]


def read_talks(file: Path) -> list[Talk]:
    """Raises Unusable."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(rows, list):
        raise Unusable(f"{file}: write a list of talks, each with say: [lines]")
    talks: list[Talk] = []
    number = 1
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict) or row.keys() - {"at", "say"} or not row.get("say"):
            raise Unusable(f"{file}: talk {place}: write say: [lines] and, where needed, at: ID")
        talk = Talk(number=number, at=row.get("at", ""), say=tuple(map(str, row["say"])))
        talks.append(talk)
        number += len(talk.say)
    return talks


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all was played, 2 where something cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench.shops", description=__doc__)
    parser.add_argument("shop")
    parser.add_argument("--only", nargs="+", type=int, help="talks that hold these numbers alone")
    parser.add_argument("--lines", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    options = parser.parse_args(arguments)
    named = ROOT / "shop" / options.shop
    folder = named if named.is_dir() else Path(options.shop)
    try:
        talks = read_talks(options.lines or FOLDER / f"{folder.name}.yml")
    except (Unusable, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    if options.only:
        talks = [
            one
            for one in talks
            if any(one.number <= n < one.number + len(one.say) for n in options.only)
        ]
    os.environ.update(QUIET)
    _be_quiet()
    out = options.out or RESULTS / f"{folder.name}.txt"
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-shops-") as place:
        text = asyncio.run(_play(folder, talks, Path(place), options.models))
    out.write_text(text, encoding="utf-8")
    print(f"{out}: {sum(len(one.say) for one in talks)} lines")
    return 0


def _be_quiet() -> None:
    import structlog

    from bot.logs import configure_logs

    configure_logs(as_json=False)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


async def _play(folder: Path, talks: Sequence[Talk], place: Path, models: Path) -> str:
    from bot.database import Database, upgrade
    from bot.engine.engine import Engine
    from bot.engine.in_process import InProcessActions
    from bot.nlu.catalogue import use_catalogue
    from bot.settings import read_settings
    from bot.shop.embedded.embedded import EmbeddedShop
    from bot.shop.importing.importer import import_files
    from tests.support.house import Clock, House, copied_database, settings_in

    environ = {"DIANXIAOER_VAR": str(place), "PORT": "0"}
    settings = read_settings(ROOT, {**environ, "SHOP_SETTINGS": str(folder / "settings.yml")})
    seeded = place / "seeded.db"
    database = Database(f"sqlite:///{seeded}")
    upgrade(database)
    import_files(database, [folder / "goods"], now=Clock.today("12:00", settings)())
    shop = EmbeddedShop(database)
    use_catalogue(await shop.catalogue_version(), await shop.catalogue_terms())
    database.close()
    engine = Engine.load(models, actions=InProcessActions(), words=settings.shop.words)
    lines: list[str] = []
    for talk in talks:
        own = place / str(talk.number)
        own.mkdir()
        database = copied_database(seeded, own)
        clock = Clock.today("12:00", settings)
        house = House(settings_in(own, settings), database, engine, clock)
        lines += [f"--- {'at ' + talk.at if talk.at else ''}".rstrip()]
        try:
            lines += [line async for line in _talk(house, talk)]
        finally:
            database.close()
    return "\n".join(lines) + "\n"


async def _talk(house: Any, talk: Talk) -> Any:
    from bot.conversations.messages import Author, Incoming

    conversations = house.conversations
    opened = await conversations.open(
        buyer_id=f"visitor:{uuid.uuid4().hex}",
        signed_in=False,
        channel="web",
        product_id=talk.at or None,
    )
    for number, text in enumerate(talk.say, talk.number):
        incoming = Incoming(message_id=uuid.uuid4().hex, text=text)
        receipt = await conversations.receive(opened.conversation_id, incoming)
        await house.turns.answer(opened.conversation_id)
        said = await conversations.after(opened.conversation_id, receipt.seq - 1)
        heard = [f"{one['intent']} {one['confidence']:.2f}" for m in said for one in m.understood]
        yield f"{number}. {text}    ~ {', '.join(heard)}"
        for message in said:
            if message.author is Author.BOT:
                for line in _shown(message):
                    yield line
        conversation = await conversations.find(opened.conversation_id)
        if conversation.hand_over_reason and conversation.status.value == "waiting":
            yield f"     => {conversation.hand_over_reason}"
            await conversations.take(opened.conversation_id, "小李")
            await conversations.give_back(opened.conversation_id)


def _shown(message: Any) -> Iterator[str]:
    if message.card:
        card = message.card
        told = next((str(card[n]) for n in ("name", "title", "number") if card.get(n)), "")
        yield f"     [{card['type']} {told}]"
        return
    buttons = "｜".join(one.title for one in message.buttons)
    yield f"     {message.text}{f' 〔{buttons}〕' if buttons else ''}  ({message.response})"


if __name__ == "__main__":
    sys.exit(main())
