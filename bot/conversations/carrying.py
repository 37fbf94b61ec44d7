"""A visitor who signs in amid an order: what was written down goes along into the buyer's own talk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.conversations import store
from bot.conversations.conversation import Conversation
from bot.conversations.turns import Turns
from bot.database import Database
from bot.engine.facts import product_name

_FORM = "order_form"
# Not what was shown and agreed to: the summary is shown anew, to the buyer that it then belongs to.
_GOES_ALONG = (
    "order_product",
    "order_colour",
    "order_size",
    "order_quantity",
    "order_person",
    "order_at",
    "order_more",
    "order_name",
    "order_phone",
    "order_address",
    "order_note",
    "product_in_talk",
    "colour_in_talk",
    "size_in_talk",
    "quantity_in_talk",
    "product_viewed",
)
_TOLD, _BESIDE = "utter_draft_carried", "utter_draft_beside"


class Carrying:
    def __init__(self, *, database: Database, turns: Turns) -> None:
        self._database, self._turns = database, turns

    async def carry(self, visitor: Conversation, buyers: Conversation) -> bool:
        """Whether the buyer's talk says what becomes of an order that the visitor had begun: it is
        open there now, and whether to go on is asked; or, where the buyer is amid an order already,
        that one stays, and what the visitor wanted is named."""
        if not (visitor.is_with_bot and buyers.is_with_bot):
            return False
        begun = await self._begun(visitor)
        message_id = f"carried-{visitor.conversation_id}-{visitor.last_seq}"
        said = await self._database.read(store.by_message_id, buyers.conversation_id, message_id)
        if not begun or said is not None:
            return False
        told, values, slots = _TOLD, {"what": _what(begun)}, dict[str, Any]()
        if own := await self._begun(buyers):
            told, values = _BESIDE, {**values, "own": _what(own)}
        else:
            slots = {**dict.fromkeys(_GOES_ALONG), **begun, "open_question": "order_it"}
        return await self._turns.interject(
            buyers.conversation_id,
            message_id,
            told,
            values,
            slots,
            lambda _connection, _message, _wording: True,
        )

    async def _begun(self, conversation: Conversation) -> Mapping[str, Any]:
        """The order that is open there; empty where none is."""
        _, memory = await self._database.read(store.with_memory, conversation.conversation_id)
        kept = self._turns.kept_of(memory, _FORM, _GOES_ALONG)
        return kept if kept.get("order_product") else {}


def _what(begun: Mapping[str, Any]) -> str:
    """栖云徒步鞋（黑色 39，2 件）等."""
    quantity = int(begun.get("order_quantity") or 1)
    said = " ".join(str(begun[one]) for one in ("order_colour", "order_size") if begun.get(one))
    details = "，".join(filter(None, (said, f"{quantity} 件" if quantity > 1 else "")))
    name = product_name(str(begun["order_product"]))
    return f"{name}{f'（{details}）' if details else ''}{'等' if begun.get('order_more') else ''}"
