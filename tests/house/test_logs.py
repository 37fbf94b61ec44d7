"""No log line holds what a buyer wrote, a phone or an address, whatever goes wrong."""

from __future__ import annotations

import asyncio
import errno
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot import logs
from bot.conversations.messages import Author
from bot.database import Database
from bot.engine.engine import Engine
from bot.logs import configure_logs
from bot.settings import Settings
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine
from tests.support.house import Clock, House

PRIVATE = ("13912345678", "文三路", "王小芳", "开胶")
LINES = (
    "在吗",
    "我叫王小芳 13912345678 浙江省杭州市西湖区文三路168号",
    "鞋子开胶了,太差了,我要投诉你们",
    "/restart 13912345678",
    '/inform{"phone": "13912345678"}',
    "订单 13912345678 到哪了",
)


@pytest.fixture(params=[True, False], ids=["json", "terminal"])
def as_json(request: pytest.FixtureRequest) -> Iterator[bool]:
    handlers = logging.getLogger().handlers[:]
    configure_logs(as_json=request.param)
    yield request.param
    configure_logs(as_json=False)
    logging.getLogger().handlers[:] = handlers


def private_words(text: str) -> list[str]:
    return [word for word in PRIVATE if word in text]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_conversation_leaves_no_words_in_the_log(
    as_json: bool,
    engine: Engine,
    house_settings: Settings,
    database: Database,
    clock: Clock,
    capfd: pytest.CaptureFixture[str],
) -> None:
    house = House(house_settings, database, engine, clock)
    chat = await Chat.with_visitor(house)
    for line in LINES:
        await chat.ask(line)
    out, err = capfd.readouterr()
    assert private_words(out + err) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_failing_turn_names_the_error_and_its_place_but_not_its_message(
    as_json: bool, chat: Chat, scripted: ScriptedEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    scripted.then_raise(ValueError("cannot read 13912345678 文三路"))
    await chat.ask("在吗")
    out, err = capfd.readouterr()
    assert "turn.failed" in err
    assert "ValueError" in err
    assert "scripted.py" in err
    assert private_words(out + err) == []


async def test_values_that_are_not_listed_are_left_out(
    as_json: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    structlog.get_logger().error("rasa.event", text="文三路", message={"text": "13912345678"})
    err = capfd.readouterr().err
    assert "rasa.event" in err
    assert private_words(err) == []


@pytest.mark.parametrize("name", ["rasa.core.processor", "asyncio", "aiohttp.server", "sqlalchemy"])
async def test_libraries_errors_are_told_without_their_messages(
    as_json: bool, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ValueError("13912345678")
    except ValueError:
        second_line = "\nfuture: <ValueError('13912345678')>" if name == "asyncio" else ""
        logging.getLogger(name).exception("failed%s", second_line)
    assert private_words(capfd.readouterr().err) == []


async def test_a_forgotten_tasks_error_is_told_without_its_message(
    as_json: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": ValueError("13912345678")}
    )
    err = capfd.readouterr().err
    assert "Task exception was never retrieved" in err
    assert private_words(err) == []


async def test_warnings_of_libraries_are_not_told(
    as_json: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.captureWarnings(True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("cannot map 13912345678", stacklevel=1)
    assert private_words(capfd.readouterr().err) == []


async def test_nothing_below_info_is_told(as_json: bool, capfd: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().debug("processor.message.parse")
    assert capfd.readouterr().err == ""


def test_rasas_loggers_are_quiet_below_the_worst(as_json: bool) -> None:
    for name in ("rasa", "rasa.core.actions.action", "rasa.shared.core.trackers"):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR)


class _Full:
    """What a full disk, or a pipe that nobody reads any more, makes of stderr."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_log_that_takes_nothing_takes_no_buyer_their_answer(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told of a failing turn, in the middle of mending it."""
    scripted.then_raise(RuntimeError("boom"))
    monkeypatch.setattr("sys.stderr", _Full())
    [said] = await chat.ask("在吗")
    assert said.response == "utter_trouble"


async def test_were_its_error_passed_on_the_buyer_would_hear_nothing(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(logs, "_UNHEARD", ())
    scripted.then_raise(RuntimeError("boom"))
    monkeypatch.setattr("sys.stderr", _Full())
    with pytest.raises(OSError, match="No space left"):
        await chat.ask("在吗")
    assert await chat.by(Author.BOT) == []
