"""A question that no training has seen is answered by the open house from the file it stands in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.database import Database
from bot.engine.engine import Engine
from bot.settings import Settings
from tests.house.conftest import Chat
from tests.support.house import Clock, House
from tests.support.waiting import PATIENCE_S

CARD = """version: "3.1"
nlu:
- intent: faq/ask_gift_card
  metadata: {title: 问代写贺卡}
  examples: |
    - 能帮忙写张贺卡吗
    - 送人的可以放张贺卡不
    - 贺卡要另外加钱吗
responses:
  utter_faq/ask_gift_card:
    - text: 可以的，想写什么发给我~
"""
ANSWER = "可以的，想写什么发给我~"


@pytest.fixture
async def chat(engine: Engine, house_settings: Settings, database: Database, clock: Clock) -> Chat:
    return await Chat.with_visitor(House(house_settings, database, engine, clock))


async def answered(chat: Chat, text: str) -> list[str]:
    return [message.text for message in await chat.ask(text)]


@pytest.fixture
def save(engine: Engine, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Saves a file in a trainer's folder that the engine follows; afterwards it is as it was."""
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    engine.live.follow(tmp_path)
    engine.live.refresh()
    file = tmp_path / "data" / "nlu" / "gift_card.yml"

    def write(content: str) -> None:
        file.write_text(content, encoding="utf-8")

    yield write
    file.unlink(missing_ok=True)
    engine.live.refresh()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_saved_question_is_answered_within_two_seconds(
    chat: Chat, engine: Engine, save: Callable[[str], None]
) -> None:
    asked = "贺卡能帮忙写吗"
    assert ANSWER not in await answered(chat, asked)
    save(CARD)
    began = time.monotonic()
    engine.live.refresh()
    assert await answered(chat, asked) == [ANSWER]
    assert time.monotonic() - began < PATIENCE_S  # at once, and not after a training


async def test_other_lines_are_answered_as_before(
    engine: Engine, save: Callable[[str], None]
) -> None:
    lines = ["包邮吗", "什么时候发货", "谢谢", "你们有实体店吗"]
    before = [await engine.parse(line) for line in lines]
    save(CARD)
    engine.live.refresh()
    assert [await engine.parse(line) for line in lines] == before


@pytest.fixture
def own(engine: Engine, tmp_path: Path) -> Iterator[Path]:
    """The shop's own replies, beside a project whose replies have changed, too."""
    (tmp_path / "data" / "replies").mkdir(parents=True)
    (tmp_path / "data" / "replies" / "house.yml").write_text(_reply(HERE, "在的呢"), "utf-8")
    folder = tmp_path / "shop" / "replies"
    folder.mkdir(parents=True)
    engine.live.follow(tmp_path, folder)
    engine.live.refresh()
    yield folder
    for file in (*folder.glob("*.yml"), tmp_path / "data" / "replies" / "house.yml"):
        file.unlink()
    engine.live.refresh()


HERE = "utter_here"


def _reply(name: str, text: str) -> str:
    return f'version: "3.1"\nresponses:\n  {name}:\n    - text: {text}\n'


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_shops_own_reply_wins_over_the_products(
    chat: Chat, engine: Engine, own: Path
) -> None:
    await answered(chat, "在吗")
    assert await answered(chat, "在吗") == ["在的呢"]  # what the product says by now
    (own / "我的话.yml").write_text(_reply(HERE, "掌柜在这儿呢"), "utf-8")
    engine.live.refresh()
    assert await answered(chat, "在吗") == ["掌柜在这儿呢"]
    (own / "我的话.yml").unlink()
    engine.live.refresh()
    assert await answered(chat, "在吗") == ["在的呢"]


async def test_an_own_reply_that_nobody_says_is_told_and_left_out(
    engine: Engine, own: Path
) -> None:
    (own / "wrong.yml").write_text(_reply("utter_heer", "在"), "utf-8")
    with capture_logs() as told:
        engine.live.refresh()
    [ignored] = [one for one in told if one["event"] == "live.file_ignored"]
    assert ignored["file"] == "replies/wrong.yml"
    assert "utter_heer" in ignored["why"]
