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
from bot.publishing.depending import lines_that_depend, talks_that_depend
from bot.publishing.replay import Answer, Line
from bot.publishing.scores import Score, score
from bot.settings import Settings
from bot.trainer.sentence_run import read_tests, run
from bot.trainer.sentence_tests import SentenceTest
from bot.trainer.trying import copy_of_shop, fill

_SPEAKER = Speaker(
    buyer_id="visitor:trainer", signed_in=False, asker="visitor:trainer", channel="ask"
)

_SAME = Answer((), ()), Answer((), ())  # not looked at


async def compare(
    settings: Settings,
    root: Path,
    *,
    old: Path | None,
    new: Path,
    tests: Path,
    lines: Sequence[Line],
    same_rules: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> Compared:
    """`root`: the project whose saved lines count beside a model, as they do for buyers;
    `tests`: the one whose sentence tests are read. `same_rules`: both models have the same rules
    and stories, so that only what they read otherwise is answered. Raises ModelUnusable, OSError.
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
            after = _loaded(settings, root, new)
            before = _loaded(settings, root, old) if old else None
            return await _compared(before, after, root, tests, lines, same_rules, tell)
        finally:
            database.close()


async def _compared(
    before: Engine | None,
    after: Engine,
    root: Path,
    tests: Path,
    lines: Sequence[Line],
    same_rules: bool,
    tell: Callable[[str], None],
) -> Compared:
    sentences = read_tests(tests)
    scores_after = await _scores(after, sentences)
    if before is None:
        answers = [await _answer(after, line.text) for line in lines]
        return Compared(
            sentences_before=None,
            sentences_after=scores_after,
            replies_before=None,
            replies_after=answers,
            answered=len(answers),
        )
    scores_before = await _scores(before, sentences)
    wanted, talks, talks_of = [True] * len(lines), None, 0
    if same_rules:
        old, new = before.live.classifier, after.live.classifier
        wanted = lines_that_depend(old, new, [line.text for line in lines])
        talks, talks_of = talks_that_depend(old, new, root)
        tell(f"  听得不一样的：{sum(wanted)} 句真实消息，{len(talks)} 段对话考题；别的不用再答")
    pairs = [
        (await _answer(before, line.text), await _answer(after, line.text)) if depends else _SAME
        for line, depends in zip(lines, wanted, strict=True)
    ]
    return Compared(
        sentences_before=scores_before,
        sentences_after=scores_after,
        replies_before=[then for then, _ in pairs],
        replies_after=[now for _, now in pairs],
        answered=sum(wanted),
        talks=talks,
        talks_of=talks_of,
    )


def _loaded(settings: Settings, root: Path, model: Path) -> Engine:
    engine = Engine.load(model, actions=InProcessActions(), words=settings.shop.words)
    engine.live.follow(root)
    engine.live.refresh()
    return engine


async def _scores(engine: Engine, sentences: Sequence[SentenceTest]) -> dict[str, Score]:
    outcomes = [await run(test, engine) for test in sentences]
    return score([(one.test.intent, one.test.text, one.wrong) for one in outcomes])


async def _answer(engine: Engine, text: str) -> Answer:
    said = [Said(request_id=uuid.uuid4().hex, text=text)]
    result = await engine.answer("replay", "", said, _SPEAKER)
    return Answer(
        intents=tuple(one.intent for one in result.understood),
        replies=tuple(reply.response for reply in result.replies if reply.response),
    )
