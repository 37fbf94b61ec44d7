"""What a turn that was lost has ordered, asked of the shop: new orders alone, each with its reminder."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.deeds import ShopDeeds
from bot.shop.words.dealing import Order, Receiver, WantedLine
from bot.shop.words.goods import ProductQuery
from tests.house.conftest import Chat
from tests.support.flaky import FlakyShop
from tests.support.house import House

HOME = Receiver(name="王芳", phone="13800138000", address="浙江省杭州市西湖区文三路1号")
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def chat(house: House) -> Chat:
    return await Chat.with_buyer(house)


async def placed(chat: Chat, request_id: str) -> Order:
    found = await chat.house.shop.recommend(ProductQuery(limit=1))
    product = found[0].product
    sku = next(sku for sku in product.skus if sku.stock > 3)
    wanted = WantedLine(product_id=product.product_id, colour=sku.colour, size=sku.size)
    return await chat.house.shop.place_order(
        [wanted], buyer_id=chat.buyer_id, receiver=HOME, note="", request_id=request_id
    )


async def test_orders_of_before_the_turn_are_not_its_deed(chat: Chat) -> None:
    clock = chat.house.clock
    await placed(chat, "before")
    clock.forward(MINUTE)
    began = clock()
    clock.forward(MINUTE)
    first = await placed(chat, "first")
    clock.forward(MINUTE)
    second = await placed(chat, "second")
    deeds = await ShopDeeds(chat.house.shop).since(chat.buyer_id, began)
    assert [one.number for one in deeds] == [first.number, second.number]
    assert all(one.card for one in deeds)


async def test_an_order_of_the_very_moment_counts(chat: Chat) -> None:
    order = await placed(chat, "now")
    deeds = await ShopDeeds(chat.house.shop).since(chat.buyer_id, chat.house.clock())
    assert [one.number for one in deeds] == [order.number]


async def test_another_buyers_orders_are_nobodys_deed_here(chat: Chat) -> None:
    await placed(chat, "r")
    assert await ShopDeeds(chat.house.shop).since("somebody", chat.house.clock()) == []


async def test_of_a_shop_that_is_away_nothing_is_claimed(chat: Chat) -> None:
    began = chat.house.clock()
    await placed(chat, "r")
    shop = FlakyShop(chat.house.shop)
    shop.fail_always()
    deeds = ShopDeeds(shop)  # type: ignore[arg-type]  # every verb by __getattr__
    assert await deeds.since(chat.buyer_id, began) == ()
    assert await deeds.placed(chat.buyer_id, began, began + MINUTE) is None


async def test_the_orders_of_a_talk_are_those_placed_in_its_time(chat: Chat) -> None:
    clock = chat.house.clock
    await placed(chat, "before")
    clock.forward(MINUTE)
    began = clock()
    during = await placed(chat, "during")
    clock.forward(MINUTE)
    ended = clock()
    clock.forward(MINUTE)
    await placed(chat, "after")
    deeds = ShopDeeds(chat.house.shop)
    assert await deeds.placed(chat.buyer_id, began, ended) == [during.number]
