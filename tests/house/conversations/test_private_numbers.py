"""Numbers that a shop must not keep are hidden before they are stored; ours are left alone."""

from __future__ import annotations

import pytest

from bot.conversations.messages import Author
from bot.conversations.private_numbers import CARD, CODE, IDENTITY, hidden
from bot.engine.turns import HandOver
from bot.handing_over import HandOverReason
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result

# Made for the tests: the check digits are right, nobody has them.
UNION_PAY, IDENTITY_NUMBER = "6222021234567890128", "110101199003070716"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"退到{UNION_PAY}", f"退到{CARD}"),
        ("6222 0212 3456 7890 128 建行", f"{CARD} 建行"),
        ("银行卡4000123412341234", f"银行卡{CARD}"),
        ("卡号是 6214-8301-2345-6789", f"卡号是 {CARD}"),
        ("打到我账户 62170012345678901", f"打到我账户 {CARD}"),
        (IDENTITY_NUMBER, IDENTITY),
        ("身份证33010619900101123x", f"身份证{IDENTITY}"),
        ("身份证号：330106900101123", f"身份证号：{IDENTITY}"),
        ("验证码是836251", f"验证码是{CODE}"),
        ("836251是验证码", f"{CODE}是验证码"),
        ("支付密码 123456", f"支付密码 {CODE}"),
    ],
)
def test_private_numbers_are_hidden(text: str, kept: str) -> None:
    assert hidden(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "6802000000000403",
        "帮我查下6802000000000510",
        "订单6222021234567890128",
        "快递单号 6222021234567890128",
        "顺丰 623456789012345",
        "13800138000",
        "税号91330106MA2CDTXY1X",
        "310115198913012319",
        "6222021234567890123",
        "验证码收不到",
        "密码忘了",
        "要42码2双",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert hidden(text) == text


async def test_nothing_of_the_house_ever_holds_the_number(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(result("请同事来", hand_over=HandOver(reason=HandOverReason.MONEY, note="")))
    await chat.ask(f"钱退到银行卡{UNION_PAY}行吗")
    history = await chat.house.conversations.history(chat.id)
    conversation = await chat.conversation()
    assert UNION_PAY not in f"{history}{conversation.summary}{scripted.texts}"
    assert history[0].text == f"钱退到银行卡{CARD}行吗"
    assert scripted.texts == ["钱退到银行卡 行吗"]


async def test_the_buyer_is_told_once(chat: Chat, scripted: ScriptedEngine) -> None:
    for _ in range(2):
        await chat.ask(f"退到{UNION_PAY}可以吗")
    responses = [
        message.response
        for message in await chat.house.conversations.history(chat.id)
        if message.author is Author.BOT
    ]
    assert responses.count("utter_numbers_hidden") == 1
    assert len(scripted.heard) == 2


async def test_a_number_alone_is_never_met_with_silence(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    for _ in range(2):
        await chat.ask(IDENTITY_NUMBER)
    assert len(await chat.by(Author.BOT)) == 2
    assert scripted.heard == []
