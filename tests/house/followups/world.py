"""One buyer's dealings with the demo shop, as the tests of follow-ups need them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversations.messages import Author
from bot.followups.tables import follow_ups, judgements
from bot.shop.embedded import tables
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.words.dealing import Access, Order, ParcelEvent, Receiver, WantedLine
from bot.shop.words.goods import ProductQuery
from tests.house.conftest import Chat
from tests.support.house import House

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOME = Receiver(name="王芳", phone="13800138000", address="浙江省杭州市西湖区文三路1号")


def office_of(house: House) -> BackOffice:
    return BackOffice(house.database, clock=house.clock, time_zone=str(house.settings.shop.zone))


async def placed(chat: Chat, request_id: str = "r1", product_id: str = "") -> Order:
    """An unpaid order of one piece by this chat's buyer; of the first goods that are there."""
    shop = chat.house.shop
    if not product_id:
        found = await shop.recommend(ProductQuery(limit=1))
        product_id = found[0].product.product_id
    product = await shop.product(product_id)
    assert product is not None
    sku = next(sku for sku in product.skus if sku.stock)
    wanted = WantedLine(product_id=product_id, colour=sku.colour, size=sku.size)
    return await shop.place_order(
        [wanted], buyer_id=chat.buyer_id, receiver=HOME, note="", request_id=request_id
    )


async def pay(chat: Chat, order: Order) -> None:
    access = Access(buyer_id=chat.buyer_id)
    await chat.house.shop.pay_order(order.number, access, request_id=f"pay{order.number}")


async def sent_off(chat: Chat, order: Order, *, days: int = 3) -> None:
    """Paid, packed, given to a courier who promises it in so many days."""
    await pay(chat, order)
    office = office_of(chat.house)
    await office.pack_order(order.number)
    today = chat.house.clock().astimezone(chat.house.settings.shop.zone).date()
    await office.ship_order(
        order.number,
        courier="顺丰",
        courier_phone="95338",
        tracking_number=f"SF{order.number[-8:]}",
        due_on=today + timedelta(days=days),
    )


async def scanned(chat: Chat, order: Order, text: str, place: str = "杭州") -> None:
    event = ParcelEvent(at=chat.house.clock(), text=text, place=place)
    await office_of(chat.house).record_parcel_event(order.number, event)


async def said(chat: Chat) -> list[str]:
    """Names of the follow-ups that this chat got."""
    history = await chat.house.conversations.history(chat.id, limit=200)
    return [
        message.response.removeprefix("utter_follow_up_")
        for message in history
        if message.author is Author.BOT and message.response.startswith("utter_follow_up")
    ]


async def rows(house: House, *columns: str) -> list[tuple[Any, ...]]:
    """Of the follow-ups, in the order in which they were planned."""
    names = columns or ("kind", "status", "dropped_because")

    def read(connection: Any) -> list[tuple[Any, ...]]:
        query = sa.select(*[follow_ups.c[name] for name in names])
        return [tuple(row) for row in connection.execute(query.order_by(follow_ups.c.follow_up_id))]

    return await house.database.read(read)


async def reasons(house: House, kind: str = "") -> list[tuple[str, str, str]]:
    """Every verdict that was written down, with its reason and which ending came."""

    def read(connection: Any) -> list[tuple[str, str, str]]:
        columns = (judgements.c.verdict, judgements.c.reason, judgements.c.detail)
        query = sa.select(*columns).join(
            follow_ups, follow_ups.c.follow_up_id == judgements.c.follow_up_id
        )
        if kind:
            query = query.where(follow_ups.c.kind == kind)
        return [tuple(row) for row in connection.execute(query.order_by(judgements.c.judgement_id))]

    return await house.database.read(read)


async def stock(house: House, product_id: str, colour: str, size: str, pieces: int) -> None:
    def write(connection: Any) -> None:
        table = tables.skus
        of_sku = (
            table.c.product_id == product_id, table.c.colour == colour, table.c.size == size,
        )  # fmt: skip
        connection.execute(table.update().where(*of_sku).values(on_hand=table.c.reserved + pieces))

    await house.database.run(write)


def local(house: House) -> datetime:
    return house.clock().astimezone(house.settings.shop.zone)
