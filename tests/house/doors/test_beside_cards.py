"""Where goods are seen as cards, the words below do not say them again; where none are, they do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot.conversations.tables import messages
from bot.engine.collected import Collected
from bot.engine.turns import Reply, TurnResult
from bot.trainer.replies import replies_of
from bot.trainer.yaml_reading import read
from tests.house.server import Server

ROOT = Path(__file__).resolve().parents[3]
CARD = {"type": "product", "product_id": "boot-qiyun", "name": "栖云", "reason": "防水"}
WHOLE, SHORT = "挑了两款：栖云，防水；逐溪，轻。您喜欢哪款？", "挑了这两款，您喜欢哪款？"
WORDS = Reply(text=WHOLE, response="utter_recommend_two", beside_cards=SHORT)


def _turn(*replies: Reply) -> TurnResult:
    return TurnResult(replies=replies, understood=(), memory="")


async def test_a_page_reads_the_short_words_and_all_others_the_whole(server: Server) -> None:
    server.engine.then(_turn(Reply(card=CARD), WORDS))
    socket = await server.connect()
    await socket.send("推荐一双")
    await socket.said_by("bot")  # the card
    assert (await socket.said_by("bot"))["text"] == SHORT
    opened = await server.session(token=socket.token)  # and after a reload
    assert opened["messages"][-1]["text"] == SHORT
    kept = await server.database.read(
        lambda one: one.execute(select(messages.c.text)).scalars().all()
    )
    assert WHOLE in kept and SHORT not in kept


async def test_the_door_for_plain_words_tells_all(server: Server) -> None:
    server.engine.then(_turn(Reply(card=CARD), WORDS))
    answer = await server.client.post(
        "/webhooks/rest/webhook", json={"sender": "a", "message": "推荐一双"}
    )
    assert [one["text"] for one in await answer.json() if "text" in one] == [WHOLE]


@pytest.mark.parametrize("others", [[], [Reply(card={"type": "order", "number": "1"})]])
async def test_without_goods_on_the_page_the_words_tell_all(
    server: Server, others: Sequence[Reply]
) -> None:
    server.engine.then(_turn(*others, WORDS))
    socket = await server.connect()
    await socket.send("推荐一双")
    for _ in others:
        await socket.said_by("bot")
    assert (await socket.said_by("bot"))["text"] == WHOLE


async def test_they_are_taken_from_what_the_trainer_wrote() -> None:
    variant = _variants()["utter_recommend_two"][0]
    turn = Collected("web")
    await turn.send_response("x", {**variant, "utter_action": "utter_recommend_two"})
    assert turn.replies[0].text == variant["text"]
    assert turn.replies[0].beside_cards == variant["custom"]["beside_cards"]


def test_each_wording_of_a_reply_has_its_short_one_or_none_has() -> None:
    """Which one is said is chance: a card must not be repeated every other time."""
    found = {
        name: [bool(one.get("custom", {}).get("beside_cards")) for one in variants]
        for name, variants in _variants().items()
    }
    assert any(map(any, found.values()))
    assert [name for name, some in found.items() if any(some) and not all(some)] == []


def test_a_trainers_short_words_keep_the_rules_too(tmp_path: Path) -> None:
    file = tmp_path / "data" / "replies" / "a.yml"
    file.parent.mkdir(parents=True)
    file.write_text(
        "responses:\n  utter_a:\n    - text: 看看{name}？\n      custom: {beside_cards: [看看]}\n"
        "    - text: 瞧瞧{name}？\n      custom: {beside_cards: 瞧瞧这款？}\n",
        encoding="utf-8",
    )
    reading = read(file, "data/replies/a.yml")
    (reply,) = replies_of(reading)
    assert [words for words, _ in reply.beside] == ["瞧瞧这款？"]
    assert any("beside_cards" in one.what for one in reading.findings)


def _variants() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "data" / "replies").glob("*.yml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return found
