"""What the simulated shop's buyers do, a deed at a time: order, pay or not, weigh, say no, write at two doors."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.conversations.conversation import Status
from bot.conversations.messages import Incoming
from bot.engine.turns import FollowUpWish, Reply, Said, Speaker, TurnResult
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.words.dealing import Access, OrderStatus, Reason, Receiver, Remedy, WantedLine
from bot.shop.words.errors import ShopError
from tests.support.house import House

HOME = Receiver(name="王芳", phone="13800138000", address="浙江省杭州市西湖区文三路1号")
GOODS = ("boot-qiyun", "sunscreen-50", "tee-sugan")
# How often a deed is done, beside the others.
WEIGHTS = {
    "order": 30, "pay": 22, "cancel": 3, "weigh": 12, "refuse": 3, "opt_out": 1, "write": 10,
    "review": 4, "person": 5, "wait_for_stock": 4, "send_back": 2,
}  # fmt: skip
_PERSON_STAYS = (timedelta(minutes=20), timedelta(hours=6))


class Mute:
    """An engine that says okay; what a buyer weighs is planned as the real one would."""

    model_id = "mute"

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        weighs = next((one.text for one in said if one.text.startswith("再想想 ")), "")
        wishes: tuple[FollowUpWish, ...] = ()
        if weighs:
            product_id = weighs.split()[1]
            key = f"undecided:{speaker.buyer_id}:{product_id}"
            about = {"product_id": product_id}
            wishes = (FollowUpWish(kind="undecided", key=key, about=about),)
        return TurnResult(
            replies=(Reply(text="好的"),), understood=(), memory="m", follow_ups=wishes
        )

    async def words(self, response: str, **values: Any) -> Reply:
        return Reply(text=f"<{response}>", response=response)

    def kept_of(self, memory: str, form: str, slots: Sequence[str]) -> dict[str, Any]:
        return {}

    async def note(self, conversation_id: str, memory: str, **_: Any) -> str:
        return "m"


@dataclass
class Dealer:
    """One buyer with chats at up to two doors, and what came of them."""

    buyer_id: str
    chats: dict[str, str] = field(default_factory=dict)  # door → conversation
    orders: list[str] = field(default_factory=list)
    opted_out_at: datetime | None = None


class Dealings:
    def __init__(self, houses: list[House], dealers: Sequence[Dealer], chance: random.Random):
        """`houses`: the first is the one that is open now; a restart replaces it."""
        self._houses, self._dealers, self._chance = houses, dealers, chance
        self.weights = dict(WEIGHTS)
        self._leaves_at: dict[str, datetime] = {}  # chats that a colleague has

    @property
    def _house(self) -> House:
        return self._houses[0]

    @property
    def office(self) -> BackOffice:
        zone = str(self._house.settings.shop.zone)
        return BackOffice(self._house.database, clock=self._house.clock, time_zone=zone)

    async def any(self) -> None:
        dealer = self._chance.choice(self._dealers)
        [name] = self._chance.choices(list(self.weights), list(self.weights.values()))
        await self.do(name, dealer)

    async def do(self, name: str, dealer: Dealer) -> None:
        deed: Callable[[Dealer], Any] = getattr(self, name)
        try:
            await deed(dealer)
        except ShopError:  # sold out, too late: as buyers meet it
            return

    async def chat(self, dealer: Dealer, door: str) -> str:
        if door not in dealer.chats:
            opened = await self._house.conversations.open(
                buyer_id=dealer.buyer_id, signed_in=True, channel=door
            )
            dealer.chats[door] = opened.conversation_id
            await self._say(dealer.chats[door], "在吗")
        return dealer.chats[door]

    async def _say(self, conversation_id: str, text: str) -> None:
        incoming = Incoming(message_id=uuid.uuid4().hex, text=text)
        await self._house.conversations.receive(conversation_id, incoming)
        await self._house.turns.answer(conversation_id)

    def _door(self) -> str:
        return self._chance.choice(("web", "rest"))

    async def order(self, dealer: Dealer) -> None:
        product_id = self._chance.choice(GOODS)
        product = await self._house.shop.product(product_id)
        assert product is not None
        sku = self._chance.choice(product.skus)
        order = await self._house.shop.place_order(
            [WantedLine(product_id=product_id, colour=sku.colour, size=sku.size)],
            buyer_id=dealer.buyer_id,
            receiver=HOME,
            note="",
            request_id=uuid.uuid4().hex,
        )
        dealer.orders.append(order.number)
        if self._chance.random() < 0.4:
            await self.pay(dealer)

    async def pay(self, dealer: Dealer) -> None:
        if dealer.orders:
            access = Access(buyer_id=dealer.buyer_id)
            request_id = uuid.uuid4().hex
            await self._house.shop.pay_order(dealer.orders[-1], access, request_id=request_id)

    async def cancel(self, dealer: Dealer) -> None:
        if dealer.orders:
            access = Access(buyer_id=dealer.buyer_id)
            await self._house.shop.cancel_order(
                dealer.orders[-1], access, reason="", request_id=uuid.uuid4().hex
            )

    async def weigh(self, dealer: Dealer) -> None:
        chat = await self.chat(dealer, "web")
        await self._say(chat, f"再想想 {self._chance.choice(GOODS)}")

    async def refuse(self, dealer: Dealer) -> None:
        await self._say(await self.chat(dealer, "web"), "不买了")

    async def write(self, dealer: Dealer) -> None:
        await self._say(await self.chat(dealer, self._door()), "几天能到")

    async def opt_out(self, dealer: Dealer) -> None:
        await self._say(await self.chat(dealer, self._door()), "退订")
        dealer.opted_out_at = self._house.clock()

    async def person(self, dealer: Dealer) -> None:
        """A colleague comes, and goes again after a while, or now where one was there."""
        chat = await self.chat(dealer, self._door())
        found = await self._house.conversations.find(chat)
        if found.status is Status.WITH_AGENT:
            await self._house.conversations.give_back(chat)
            return
        await self._house.conversations.take(chat, "小李")
        shortest, longest = _PERSON_STAYS
        stays = shortest + (longest - shortest) * self._chance.random()
        self._leaves_at[chat] = self._house.clock() + stays

    async def colleagues_leave(self) -> None:
        """Those whose time with a buyer is over."""
        now = self._house.clock()
        for chat in [chat for chat, at in self._leaves_at.items() if at <= now]:
            del self._leaves_at[chat]
            found = await self._house.conversations.find(chat)
            if found.status is Status.WITH_AGENT:
                await self._house.conversations.give_back(chat)

    async def review(self, dealer: Dealer) -> None:
        for order in await self._house.shop.orders_of(dealer.buyer_id):
            if order.status is OrderStatus.DELIVERED:
                stars = self._chance.choice((1, 4, 5, 5))
                await self.office.record_review(order.number, "1", stars=stars, text="还行")
                return

    async def send_back(self, dealer: Dealer) -> None:
        """Something that was signed for goes back; of what has not left the money does."""
        for order in await self._house.shop.orders_of(dealer.buyer_id):
            if order.status in (OrderStatus.PAID, OrderStatus.DELIVERED):
                await self._house.shop.open_return(
                    order.number, Access(buyer_id=dealer.buyer_id), order.lines[0].line_id,
                    reason=Reason.NO_REASON, remedy=Remedy.REFUND, photos=(), wanted="",
                    request_id=uuid.uuid4().hex,
                )  # fmt: skip
                return

    async def wait_for_stock(self, dealer: Dealer) -> None:
        product = await self._house.shop.product(self._chance.choice(GOODS))
        assert product is not None
        sku = self._chance.choice(product.skus)
        await self._house.shop.ask_restock_notice(
            product.product_id, sku.colour, sku.size,
            buyer_id=dealer.buyer_id, request_id=uuid.uuid4().hex,
        )  # fmt: skip
