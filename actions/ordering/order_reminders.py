"""Goods that were nearly taken when the order of others began: they are not lost without a word."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.hearing.profile import profile_of
from bot.shop.words.goods import Product


async def remind_of_other(chat: Chat, *, beside: Product) -> None:
    """Of the goods talked of before these, with a colour or size of their own; refused goods and
    rivals of the same kind are let go."""
    other_id = chat.slot("product_before")
    before = await chat.shop.product(other_id) if other_id else None
    if before is None:
        return
    is_chosen_among = chat.turn.has("ordinal")  # 就刚才第一个吧
    is_rival = before.product_id == beside.product_id or before.kind == beside.kind
    if is_rival or is_chosen_among or before.product_id in profile_of(chat).refused:
        return
    chosen = (chat.slot("colour_in_talk") in before.colours and len(before.colours) > 1) or (
        chat.slot("size_in_talk") in before.sizes and len(before.sizes) > 1
    )
    if chosen:
        chat.reply("utter_before_too", name=before.name)
