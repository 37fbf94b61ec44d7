"""The card tells the buyer's mood where the talk holds it, whatever a person was called for."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
import yaml

from bot.channels import keys
from bot.conversations.messages import Author, Message
from bot.desk.moods import _MOODS, heard_mood
from bot.engine.turns import HandOver, TurnResult, Understood
from bot.handing_over import HandOverReason
from tests.house.desk.conftest import SitDown
from tests.house.scripted import result
from tests.house.server import Server
from tests.support.house import ROOT

NOON = datetime(2026, 11, 29, 4, tzinfo=timezone.utc)


def line(seq: int, text: str, intent: str = "refund_status", *cues: str, **more: Any) -> Message:
    entities = [{"entity": "cue", "value": one} for one in cues]
    understood = ({"text": text, "intent": intent, "entities": entities},)
    given = {"author": Author.BUYER, "understood": understood, **more}
    return Message(conversation_id="c1", seq=seq, message_id=f"m{seq}", at=NOON, text=text, **given)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([line(1, "退款到哪了")], ""),
        ([line(1, "气死了", "complain")], "买家有火气，先安抚：「气死了」"),
        (
            [line(1, "退款好几天了气死了", "refund_status", "upset")],
            "买家有火气，先安抚：「退款好几天了气死了」",
        ),
        ([line(1, "等了这么久", "refund_status", "so_long")], "买家等急了：「等了这么久」"),
        (
            [line(1, "不会骗我吧", "ask_quality", "lied_to")],
            "买家怕上当，说话要有凭据：「不会骗我吧」",
        ),
        ([line(1, "催一下", "logistics_delay")], ""),  # once is a question like others
        (
            [line(1, "催一下", "logistics_delay"), line(2, "再催催", "inform", "urge")],
            "买家催了不止一回：「再催催」",
        ),
        (
            [line(1, "我要给差评", "complain", "threatens_review"), line(2, "快回", "x", "hurry")],
            "买家说了要给差评：「我要给差评」",
        ),
        (
            [line(1, "气死了", "complain"), line(2, "火大", "complain")],
            "买家有火气，先安抚：「火大」",
        ),
        ([line(1, "气死了", "complain", taken_back_at=NOON)], ""),
        ([line(1, "气死了", "complain", author=Author.AGENT)], ""),
        (
            [line(1, "打13800138000没人接气死了", "complain")],
            "买家有火气，先安抚：「打138****8000没人接气死了」",
        ),
    ],
)
def test_a_mood_is_told_in_the_buyers_words(lines: list[Message], told: str) -> None:
    assert heard_mood(lines, (), HandOverReason.MONEY) == told


def test_what_the_reason_says_is_not_told_twice() -> None:
    angry = [line(1, "气死了", "complain")]
    assert heard_mood(angry, (), HandOverReason.ANGER) == ""
    assert heard_mood(angry, (), None) != ""


def test_moods_go_by_cues_and_intents_that_there_are() -> None:
    files = [*(ROOT / "data" / "patterns" / "entities").glob("*.yml")]
    names = {name for one in files for part in _mappings(one) for name in part}
    taught = "".join(one.read_text("utf-8") for one in (ROOT / "data" / "nlu").glob("*.yml"))
    for mood in _MOODS:
        assert mood.cues <= names
        assert all(f"intent: {one}\n" in taught for one in mood.intents)


def _mappings(path: Any) -> list[dict[str, Any]]:
    page = yaml.safe_load(path.read_text("utf-8"))
    return [one for one in page.values() if isinstance(one, dict)]


async def test_a_question_of_money_in_anger_is_told_as_both(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    opened = str((await server.session())["conversation_id"])
    heard = Understood(
        text="退款好几天了气死了", intent="complain", confidence=1.0, entities=(), ranking=()
    )
    given = result("马上叫人", hand_over=HandOver(reason=HandOverReason.MONEY, note="退款"))
    server.engine.then(TurnResult(**{**vars(given), "understood": (heard,)}))
    await server.receive(opened, "退款好几天了气死了")
    await server.app[keys.TURNS].answer(opened)
    card = (await lee.reads(opened))["card"]
    assert "买家有火气，先安抚：「退款好几天了气死了」" in card
