"""What may hurt somebody comes before everything: stop, keep it, see to the person, fetch one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.answering.answer import Answer
from actions.choosing.facts import tell_facts
from actions.choosing.which import which_ones
from actions.frame.chat import Chat
from actions.hearing.context import talk_of
from actions.hearing.sheet import facts_asked, suited_asked
from bot.handing_over import HandOverReason
from bot.shop.words.goods import Product

_URGENT = ("unwell", "foul", "unsafe_goods")  # 脸肿了，漏气了: the body comes first
_WHOM = 2  # characters that name a person: 孕妇, 敏感
_OF_WHAT_IT_IS = ("ingredients", "material", "quality")


class KeepSafe(Answer):
    """By the cue that was heard (data/patterns/entities/selling.yml)."""

    def name(self) -> str:
        return "action_keep_safe"

    async def answer(self, chat: Chat) -> None:
        said = chat.turn.values("cue")
        urgent = next((one for one in _URGENT if one in said), None)
        if urgent is not None:
            is_new = not any(_goes_on(one, urgent) for one in chat.turn.entities)
            chat.reply(f"utter_safety_{urgent}" if is_new else "utter_safety_still")
            chat.hand_over(HandOverReason.SAFETY, f"安全问题: {chat.turn.text[:60]}")
            return
        if await which_ones(chat):  # 哪些孕妇能吃
            chat.reply("utter_safety_ask_doctor")
            return
        talk = await talk_of(chat)
        product = talk.product
        if product is not None and _is_written(chat, product):
            tell_facts(chat, talk, chat.turn.text)  # 孕妇不建议, in the shop's own column
            return
        chat.reply("utter_safety_ask_doctor")
        if product is not None:
            chat.note_unwritten(product.product_id)
        facts = [] if product is None else [product.fact(one) for one in _OF_WHAT_IT_IS]
        if product is not None and (fact := next((one for one in facts if one), None)):
            chat.reply("utter_safety_ask_doctor_fact", name=product.name, fact=fact)


def _goes_on(entity: Mapping[str, Any], urgent: str) -> bool:
    """The line says nothing of it itself: it was said before."""
    return entity.get("value") == urgent and entity.get("extractor") == "matter"


def _is_written(chat: Chat, product: Product) -> bool:
    """Whether the sheet itself says something of whom was asked about."""
    text = chat.turn.text
    asked = [one for one in chat.turn.entities if one.get("value") == "ask_doctor"]
    whom = [text[one["start"] :][:_WHOM] for one in asked if "start" in one]
    facts = facts_asked(text, product)
    return bool(suited_asked(text, product)) or any(who in fact for who in whom for fact in facts)
