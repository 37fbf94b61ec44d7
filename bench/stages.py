"""Where each millisecond of a turn goes: the house in this process, its parts under a stopwatch."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.buyers import conversations, varied
from bench.figures import markdown, median
from bench.servers import ROOT
from bench.sides import demo_shop
from bench.tracing import Stopwatch
from bot.app import open_shop, speakers, utc_now
from bot.conversations.messages import Incoming
from bot.conversations.news import News
from bot.conversations.service import Conversations
from bot.conversations.turns import Turns
from bot.database import Database, upgrade
from bot.deeds import ShopDeeds
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.followups.kinds import kinds_of
from bot.followups.planner import FollowUpPlanner
from bot.nlu.catalogue import use_catalogue
from bot.people import ShopPeople
from bot.settings import read_settings

# Stage and what is timed for it; a function's time is without that of the stages it calls.
STAGES = (
    ("receive", "bot.conversations.service:Conversations.open"),
    ("receive", "bot.conversations.service:Conversations.receive"),
    ("read pending lines", "bot.conversations.turns:Turns.answer"),
    ("unpack memory", "bot.engine.engine:unpack"),
    ("pack memory", "bot.engine.engine:pack"),
    ("split wishes", "bot.engine.engine:split"),
    ("normalise", "bot.nlu.normalise:normalise"),
    ("tokenise", "bot.nlu.components.tokenizer:ShopTokenizer.process"),
    ("tokenise", "bot.nlu.words:Words.cut"),
    ("featurise", "bot.nlu.ngrams:NgramSpace.row"),
    ("read the sentence", "bot.nlu.sentence_network:SentenceNetwork.margins"),
    ("classify", "bot.nlu.components.classifier:ShopIntentClassifier.process"),
    ("gate", "bot.nlu.components.gate:UnderstandingGate.process"),
    ("extract", "bot.nlu.components.extractor:ShopEntityExtractor.process"),
    ("understanding, Rasa's share", "rasa.core.processor:MessageProcessor.parse_message"),
    ("fill slots", "rasa.core.processor:MessageProcessor.run_action_extract_slots"),
    (
        "memoization",
        "rasa.core.policies.memoization:MemoizationPolicy.predict_action_probabilities",
    ),
    ("rules", "rasa.core.policies.rule_policy:RulePolicy.predict_action_probabilities"),
    (
        "prediction, Rasa's share",
        "rasa.core.processor:MessageProcessor.predict_next_with_tracker_if_should",
    ),
    ("action, Rasa's share", "rasa.core.processor:MessageProcessor._run_action"),
    ("action: call", "bot.engine.in_process:InProcessActions.request"),
    ("action: own work", "rasa_sdk.executor:ActionExecutor.run"),
    ("database: reading", "bot.database:Database.read_sync"),
    ("database: writing", "bot.database:Database.run_sync"),
    ("database: to a thread and back", "bot.database:Database.read"),
    ("database: to a thread and back", "bot.database:Database.run"),
    ("reply texts", "rasa.core.nlg.response:TemplatedNaturalLanguageGenerator.generate"),
    ("turn, Rasa's share", "rasa.core.processor:MessageProcessor.handle_message"),
    ("turn, ours", "bot.engine.engine:Engine.answer"),
    ("fetch replies", "bot.conversations.service:Conversations.answers"),
    ("tell sockets", "bot.conversations.turns:announce"),
)


class House:
    """What `bot.app` wires, without the web, on a new database with the demo shop."""

    def __init__(self, folder: Path, models: Path, *, database: Database | None = None) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.database = database or Database(demo_shop(folder))
        upgrade(self.database)
        settings = replace(read_settings(ROOT), var=folder)
        self.shop = open_shop(settings, self.database, utc_now)
        import actions.frame.shop

        actions.frame.shop.provide(self.shop)
        planner = FollowUpPlanner(kinds_of(settings.shop.follow_ups))
        news = News()
        self.engine = Engine.load(models, actions=InProcessActions(), words=settings.shop.words)
        self.conversations = Conversations(self.database, news, utc_now, opt_outs=planner)
        self.turns = Turns(
            database=self.database,
            engine=self.engine,
            news=news,
            planner=planner,
            deeds=ShopDeeds(self.shop),
            people=ShopPeople(settings.shop.hours),
            reading=settings.shop.reading,
            speaker_of=speakers(settings.shop.hours, utc_now),
            clock=utc_now,
        )

    async def learn_catalogue(self) -> None:
        use_catalogue(await self.shop.catalogue_version(), await self.shop.catalogue_terms())

    async def say(self, buyer_id: str, text: str) -> None:
        """What the REST door does with a line, without HTTP."""
        opened = await self.conversations.open(buyer_id=buyer_id, signed_in=False, channel="rest")
        conversation_id = opened.conversation_id
        incoming = Incoming(message_id=uuid.uuid4().hex, text=text)
        receipt = await self.conversations.receive(conversation_id, incoming)
        await self.turns.answer(conversation_id, up_to=receipt.seq)
        await self.conversations.answers(conversation_id, receipt.seq)

    async def talk(self, watch: Stopwatch) -> list[float]:
        """All conversations of the list; seconds of each turn."""
        turns = []
        for lines in conversations():
            buyer_id = f"visitor:{uuid.uuid4().hex}"
            for line in varied(lines):
                before = sum(watch.seconds.values())
                with watch.stage("between the stages"):
                    await self.say(buyer_id, line)
                turns.append(sum(watch.seconds.values()) - before)
        return turns


async def profile(folder: Path, models: Path, *, rounds: int) -> str:
    """Markdown: own milliseconds of each stage, mean of all turns."""
    watch = Stopwatch()
    for name, path in STAGES:  # before loading: Rasa's graph keeps the functions it finds then
        watch.watch(name, path)
    house = House(folder, models)
    await house.learn_catalogue()
    await house.talk(watch)  # warms up
    watch.reset()
    turns: list[float] = []
    for _ in range(rounds):
        turns += await house.talk(watch)
    house.database.close()
    return _table(watch, turns)


def _table(watch: Stopwatch, turns: Sequence[float]) -> str:
    order = [*dict.fromkeys(name for name, _ in STAGES), "between the stages"]
    whole = sum(turns)
    rows: list[list[object]] = [
        [
            name,
            watch.seconds[name] * 1000 / len(turns),
            f"{watch.seconds[name] / whole:.0%}",
            watch.calls[name] / len(turns),
        ]
        for name in order
    ]
    rows.append(["a whole turn, mean", whole * 1000 / len(turns), "100%", 1.0])
    rows.append(["a whole turn, p50", median(turns) * 1000, "", ""])
    return markdown(["stage", "ms a turn", "share", "calls a turn"], rows)
