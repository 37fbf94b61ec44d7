"""Plain Rasa (`rasa shell`) reads a line in its situation, as the house does, and not without a talk."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import UserUttered

from bot.database import Database
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.engine.situation_reader import SituationReader, _finished
from bot.settings import Settings
from tests.house.conftest import Chat
from tests.support.house import Clock, House

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TALKS = (
    ("有没有徒步鞋", "38码的呢", "没有了"),
    ("包裹怎么还没到", "没有单号", "算了不用了"),
    ("怎么退货", "要几天", "谢谢没有了"),
)
LINE, AFTER = "38码的呢", "有没有徒步鞋"  # a continuation that nobody can read alone


@pytest.fixture
def house(house_settings: Settings, database: Database, engine: Engine, clock: Clock) -> House:
    return House(house_settings, database, engine, clock)


@pytest.fixture(scope="module")
def plain(engine: Engine) -> Agent:
    """The same model as Rasa itself loads it."""
    return Agent.load(engine.model_path, action_endpoint=InProcessActions(time_limit=60))


async def heard_by(agent: Agent, lines: Sequence[str], sender: str) -> list[str]:
    heard = []
    for line in lines:
        await agent.handle_message(UserMessage(line, CollectingOutputChannel(), sender))
        tracker = await agent.tracker_store.retrieve(sender)
        assert tracker is not None
        # Not the latest one: a wish that waited is heard again in the same turn.
        own = [one for one in tracker.events if isinstance(one, UserUttered) and one.text == line]
        intent = own[0].intent
        heard.append(intent.get("full_retrieval_intent_name") or intent["name"])
    return heard


@on_sqlite
@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk[0])
async def test_a_talk_is_heard_as_the_house_hears_it(
    house: House, plain: Agent, talk: tuple[str, ...]
) -> None:
    chat = await Chat.with_visitor(house)
    for line in talk:
        await chat.ask(line)
    lines = [one for one in await house.conversations.history(chat.id) if one.understood]
    by_house = [one.understood[0]["intent"] for one in lines]
    assert await heard_by(plain, talk, f"plain-{talk[0]}") == by_house


@on_sqlite
async def test_without_the_talk_it_is_read_alone(house: House, plain: Agent) -> None:
    """The control: the same line, by itself and behind a wish."""
    alone = (await plain.parse_message(LINE))["intent"]["name"]
    [_, there] = await heard_by(plain, (AFTER, LINE), "control")
    assert alone != there == "stock_check"


@on_sqlite
async def test_what_a_command_says_is_not_read_again(house: House, plain: Agent) -> None:
    assert await heard_by(plain, (AFTER, "/greet"), "command") == ["stock_check", "greet"]


async def test_the_house_itself_makes_no_second_mind(engine: Engine) -> None:
    """It reads without a tracker; the step's own tables are not even loaded."""
    await engine.parse(LINE)
    step = engine._agent.processor.graph_runner.component(SituationReader)
    assert step._situating is None


def test_a_reading_that_would_wait_is_told() -> None:
    class Waits:
        def __await__(self) -> object:
            yield

    async def reading() -> None:
        await Waits()  # type: ignore[misc]

    with pytest.raises(RuntimeError, match="waited"):
        _finished(reading())
