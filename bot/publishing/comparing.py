"""Has two models read the sentence tests and answer real lines, on a copy of the shop."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import actions.frame.clock
import actions.frame.shop
from bot.app import open_shop, utc_now
from bot.database import Database
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.engine.turns import Said, Speaker
from bot.nlu.catalogue import use_catalogue
from bot.nlu.today import use_clock
from bot.publishing.compared import Compared
from bot.publishing.replay import Answer, Line
from bot.publishing.scores import Score, score
from bot.settings import Settings
from bot.trainer.sentence_run import read_tests, run
from bot.trainer.trying import copy_of_shop, fill

_SPEAKER = Speaker(
    buyer_id="visitor:trainer", signed_in=False, asker="visitor:trainer", channel="ask"
)


async def compare(
    settings: Settings,
    root: Path,
    *,
    old: Path | None,
    new: Path,
    tests: Path,
    lines: Sequence[Line],
    tell: Callable[[str], None] = lambda line: None,
) -> Compared:
    """`root`: the project whose saved lines count beside the old model, as they do for buyers;
    `tests`: the one whose sentence tests are read. Raises ModelUnusable, OSError.
    """
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-publish-") as folder:
        database = Database(f"sqlite:///{copy_of_shop(settings, Path(folder))}")
        try:
            fill(database)
            shop = open_shop(settings, database, utc_now)
            actions.frame.shop.provide(shop)
            actions.frame.clock.provide(utc_now, settings.shop.zone)
            use_clock(utc_now, settings.shop.zone)
            use_catalogue(await shop.catalogue_version(), await shop.catalogue_terms())
            after = await _of_model(settings, root, new, tests, lines, tell)
            before = await _of_model(settings, root, old, tests, lines, tell) if old else None
        finally:
            database.close()
    return Compared(
        sentences_before=before[0] if before else None,
        sentences_after=after[0],
        replies_before=before[1] if before else None,
        replies_after=after[1],
    )


async def _of_model(
    settings: Settings,
    root: Path,
    model: Path,
    tests: Path,
    lines: Sequence[Line],
    tell: Callable[[str], None],
) -> tuple[dict[str, Score], list[Answer]]:
    tell(f"  {model.name}：考题和真实消息")
    engine = Engine.load(model, actions=InProcessActions(), words=settings.shop.words)
    engine.live.follow(root)
    engine.live.refresh()
    outcomes = [await run(test, engine) for test in read_tests(tests)]
    scores = score([(one.test.intent, one.test.text, one.wrong) for one in outcomes])
    return scores, [await _answer(engine, line.text) for line in lines]


async def _answer(engine: Engine, text: str) -> Answer:
    said = [Said(request_id=uuid.uuid4().hex, text=text)]
    result = await engine.answer("replay", "", said, _SPEAKER)
    return Answer(
        intents=tuple(one.intent for one in result.understood),
        replies=tuple(reply.response for reply in result.replies if reply.response),
    )
