"""K40: numbers that a shop must not keep are hidden before they are stored; ours are left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.channels.keys import TURNS
from bot.conversations.messages import Author, Incoming
from bot.conversations.number_checks import check_character, passes_luhn
from bot.conversations.private_numbers import CARD, CODE, IDENTITY, PASSWORD, hidden
from bot.engine.turns import HandOver
from bot.handing_over import HandOverReason
from bot.shop.embedded.tables import orders, parcels
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result
from tests.house.server import Server

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
        ("支付密码 123456", f"支付密码 {PASSWORD}"),
        ("我密码是abc12345", f"我密码是{PASSWORD}"),
        ("验证码 384 921", f"验证码 {CODE}"),
        ("６２２２０２１２３４５６７８９０１２８", CARD),
        ("6️⃣2️⃣2️⃣2️⃣021234567890128", CARD),
        ("6222 0212 3456\n7890 128", CARD),
        ("6222.0212.3456.7890.128", CARD),
        ("订单的钱退到6222021234567890128", f"订单的钱退到{CARD}"),
        ("6222021234567890128 1012", f"{CARD} 1012"),
        ("4000123412341234是我的卡号", f"{CARD}是我的卡号"),
        ("4111111111111111", CARD),
        ("身份证号 330106 19900101 123X", f"身份证号 {IDENTITY}"),
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
        "4111111111111112",
        "6222021234567890128这个订单",
        "2611281234567890",
        "13800138000\n6802000000000403",
        "13800138000 13900139000",
        "462345678901234",
        "验证码没收到，尾号1012",
        "单元门密码2580#",
        "取件密码 123456",
        "密码是多少",
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


async def test_a_code_is_never_to_be_told(chat: Chat, scripted: ScriptedEngine) -> None:
    await chat.ask("验证码836251")
    (told,) = await chat.house.conversations.history(chat.id, before=3, limit=1)
    assert told.response == "utter_codes_hidden"


async def test_a_code_sent_by_itself_is_hidden(chat: Chat) -> None:
    for line in ("验证码", "836251", "1012"):
        await chat.write(line)
    assert await chat.by(Author.BUYER) == ["验证码", CODE, "1012"]


async def test_words_under_pictures_and_goods_are_no_way_around(chat: Chat) -> None:
    picture = {"picture_id": "p1", "url": "/uploads/p1", "width": 1, "height": 1}
    for incoming in (
        Incoming(message_id="picture", text=UNION_PAY, picture=picture),
        Incoming(message_id="product", text=UNION_PAY, product_id="tee-sugan"),
    ):
        await chat.house.conversations.receive(chat.id, incoming)
    assert await chat.by(Author.BUYER) == [CARD, CARD]


async def test_numbers_of_the_shop_stay_though_they_look_like_cards(chat: Chat) -> None:
    def ours(connection: Connection) -> None:
        known = connection.execute(select(parcels.c.order_number)).scalars().first()
        connection.execute(
            update(parcels).where(parcels.c.order_number == known).values(tracking_number=UNION_PAY)
        )

    await chat.write(UNION_PAY)
    await chat.house.database.run(ours)
    await chat.write(UNION_PAY)
    assert await chat.by(Author.BUYER) == [CARD, UNION_PAY]


async def test_what_the_shop_has_on_file_is_never_hidden(chat: Chat) -> None:
    """By its shape alone: a shop behind an API cannot be asked."""

    def read(connection: Connection) -> list[str]:
        found = [orders.c.number, orders.c.phone, parcels.c.tracking_number]
        return [one for column in found for one in connection.execute(select(column)).scalars()]

    numbers = await chat.house.database.read(read)
    assert len(numbers) > 30
    for number in numbers:
        for said in (number, f"查下{number}", f"订单 {number} 的钱退到卡上了吗", f"{number}到哪了"):
            assert hidden(said) == said


async def test_the_files_of_the_house_hold_no_digit_of_it(server: Server) -> None:
    opened = (await server.session())["conversation_id"]
    for text in (f"退到{UNION_PAY}可以吗", IDENTITY_NUMBER, "验证码836251", "这一句是存下来的"):
        await server.receive(opened, text)
        await server.app[TURNS].answer(opened)
    written = b"".join(path.read_bytes() for path in server.settings.var.glob("house.db*"))
    assert "这一句是存下来的".encode() in written
    for number in (UNION_PAY, IDENTITY_NUMBER, "836251"):
        assert number.encode() not in written


# -- whatever the digits are

_BLANKS = st.sampled_from(["", " ", "-", "  ", "\n", "."])
_BEGINNINGS = [("62", 16), ("62", 19), ("4", 16), ("53", 16), ("3530", 16), ("9558", 19)]


@st.composite
def cards(draw: st.DrawFn) -> str:
    beginning, length = draw(st.sampled_from(_BEGINNINGS))
    size = length - len(beginning) - 1
    body = beginning + draw(st.text("0123456789", min_size=size, max_size=size))
    return next(body + last for last in "0123456789" if passes_luhn(body + last))


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1920, 1, 1), date(2026, 1, 1)))
    order = draw(st.integers(0, 999))
    body = (
        f"{draw(st.sampled_from(['110101', '330106', '659001', '810000']))}{born:%Y%m%d}{order:03}"
    )
    return body + check_character(body)


@given(
    cards() | identities(),
    _BLANKS,
    st.sampled_from(["", "我的是", "退到", "请看："]),
    st.booleans(),
)
def test_no_grouping_saves_a_private_number(number: str, gap: str, ahead: str, wide: bool) -> None:
    said = gap.join(number[at : at + 4] for at in range(0, len(number), 4))
    if wide:
        said = said.translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    assert hidden(f"{ahead}{said} 谢谢") in (f"{ahead}{CARD} 谢谢", f"{ahead}{IDENTITY} 谢谢")


@given(cards() | identities(), st.sampled_from(["订单", "订单号：", "运单号 ", "快递单号是"]))
def test_what_is_called_an_order_is_one(number: str, ahead: str) -> None:
    assert hidden(ahead + number) == ahead + number


@given(
    st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.sampled_from(["", "电话", "银行卡绑的手机"])
)
def test_phones_are_never_hidden(phone: str, ahead: str) -> None:
    assert hidden(f"{ahead}{phone}") == f"{ahead}{phone}"


@given(st.from_regex(r"(?:68|69|1|2|7)\d{14,17}", fullmatch=True).filter(lambda n: len(n) != 18))
def test_numbers_that_begin_as_no_card_does_stay(number: str) -> None:
    assert hidden(f"帮我看看{number}") == f"帮我看看{number}"


@given(st.text("0123456789 -验证码密订单卡Xx是\n", max_size=80))
def test_hiding_twice_hides_no_more(text: str) -> None:
    assert hidden(hidden(text)) == hidden(text)
