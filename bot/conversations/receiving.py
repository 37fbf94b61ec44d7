"""A buyer's message at the house's side of the door: made safe, given its meaning, written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author, Incoming, Message, Receipt
from bot.conversations.ports import OptOuts, OwnNumbers
from bot.conversations.private_numbers import hidden
from bot.conversations.reflexes import LONGEST_KEPT, cleaned
from bot.conversations.sessions import go_on
from bot.nlu.opting_out import read_opting_out


class Unsendable(Exception):
    """A message that cannot be taken; `code` is for programs, `message` for the buyer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


class UnknownConversation(Exception):
    """No conversation has this id."""


class Receiving:
    def __init__(
        self, *, opt_outs: OptOuts, own_numbers: OwnNumbers | None, silence: timedelta
    ) -> None:
        """`own_numbers`: None where the shop's orders are kept elsewhere; `silence`: ends a talk."""
        self._opt_outs, self._own_numbers, self._silence = opt_outs, own_numbers, silence

    def write_down(
        self, connection: Connection, conversation_id: str, incoming: Incoming, now: datetime
    ) -> tuple[Receipt, Conversation, Message]:
        conversation = existing(connection, conversation_id)
        known = store.by_message_id(connection, conversation_id, incoming.message_id)
        if known is not None:
            return Receipt(seq=known.seq, is_new=False), conversation, known
        safe = self._without_private_numbers(connection, conversation_id, incoming.text)
        text, payload = _meaning(connection, conversation_id, replace(incoming, text=safe))
        pressed_seq, pressed_index = incoming.button or (None, None)
        if conversation.status is Status.CLOSED:
            conversation = conversation.reopen()
        if not conversation.bot_may_answer:
            self._heed_opt_out(connection, conversation, text, now)
        conversation = go_on(connection, conversation, now, self._silence)
        conversation = replace(conversation, last_buyer_at=now)
        store.save(connection, conversation)
        message = store.append(
            connection,
            Message(
                conversation_id=conversation_id,
                seq=0,
                message_id=incoming.message_id,
                author=Author.BUYER,
                at=now,
                text=text,
                picture=incoming.picture,
                card=incoming.card,
                payload=payload,
                pressed_seq=pressed_seq,
                pressed_index=pressed_index,
            ),
            is_pending=conversation.bot_may_answer,
        )
        return Receipt(seq=message.seq, is_new=True), conversation, message

    def _without_private_numbers(
        self, connection: Connection, conversation_id: str, text: str
    ) -> str:
        if sum(map(str.isdigit, text)) < 4:
            return text
        last = store.before(connection, conversation_id, limit=1)
        own = self._own_numbers
        return hidden(
            text,
            before=last[0].text if last and last[0].author is Author.BUYER else "",
            is_ours=lambda number: own is not None and own(connection, number),
        )

    def _heed_opt_out(
        self, connection: Connection, conversation: Conversation, text: str, now: datetime
    ) -> None:
        """No turn reads what is said to a person, and 退订 counts there too."""
        was_last = self._opt_outs.was_last(connection, conversation)
        if read_opting_out(text, after_follow_up=was_last).opts_out:
            self._opt_outs.opt_out(connection, conversation, now)


def sendable(text: str) -> str:
    clean = cleaned(text)
    if len(clean) > LONGEST_KEPT:
        raise Unsendable("too_long", f"一条消息最多 {LONGEST_KEPT} 字，请分几条发")
    return clean


def existing(connection: Connection, conversation_id: str) -> Conversation:
    conversation = store.find(connection, conversation_id, lock=True)
    if conversation is None:
        raise UnknownConversation(conversation_id)
    return conversation


def _meaning(
    connection: Connection, conversation_id: str, incoming: Incoming
) -> tuple[str, dict[str, object] | None]:
    """The text to show and the payload to act on. Raises Unsendable for a button we never gave."""
    if incoming.picture is not None:
        picture = {"picture": incoming.picture["picture_id"]}
        return incoming.text, {"intent": "send_picture", "entities": picture}
    if incoming.product_id:
        product = {"product": incoming.product_id}
        return incoming.text or "[商品]", {"intent": "view_product", "entities": product}
    if incoming.button is None:
        return incoming.text, dict(incoming.payload) if incoming.payload else None
    seq, index = incoming.button
    offered = store.by_seq(connection, conversation_id, seq)
    # A suggestion was shown to agents alone: its buttons were offered to nobody.
    if (
        offered is None
        or offered.author is not Author.BOT
        or index not in range(len(offered.buttons))
    ):
        raise Unsendable("unknown_button", "这个按钮过期啦，直接打字告诉我就好")
    button = offered.buttons[index]
    return button.title, dict(button.payload) if button.payload else None
