"""What is said in the chat leaves the house, too, by the doors that the owner has opened.

The row of the outbox is written in the transaction that says it and is its delivery mark.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from bot.conversations.messages import Message
from bot.database import Database
from bot.door_settings import DoorPlan
from bot.followups import store
from bot.followups.kinds import Kind
from bot.followups.looking import last_wrote_at
from bot.followups.rules import FollowUp
from bot.outgoing import claimed, outbox
from bot.outgoing.delivery import Delivery, NotNow
from bot.outgoing.sms import sms_text
from bot.settings_file import SettingsError
from bot.shop.words.dealing import Access
from bot.shop.words.errors import ShopError
from bot.shop.words.port import Shop

WEBHOOK, SMS, EMAIL = "webhook", "sms", "email"
TARGET = "follow_ups"
_OF_FOLLOW_UP = "follow-up-"
_NEWS_FOR = timedelta(hours=1)  # a text message that comes later is none
_MAIL_FOR = timedelta(hours=12)
Push = Callable[[Connection, FollowUp, Kind, Message], None]


def no_push(connection: Connection, follow_up: FollowUp, kind: Kind, message: Message) -> None:
    return None


def demand_known(plan: DoorPlan, kinds: Collection[str]) -> None:
    """Raises SettingsError."""
    for door, its in ((SMS, plan.sms), (EMAIL, plan.email)):
        for name in sorted(its.kinds if its else ()):
            if name not in kinds:
                told = f"没有这一类跟进「{name}」，可以写: {'、'.join(sorted(kinds))}"
                raise SettingsError(f"doors.{door}.kinds: {told}")


def pushes(plan: DoorPlan, is_reading: Callable[[str], bool]) -> Push:
    """`is_reading`: whether a page shows this conversation now."""

    def push(connection: Connection, follow_up: FollowUp, kind: Kind, message: Message) -> None:
        key, number = f"{_OF_FOLLOW_UP}{follow_up.follow_up_id}", _order_of(follow_up)
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
        if is_reading(message.conversation_id):
            return
        if plan.sms is not None and follow_up.kind in plan.sms.kinds:
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
        if plan.email is not None and follow_up.kind in plan.email.kinds:
            outbox.put(
                connection,
                door=EMAIL,
                target="",
                key=key,
                body={"text": message.text},
                now=message.at,
                buyer_id=follow_up.buyer_id,
                expires_at=message.at + _MAIL_FOR,
            )

    return push


def phones_of(shop: Shop) -> Callable[[str, str], Awaitable[str]]:
    """Of the order's receiver, or of the buyer; "" where none is known. Raises NotNow."""

    async def phone_of(buyer_id: str, order_number: str) -> str:
        access = Access(buyer_id=buyer_id)
        try:
            order = await shop.order(order_number, access) if order_number else None
            if order is not None:
                return order.receiver.phone
            buyer = await shop.buyer(buyer_id)
        except ShopError as error:
            raise NotNow("the shop does not say where to") from error
        return buyer.receiver.phone if buyer is not None else ""

    return phone_of


def emails_of(shop: Shop, database: Database) -> Callable[[str], Awaitable[str]]:
    """As the shop's signed token claims it, else as its rows say; "" where none is known.

    Raises NotNow.
    """

    async def email_of(buyer_id: str) -> str:
        if email := await database.read(claimed.of_buyer, buyer_id):
            return email
        try:
            buyer = await shop.buyer(buyer_id)
        except ShopError as error:
            raise NotNow("the shop does not say where to") from error
        return buyer.email if buyer is not None else ""

    return email_of


def unwanted(
    database: Database, plan: DoorPlan, clock: Callable[[], datetime]
) -> Callable[[Delivery], Awaitable[str]]:
    """Asked before each try.

    Who has opted out meanwhile gets neither text message nor e-mail, and no follow-up leaves by a
    door whose reply window has closed since the buyer's own last line, in whatever chat.
    """
    by_door = {WEBHOOK: plan.webhook, SMS: plan.sms, EMAIL: plan.email}
    windows = {door: its.reply_window for door, its in by_door.items() if its and its.reply_window}

    async def why(delivery: Delivery) -> str:
        if delivery.door in (SMS, EMAIL):
            at = await database.read(store.opted_out_at, delivery.buyer_id)
            if at is not None and at >= delivery.created_at:
                return "opted out"
        window = windows.get(delivery.door)
        if window is not None and delivery.key.startswith(_OF_FOLLOW_UP):
            wrote = await database.read(last_wrote_at, delivery.buyer_id)
            if wrote is None or clock() - wrote > window:
                return "outside the reply window"
        return ""

    return why


def _order_of(follow_up: FollowUp) -> str:
    return str(follow_up.about.get("order_number") or "")
