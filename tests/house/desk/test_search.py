"""Search finds a talk by buyer, order number, note or any words, on both databases and in any case."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.desk.kept import add_note
from bot.desk.searching import Found, search
from bot.shop.embedded import tables as shop
from bot.shop.words.dealing import Receiver, WantedLine
from tests.house.conftest import Chat

HOME = Receiver(name="王小明", phone="13900002222", address="浙江省杭州市西湖区文三路88号")
POLES = WantedLine(product_id="pole-biluan", colour="蓝色", size="", quantity=1)


async def found(database: Database, wanted: str) -> list[Found]:
    return await database.read(search, wanted)


@pytest.mark.parametrize("wanted", ["PRO 防水", "pro 防水", "防水吗", "100%_棉"])
async def test_words_in_any_case_and_signs_as_they_stand(chat: Chat, wanted: str) -> None:
    seq = await chat.write("这款Pro 防水吗，100%_棉的")
    await (await Chat.with_visitor(chat.house)).write("这款普通的，100支棉")
    assert await found(chat.house.database, wanted) == [Found(chat.id, seq)]


async def test_a_buyer_by_name_a_number_and_a_note(chat: Chat) -> None:
    await chat.write("在吗")
    database = chat.house.database

    def known(connection: Connection) -> None:
        row: dict[str, Any] = {"buyer_id": chat.buyer_id, "nickname": "Amy小鹿", "about": ""}
        receiver = {"receiver_name": "", "phone": "", "address": ""}
        connection.execute(shop.buyers.insert().values(**row, **receiver))
        add_note(connection, "小李", chat.id, "脾气急，先安抚", chat.house.clock())

    await database.run(known)
    order = await chat.house.shop.place_order(
        [POLES], buyer_id=chat.buyer_id, receiver=HOME, note="", request_id="r"
    )
    for wanted in ("amy小", order.number, "先安抚"):
        assert await found(database, wanted) == [Found(chat.id, 0)], wanted
    assert await found(database, order.number[:-1]) == []
