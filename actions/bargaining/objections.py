"""Reasons against a doubt, out of the product's own data: each is told once, then another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from actions.answering.handoff import offer_person
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.profile import keep, profile_of
from bot.handing_over import HandOverReason
from bot.shop.words.goods import Product

_MANY = 100  # pieces sold from which on the number speaks for the goods
SEVEN_DAYS = "seven_days"


@dataclass(frozen=True, kw_only=True)
class Reason:
    mark: str  # what is kept when it was told
    response: str
    values: dict[str, Any] = field(default_factory=dict)


def reasons_for(
    product: Product | None, topics: Sequence[str] = (), *, may_return: bool = True
) -> list[Reason]:
    """What speaks for these goods: what was asked about, how it is made, who stands for it, who
    buys it. Without goods, what the shop stands for; `may_return`: that its goods may come back."""
    if product is None:
        told = [Reason(mark="proof", response="utter_reason_which_proof")]
        told += [Reason(mark="returns", response="utter_reason_returns")] if may_return else []
        return [*told, Reason(mark="record", response="utter_reason_record")]
    found: list[Reason] = []
    for topic in (*topics, "quality", "material"):
        if fact := product.fact(topic):
            found.append(_fact(product, topic, fact))
    if fact := product.fact("warranty"):
        mark = f"{product.product_id}:warranty"
        found.append(Reason(mark=mark, response="utter_reason_warranty", values={"fact": fact}))
    if product.returnable == SEVEN_DAYS:
        found.append(Reason(mark="returns", response="utter_reason_returns"))
    if product.sold >= _MANY:
        values = {"name": product.name, "sold": product.sold}
        mark = f"{product.product_id}:sold"
        found.append(Reason(mark=mark, response="utter_reason_sold", values=values))
    return found


def _fact(product: Product, topic: str, fact: str) -> Reason:
    mark = f"{product.product_id}:{topic}"
    return Reason(mark=mark, response="utter_reason_fact", values={"fact": fact})


def was_told(chat: Chat, mark: str) -> bool:
    return mark in profile_of(chat).reasons


def mark_told(chat: Chat, *marks: str) -> None:
    profile = profile_of(chat)
    keep(chat, replace(profile, reasons=tuple(dict.fromkeys((*profile.reasons, *marks)))))


def tell_next(chat: Chat, reasons: Sequence[Reason]) -> bool:
    """The first of these that was not told; False where all were."""
    for reason in reasons:
        if not was_told(chat, reason.mark):
            mark_told(chat, reason.mark)
            chat.reply(reason.response, **reason.values)
            return True
    return False


def end_of_reasons(chat: Chat) -> None:
    """Nothing new can be said: owns up to it, and a person may say more."""
    chat.reply("utter_reasons_all_told")
    offer_person(chat, HandOverReason.NO_DATA)


def answer_elsewhere(chat: Chat, product: Product) -> bool:
    """别家才卖三百, the first time: what these goods are made of rather than another price."""
    mark = f"{product.product_id}:elsewhere"
    facts = [product.fact(topic) for topic in ("quality", "warranty", "material")]
    fact = next((one for one in (*facts, *product.selling_points) if one), None)
    if fact is None or was_told(chat, mark):
        return False
    mark_told(chat, mark)
    chat.ask("take_offer", "utter_reason_elsewhere", name=product.name, fact=fact)
    return True


def answer_same_elsewhere(chat: Chat, product: Product | None) -> bool:
    """跟别家一样的吧: what these goods are made of, checked by and stand for, each once; False
    where no goods are talked of or all was told."""
    if product is None or not hears(chat.turn, "same_elsewhere"):
        return False
    topics = ("material", "quality", "warranty")
    told = [(topic, fact) for topic in topics if (fact := product.fact(topic))]
    told += [(point, point) for point in product.selling_points]
    for topic, fact in told:
        mark = f"{product.product_id}:{topic}"
        if not was_told(chat, mark):
            mark_told(chat, mark)
            chat.ask("like_it", "utter_reason_same_elsewhere", name=product.name, fact=fact)
            return True
    return False
