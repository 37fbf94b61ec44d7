"""What is said in the chat leaves the house, too, by the doors that the owner has opened.

The row of the outbox is written in the transaction that says it and is its delivery mark.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

from sqlalchemy.engine import Connection

from bot.conversations.messages import Message
from bot.database import Database
from bot.door_settings import DoorPlan
from bot.followups import store
from bot.followups.kinds import Kind
from bot.followups.rules import FollowUp
from bot.outgoing import outbox
from bot.outgoing.delivery import Delivery
from bot.outgoing.sms import sms_text
from bot.settings_file import SettingsError
from bot.shop.words.dealing import Access
from bot.shop.words.port import Shop

WEBHOOK, SMS = "webhook", "sms"
TARGET = "follow_ups"
_NEWS_FOR = timedelta(hours=1)  # a text message that comes later is none
Push = Callable[[Connection, FollowUp, Kind, Message], None]


def no_push(connection: Connection, follow_up: FollowUp, kind: Kind, message: Message) -> None:
    return None


def demand_known(plan: DoorPlan, kinds: Collection[str]) -> None:
    """Raises SettingsError."""
    for name in sorted(plan.sms.kinds if plan.sms else ()):
        if name not in kinds:
            told = f"没有这一类跟进「{name}」，可以写: {'、'.join(sorted(kinds))}"
            raise SettingsError(f"doors.sms.kinds: {told}")


def pushes(plan: DoorPlan, is_reading: Callable[[str], bool]) -> Push:
    """`is_reading`: whether a page shows this conversation now."""

    def push(connection: Connection, follow_up: FollowUp, kind: Kind, message: Message) -> None:
        key, number = f"follow-up-{follow_up.follow_up_id}", _order_of(follow_up)
        if plan.webhook is not None:
            data = {
                "kind": follow_up.kind,
                "buyer_id": follow_up.buyer_id,
                "conversation_id": message.conversation_id,
                "seq": message.seq,
                "order_number": number,
                "text": message.text,
            }
            outbox.put(
                connection,
                door=WEBHOOK,
                target=TARGET,
                key=key,
                body={"type": "follow_up.sent", "data": data},
                now=message.at,
                buyer_id=follow_up.buyer_id,
            )
        wants_sms = plan.sms is not None and follow_up.kind in plan.sms.kinds
        if plan.sms is not None and wants_sms and not is_reading(message.conversation_id):
            outbox.put(
                connection,
                door=SMS,
                target="",
                key=key,
                body={"text": sms_text(plan.sms.sign, message.text), "order_number": number},
                now=message.at,
                buyer_id=follow_up.buyer_id,
                expires_at=message.at + _NEWS_FOR,
            )

    return push


def phones_of(shop: Shop) -> Callable[[str, str], Awaitable[str]]:
    """Of the order's receiver, or of the buyer; "" where none is known. Raises ShopError."""

    async def phone_of(buyer_id: str, order_number: str) -> str:
        access = Access(buyer_id=buyer_id)
        order = await shop.order(order_number, access) if order_number else None
        if order is not None:
            return order.receiver.phone
        buyer = await shop.buyer(buyer_id)
        return buyer.receiver.phone if buyer is not None else ""

    return phone_of


def unwanted(database: Database) -> Callable[[Delivery], Awaitable[str]]:
    """Asked before each try: who has opted out meanwhile gets no text message any more."""

    async def why(delivery: Delivery) -> str:
        if delivery.door != SMS:
            return ""
        at = await database.read(store.opted_out_at, delivery.buyer_id)
        return "opted out" if at is not None and at >= delivery.created_at else ""

    return why


def _order_of(follow_up: FollowUp) -> str:
    return str(follow_up.about.get("order_number") or "")
