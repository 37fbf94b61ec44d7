"""Plays a conversation test on the real engine, actions, shop and database."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import Connection

from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Incoming, Message
from bot.shop.embedded import tables
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.importing import storing
from bot.shop.words.dealing import (
    Access,
    ParcelEvent,
    Reason,
    Receiver,
    Remedy,
    ReturnStatus,
    WantedLine,
)
from tests.conversations.script import Script, Step, duration
from tests.support.house import House

_BACK = (ReturnStatus.GOODS_SENT, ReturnStatus.GOODS_RECEIVED, ReturnStatus.REFUNDED)


class Unexpected(AssertionError):
    """Something other than the test says came of a turn."""


class Driver:
    def __init__(self, house: House, script: Script) -> None:
        self._house, self._script = house, script
        self._buyer_id = script.buyer or f"visitor:{uuid.uuid4().hex}"
        self._conversation_id = ""
        self._seen = 0  # seq of the last message looked at
        self._transcript: list[str] = []
        self._began = house.clock()

    @property
    def transcript(self) -> tuple[str, ...]:
        """What was said so far, a line each."""
        return tuple(self._transcript)

    async def play(self) -> None:
        """Raises Unexpected with the transcript up to the turn that went wrong."""
        await self._house.feed.read()  # what the shop holds already is no news
        conversation = await self._house.conversations.open(
            buyer_id=self._buyer_id,
            signed_in=self._script.buyer is not None,
            channel="web",
            product_id=self._script.looking_at,
        )
        self._conversation_id = conversation.conversation_id
        for step in self._script.steps:
            self._prepare(step)
            await self._move(step)
            said = await self._new_messages()
            problems = await self._problems(step, said)
            if problems:
                transcript = "\n".join(self._transcript)
                raise Unexpected(
                    f"{self._script.path.name}, 第 {step.number} 轮: {'; '.join(problems)}\n{transcript}"
                )

    # -- moves

    def _prepare(self, step: Step) -> None:
        """Before a move is made; for tests that tell more than moves."""

    async def _move(self, step: Step) -> None:
        house, what = self._house, step.what
        match step.move:
            case "buyer":
                for line in what if isinstance(what, list) else [what]:
                    await self._send(Incoming(message_id=uuid.uuid4().hex, text=str(line)))
            case "press":
                await self._send(await self._pressed(str(what)))
            case "picture":
                picture = {"picture_id": uuid.uuid4().hex, "url": "/x", "width": 1, "height": 1}
                await self._send(Incoming(message_id=uuid.uuid4().hex, picture=picture))
            case "look":
                await house.conversations.view(self._conversation_id, str(what))
            case "agent":
                await self._agent(what)
            case "later":
                await house.later(duration(what))
            case "restock":
                await house.database.run(lambda connection: _restock(connection, what))
            case "shop":
                await self._deal(what)
            case "restart":
                self._house = house.restarted()
        await self._house.turns.answer(self._conversation_id)

    async def _deal(self, what: dict[str, Any]) -> None:
        """An order of this buyer's made elsewhere, and how far the shop is with it; or a price that
        falls, or the buyer's birthday."""
        house, access = self._house, Access(buyer_id=self._buyer_id)
        if cheaper := what.get("cheaper"):
            await house.feed.read()  # the price that was seen
            await house.database.run(lambda connection: _cheaper(connection, cheaper))
            return
        if what.get("birthday"):
            today = house.clock().astimezone(house.settings.shop.zone)
            await house.shop.remember(self._buyer_id, {"birthday": f"{today:%m-%d}"})
            return
        [named] = _listed(what["order"])
        product_id, colour, size = (*named.split(), "", "")[:3]
        order = await house.shop.place_order(
            [WantedLine(product_id=product_id, colour=colour, size=size)],
            buyer_id=self._buyer_id,
            receiver=Receiver(
                name="周行", phone="13800001003", address="浙江省杭州市西湖区文三路1号"
            ),
            note="",
            request_id=uuid.uuid4().hex,
        )
        if what["then"] == "placed":
            return
        await house.shop.pay_order(order.number, access, request_id=uuid.uuid4().hex)
        if what["then"] == "paid":
            return
        zone = house.settings.shop.zone
        office = BackOffice(house.database, clock=house.clock, time_zone=str(zone))
        due_on = house.clock().astimezone(zone).date() + timedelta(days=what.get("due_in", 3))
        await office.pack_order(order.number)
        await office.ship_order(
            order.number,
            courier="顺丰",
            courier_phone="95338",
            tracking_number=f"SF{order.number[-8:]}",
            due_on=due_on,
        )
        is_on_its_way = what["then"] == "shipped"
        text = "到达 郑州分拣中心" if is_on_its_way else "快件已签收，签收人：本人"
        event = ParcelEvent(at=house.clock(), text=text, place="郑州")
        await office.record_parcel_event(order.number, event)
        if what["then"] == "reviewed":
            line_id = order.lines[0].line_id
            await office.record_review(order.number, line_id, stars=5, text="很好")
        elif what["then"] == "refunded":
            case = await house.shop.open_return(
                order.number, access, order.lines[0].line_id, reason=Reason.NO_REASON,
                remedy=Remedy.REFUND, photos=(), wanted="", request_id=uuid.uuid4().hex,
            )  # fmt: skip
            for status in _BACK:
                await office.move_return(case.case_id, status)

    async def _send(self, incoming: Incoming) -> None:
        await self._house.conversations.receive(self._conversation_id, incoming)

    async def _agent(self, what: Any) -> None:
        conversations = self._house.conversations
        if what == "take":
            await conversations.take(self._conversation_id, "小李")
        elif what == "return":
            await conversations.give_back(self._conversation_id)
        else:
            await conversations.say_as_agent(
                self._conversation_id, "小李", uuid.uuid4().hex, what["say"]
            )

    async def _pressed(self, title: str) -> Incoming:
        history = await self._house.conversations.history(self._conversation_id)
        for message in reversed(history):
            for index, button in enumerate(message.buttons):
                if button.title == title:
                    return Incoming(message_id=uuid.uuid4().hex, button=(message.seq, index))
        offered = [button.title for message in history for button in message.buttons]
        raise Unexpected(f"没有「{title}」这个按钮,只有 {offered}\n" + "\n".join(self._transcript))

    async def _new_messages(self) -> list[Message]:
        new = await self._house.conversations.after(self._conversation_id, self._seen)
        for message in new:
            self._seen = message.seq
            self._transcript.append(_line(message))
        return new

    # -- expectations

    async def _problems(self, step: Step, messages: list[Message]) -> list[str]:
        said = [message for message in messages if message.author is Author.BOT]
        conversation = await self._house.conversations.find(self._conversation_id)
        problems: list[str] = []
        for name, wanted in step.expected.items():
            problems += await self._check(name, wanted, said, messages, conversation)
        return problems

    async def _check(
        self,
        name: str,
        wanted: Any,
        said: list[Message],
        messages: list[Message],
        conversation: Conversation,
    ) -> list[str]:
        text = "\n".join(message.text for message in said)
        responses = [message.response for message in said if message.response]
        match name:
            case "replies":
                return [] if _in_order(_listed(wanted), responses) else [f"回复是 {responses}"]
            case "only":
                return [] if _listed(wanted) == responses else [f"回复是 {responses}"]
            case "says":
                shown = (
                    text + "\n" + "\n".join(str(message.card) for message in said if message.card)
                )
                return [f"没有说「{part}」" for part in _listed(wanted) if str(part) not in shown]
            case "never":
                return [f"说了「{part}」" for part in _listed(wanted) if str(part) in text]
            case "card":
                cards = [message.card["type"] for message in said if message.card]
                return [] if _in_order(_listed(wanted), cards) else [f"卡片是 {cards}"]
            case "buttons":
                titles = [button.title for message in said for button in message.buttons]
                return [
                    f"没有按钮「{one}」,有 {titles}" for one in _listed(wanted) if one not in titles
                ]
            case "understood":
                intents = [
                    one["intent"]
                    for message in await self._settled(messages)
                    for one in message.understood
                ]
                return [] if _listed(wanted) == intents else [f"理解成 {intents}"]
            case "status":
                status = conversation.status.value
                return [] if status == wanted else [f"状态是 {status}"]
            case "reason":
                reason = conversation.hand_over_reason
                return [] if reason == wanted else [f"转人工是因为 {reason}"]
            case "silent":
                return [f"说了 {text}"] if bool(said) == bool(wanted) else []
            case "summary":
                return [
                    f"摘要里没有「{part}」: {conversation.summary}"
                    for part in _listed(wanted)
                    if str(part) not in str(conversation.summary)
                ]
            case "order":
                return await self._check_order(wanted)
        return await self._check_return(wanted)

    async def _settled(self, messages: list[Message]) -> list[Message]:
        if not messages:
            return []
        return await self._house.conversations.after(self._conversation_id, messages[0].seq - 1)

    async def _check_order(self, wanted: dict[str, Any]) -> list[str]:
        orders = await self._house.shop.orders_of(self._buyer_id, limit=20)
        if not orders:
            return ["没有订单"]
        order = await self._house.shop.order(orders[0].number, Access(buyer_id=self._buyer_id))
        assert order is not None
        line = order.lines[0]
        facts = {
            "status": order.status.value,
            "product": line.product_id,
            "colour": line.colour,
            "size": line.size,
            "quantity": line.quantity,
            "unit_price_fen": line.unit_price_fen,
            "lines": [
                " ".join(filter(None, (one.product_id, one.colour, one.size, f"x{one.quantity}")))
                for one in order.lines
            ],
            "new_orders": len([one for one in orders if one.created_at >= self._began]),
            "total_fen": order.total_fen,
            "receiver": order.receiver.name,
            "phone": order.receiver.phone,
            "address": order.receiver.address,
            "note": order.note,
            "gift": order.gift,
            "invoice_title": order.invoice_title,
        }
        return _differing("订单", facts, wanted)

    async def _check_return(self, wanted: dict[str, Any]) -> list[str]:
        cases = await self._house.shop.returns_of(self._buyer_id)
        if not cases:
            return ["没有退换单"]
        newest = max(cases, key=lambda case: case.opened_at)
        facts = {
            "status": newest.status.value,
            "order": newest.order_number,
            "remedy": newest.remedy.value,
            "reason": newest.reason.value,
            "wanted": newest.wanted,
            "photos": len(newest.photos),
        }
        return _differing("退换单", facts, wanted)


def _cheaper(connection: Connection, product_id: str) -> None:
    """Ten yuan."""
    table = tables.products
    this = table.c.product_id == product_id
    connection.execute(table.update().where(this).values(price_fen=table.c.price_fen - 1000))
    storing.renew_version(connection)


def _restock(connection: Connection, what: dict[str, Any]) -> None:
    """Ten new pieces of one SKU arrive."""
    skus = tables.skus
    connection.execute(
        update(skus)
        .where(
            skus.c.product_id == what["product"],
            skus.c.colour == what["colour"],
            skus.c.size == str(what["size"]),
        )
        .values(on_hand=skus.c.on_hand + 10, restock_on=None)
    )


def _differing(what: str, facts: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    return [
        f"{what}的 {name} 是 {facts[name]}"
        for name, value in wanted.items()
        if str(facts[name]) != str(value)
    ]


def _listed(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def _in_order(wanted: list[Any], found: list[Any]) -> bool:
    rest = iter(found)
    return all(one in rest for one in wanted)


def _line(message: Message) -> str:
    text = message.text or (f"[卡片 {message.card['type']}]" if message.card else "[图片]")
    buttons = "".join(f" [{button.title}]" for button in message.buttons)
    name = f" ({message.response})" if message.response else ""
    return f"  {message.author.value:>6}: {text}{buttons}{name}"
