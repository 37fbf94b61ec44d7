"""Whatever cannot be read at the shop, nothing is done that the buyer has not said yes to."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import actions.frame.shop
from bot.conversations.conversation import Status
from bot.conversations.messages import Author, Incoming, Message
from bot.engine.engine import Engine
from bot.settings import Settings
from bot.shop.words.dealing import Order, ReturnCase
from tests.support.flaky import FlakyShop
from tests.support.house import Clock, House, copied_database, settings_in

CALLS = range(1, 9)  # no turn below makes more calls before it answers


class Buyer:
    """A known buyer in a chat of a house whose shop can be made to fail."""

    def __init__(self, house: House, shop: FlakyShop, buyer_id: str, conversation_id: str) -> None:
        self.house, self.shop = house, shop
        self.buyer_id, self.conversation_id = buyer_id, conversation_id

    async def says(self, text: str) -> list[Message]:
        await self._send(text=text)
        return await self.house.turns.answer(self.conversation_id)

    async def presses(self, title: str) -> list[Message]:
        history = await self.house.conversations.history(self.conversation_id)
        for message in reversed(history):
            for index, button in enumerate(message.buttons):
                if button.title == title:
                    await self._send(button=(message.seq, index))
                    return await self.house.turns.answer(self.conversation_id)
        raise AssertionError(f"nobody offered {title}")

    async def _send(self, **what: Any) -> None:
        incoming = Incoming(message_id=uuid.uuid4().hex, **what)
        await self.house.conversations.receive(self.conversation_id, incoming)

    async def orders(self) -> list[Order]:
        return list(await self.house.shop.orders_of(self.buyer_id, limit=20))

    async def returns(self) -> list[ReturnCase]:
        return list(await self.house.shop.returns_of(self.buyer_id))

    async def status(self) -> Status:
        return (await self.house.conversations.find(self.conversation_id)).status

    async def heard(self) -> list[str]:
        history = await self.house.conversations.history(self.conversation_id, limit=200)
        return [one.response for one in history if one.author is Author.BOT and one.response]


Opener = Callable[..., AbstractAsyncContextManager[Buyer]]


@pytest.fixture
def chatting(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, engine: Engine, seeded: Path
) -> Opener:
    @asynccontextmanager
    async def open_chat(buyer_id: str, *lines: str, looking_at: str = "") -> AsyncIterator[Buyer]:
        folder = tmp_path_factory.mktemp("chat")
        own = settings_in(folder, settings)
        database = copied_database(seeded, folder)
        house = House(own, database, engine, Clock.today("12:10", own))
        shop = FlakyShop(house.shop)
        actions.frame.shop.provide(shop)  # type: ignore[arg-type]  # every verb by __getattr__
        opened = await house.conversations.open(
            buyer_id=buyer_id, signed_in=True, channel="web", product_id=looking_at or None
        )
        buyer = Buyer(house, shop, buyer_id, opened.conversation_id)
        for line in lines:
            await buyer.says(line)
        try:
            yield buyer
        finally:
            await house.turns.close()
            database.close()

    return open_chat


NO_YES = {
    "colour": "等一下，要改成灰色",
    "ship time": "什么时候发货",
    "two": "改成两个",
    "cheaper": "能便宜点吗",
    "address": "地址换成上海市徐汇区漕溪北路18号502室",
    "not yet": "先不要了",
    "no": "不要了",
    "invoice": "可以开发票吗",
}


@pytest.mark.parametrize("line", NO_YES.values(), ids=NO_YES)
async def test_no_order_comes_of_what_is_no_yes_whichever_call_fails(
    chatting: Opener, line: str
) -> None:
    failures = 0
    for call in CALLS:
        async with chatting("buyer-laozhou", "黑色42有吗", "要", looking_at="boot-qiyun") as buyer:
            assert (await buyer.heard())[-1] == "utter_ask_order_confirmed"
            before = await buyer.orders()
            buyer.shop.fail_at(call)
            await buyer.says(line)
            failures += len(buyer.shop.failed)
            assert await buyer.orders() == before, (call, buyer.shop.failed)
            assert await buyer.status() is Status.WITH_BOT, (call, buyer.shop.failed)
    assert failures, "no call of this turn has failed: the test proves nothing"


async def test_the_order_confirmed_in_spite_of_a_failing_call_is_told_and_placed_once(
    chatting: Opener,
) -> None:
    for call in CALLS:
        async with chatting("buyer-laozhou", "黑色42有吗", "要", looking_at="boot-qiyun") as buyer:
            before = len(await buyer.orders())
            buyer.shop.fail_at(call)
            await buyer.says("对")
            if len(await buyer.orders()) == before:
                await buyer.says("对")
            assert len(await buyer.orders()) == before + 1, (call, buyer.shop.failed)
            told = {"utter_order_placed", "utter_order_placed_only"} & set(await buyer.heard())
            assert told, (call, buyer.shop.failed)
            assert await buyer.status() is Status.WITH_BOT


async def test_an_order_that_was_stored_though_the_shop_seemed_out_of_reach_is_not_stored_twice(
    chatting: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chatting("buyer-laozhou", "黑色42有吗", "要", looking_at="boot-qiyun") as buyer:
        before = len(await buyer.orders())
        really = buyer.house.shop.place_order

        async def lost_answer(*args: Any, **options: Any) -> Order:
            await really(*args, **options)
            buyer.shop.fail_at(1)
            return await buyer.shop.place_order()  # type: ignore[no-any-return]

        with monkeypatch.context() as patch:
            patch.setattr(buyer.house.shop, "place_order", lost_answer)
            await buyer.says("对")
        assert (await buyer.heard())[-1] == "utter_shop_hiccup"
        await buyer.says("对")
        assert "utter_order_placed" in await buyer.heard()
        assert len(await buyer.orders()) == before + 1


async def test_a_shop_out_of_reach_for_two_turns_is_for_a_person_and_orders_nothing(
    chatting: Opener,
) -> None:
    async with chatting("buyer-laozhou", "黑色42有吗", "要", looking_at="boot-qiyun") as buyer:
        before = await buyer.orders()
        buyer.shop.fail_always()
        [said] = [one.response for one in await buyer.says("对") if one.response]
        assert said == "utter_shop_hiccup"
        await buyer.says("对")
        assert await buyer.status() is Status.WAITING
        assert await buyer.orders() == before


ADDRESS_NO_YES = {
    "ship time": "什么时候发货",
    "phone": "电话也换成13900002222",
    "courier": "发什么快递呀",
}


@pytest.mark.parametrize("line", ADDRESS_NO_YES.values(), ids=ADDRESS_NO_YES)
async def test_no_address_changes_without_a_yes_whichever_call_fails(
    chatting: Opener, line: str
) -> None:
    failures = 0
    for call in CALLS:
        async with chatting(
            "buyer-tangyuan", "帮我改一下地址", "上海市徐汇区漕溪北路18号502室"
        ) as buyer:
            assert (await buyer.heard())[-1] == "utter_address_right"
            before = [order.receiver for order in await buyer.orders()]
            buyer.shop.fail_at(call)
            await buyer.says(line)
            failures += len(buyer.shop.failed)
            after = [order.receiver for order in await buyer.orders()]
            assert after == before, (call, buyer.shop.failed)
            assert await buyer.status() is Status.WITH_BOT, (call, buyer.shop.failed)
    assert failures, "no call of this turn has failed: the test proves nothing"


async def test_no_address_changes_where_it_could_not_be_read_back(chatting: Opener) -> None:
    for call in CALLS:
        async with chatting("buyer-tangyuan", "帮我改一下地址") as buyer:
            before = [order.receiver for order in await buyer.orders()]
            buyer.shop.fail_at(call)
            await buyer.says("上海市徐汇区漕溪北路18号502室")
            assert [order.receiver for order in await buyer.orders()] == before


@pytest.mark.parametrize("line", ["先不取消", "什么时候发货", "算了不取消了"])
async def test_nothing_is_cancelled_without_a_yes_whichever_call_fails(
    chatting: Opener, line: str
) -> None:
    for call in CALLS:
        async with chatting("buyer-ahe", "我不想要了,取消订单") as buyer:
            assert (await buyer.heard())[-1].startswith("utter_ask_cancel")
            before = [order.status for order in await buyer.orders()]
            buyer.shop.fail_at(call)
            await buyer.says(line)
            assert [order.status for order in await buyer.orders()] == before


async def test_a_yes_to_cancelling_that_could_not_be_done_is_asked_for_again(
    chatting: Opener,
) -> None:
    async with chatting("buyer-ahe", "我不想要了,取消订单") as buyer:
        buyer.shop.fail_at(1)
        await buyer.says("嗯,确认")
        assert buyer.shop.failed
        await buyer.says("嗯,确认")
        assert (await buyer.heard())[-1].startswith("utter_cancelled")


async def test_a_change_that_nobody_named_is_not_made_whichever_call_fails(
    chatting: Opener,
) -> None:
    for call in CALLS:
        async with chatting("buyer-ahe", "订单想改一下") as buyer:
            before = [order.lines for order in await buyer.orders()]
            buyer.shop.fail_at(call)
            await buyer.says("你们发什么快递")
            assert [order.lines for order in await buyer.orders()] == before


@pytest.mark.parametrize("line", ["什么时候发货", "算了不退了", "运费谁出"])
async def test_no_return_is_opened_without_its_answers_whichever_call_fails(
    chatting: Opener, line: str
) -> None:
    for call in CALLS:
        async with chatting("buyer-xiaoman", "我要退货") as buyer:
            await buyer.presses("不太喜欢")
            before = await buyer.returns()
            buyer.shop.fail_at(call)
            await buyer.says(line)
            assert await buyer.returns() == before, (call, buyer.shop.failed)


class Asked(NamedTuple):
    """A deed that waits for its yes: how a buyer comes there, and what it would change."""

    buyer_id: str
    lines: tuple[str, ...]
    press: str  # "" where the lines are enough
    question: str
    told: str  # what is said once it is done
    state: Callable[[Buyer], Awaitable[Any]]


async def _lines(buyer: Buyer) -> Any:
    return [order.lines for order in await buyer.orders()]


async def _notes(buyer: Buyer) -> Any:
    return [order.note for order in await buyer.orders()]


async def _titles(buyer: Buyer) -> Any:
    return [order.invoice_title for order in await buyer.orders()]


async def _cases(buyer: Buyer) -> Any:
    return await buyer.returns()


ASKED = {
    "change": Asked(
        "buyer-ahe", ("尺码拍错了,帮我改成37码",), "", "utter_change_right",
        "utter_order_changed", _lines,
    ),
    "exchange": Asked(
        "buyer-xiaoman", ("鞋子小了想换大一码",), "", "utter_return_right_exchange",
        "utter_return_opened_exchange", _cases,
    ),
    "return": Asked(
        "buyer-xiaoman", ("我要退货",), "不太喜欢", "utter_ask_remedy",
        "utter_return_opened_refund", _cases,
    ),
    "note": Asked(
        "buyer-tangyuan", ("麻烦包装好一点,送人的",), "", "utter_ask_note",
        "utter_note_added", _notes,
    ),
    "invoice": Asked(
        "buyer-laoqi", ("帮我开发票", "个人", "qishan@example.com"), "", "utter_invoice_right",
        "utter_invoice_requested", _titles,
    ),
}  # fmt: skip
YES = {"return": "退货退款 299元"}  # the button names deed and sum; the others are asked 对吗


async def _come_there(buyer: Buyer, asked: Asked) -> Any:
    if asked.press:
        await buyer.presses(asked.press)
    assert (await buyer.heard())[-1] == asked.question
    return await asked.state(buyer)


@pytest.mark.parametrize("line", ["什么时候发货", "先不弄了", "等一下，我想想", "你们发什么快递"])
@pytest.mark.parametrize("name", ASKED)
async def test_nothing_is_done_on_what_is_no_yes_whichever_call_fails(
    chatting: Opener, name: str, line: str
) -> None:
    asked = ASKED[name]
    for call in CALLS:
        async with chatting(asked.buyer_id, *asked.lines) as buyer:
            before = await _come_there(buyer, asked)
            buyer.shop.fail_at(call)
            await buyer.says(line)
            assert await asked.state(buyer) == before, (call, buyer.shop.failed)
            if not buyer.shop.failed:
                break


@pytest.mark.parametrize("name", ASKED)
async def test_a_yes_is_done_once_and_told_in_spite_of_a_failing_call(
    chatting: Opener, name: str
) -> None:
    asked, failures = ASKED[name], 0
    for call in CALLS:
        async with chatting(asked.buyer_id, *asked.lines) as buyer:
            before = await _come_there(buyer, asked)
            buyer.shop.fail_at(call)
            for _ in range(2):
                await (buyer.presses(YES[name]) if name in YES else buyer.says("对的"))
                if await asked.state(buyer) != before:
                    break
            failures += len(buyer.shop.failed)
            after = await asked.state(buyer)
            assert after != before, (call, buyer.shop.failed, await buyer.heard())
            assert asked.told in await buyer.heard(), (call, buyer.shop.failed)
            if name in ("return", "exchange"):
                assert len(after) == len(before) + 1
            if not buyer.shop.failed:
                break
    assert failures, "no call of this turn has failed: the test proves nothing"


@pytest.mark.parametrize("name", ASKED)
async def test_a_yes_that_comes_the_next_day_does_nothing(chatting: Opener, name: str) -> None:
    asked = ASKED[name]
    async with chatting(asked.buyer_id, *asked.lines) as buyer:
        before = await _come_there(buyer, asked)
        buyer.house.clock.forward(timedelta(hours=13))
        await (buyer.presses(YES[name]) if name in YES else buyer.says("好的"))
        assert await asked.state(buyer) == before, await buyer.heard()
