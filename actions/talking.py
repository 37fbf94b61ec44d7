"""Greeting, leaving, hesitating: the turns of a talk that ask nothing of the shop's data."""

from __future__ import annotations

import re

from actions.answer import Answer
from actions.cards import product_card
from actions.chat import Chat
from actions.context import show_products, talk_of
from actions.phrasing import day_text, price_text
from bot.dialogue.files import read_matters
from bot.dialogue.matter import Matter
from bot.shop.goods import Product

_PICTURES = re.compile(r"照片|图片|实拍|实物图|视频")


class Greet(Answer):
    """At once, warm, by name; with the goods the buyer is looking at."""

    def name(self) -> str:
        return "action_greet"

    async def answer(self, chat: Chat) -> None:
        if chat.slot("talking_greeted"):
            chat.reply("utter_here")
            return
        chat.keep("talking_greeted", True)
        talk = await talk_of(chat)
        if chat.turn.product_in_view and talk.product is not None:
            welcome_product(chat, talk.product)
            return
        buyer = await chat.buyer()
        if buyer is not None and buyer.orders_count:
            chat.reply("utter_greet_known", nickname=buyer.nickname)
        else:
            chat.reply("utter_greet")


class WelcomeProduct(Answer):
    """The buyer sent or opened a product."""

    def name(self) -> str:
        return "action_welcome_product"

    async def answer(self, chat: Chat) -> None:
        talk = await talk_of(chat)
        if talk.product is None:
            chat.reply("utter_product_gone")
            return
        chat.keep("talking_greeted", True)
        welcome_product(chat, talk.product)


def welcome_product(chat: Chat, product: Product) -> None:
    """Price and one selling point; where it is sold out, when it comes back."""
    show_products(chat, [product.product_id])
    if any(sku.stock > 0 for sku in product.skus):
        chat.reply(
            "utter_welcome_product",
            name=product.name,
            price=price_text(product.price_fen),
            point=product.selling_points[0] if product.selling_points else product.kind,
        )
        return
    days = [sku.restock_on for sku in product.skus if sku.restock_on]
    if days:
        chat.ask(
            "restock_notice",
            "utter_welcome_sold_out_until",
            name=product.name,
            day=day_text(min(days)),
        )
    else:
        chat.ask("restock_notice", "utter_welcome_sold_out", name=product.name)


class Farewell(Answer):
    """Thanks who bought, and lets who did not buy go as a friend."""

    def name(self) -> str:
        return "action_farewell"

    async def answer(self, chat: Chat) -> None:
        await farewell(chat)


async def farewell(chat: Chat) -> None:
    if chat.slot("order_placed"):
        promise = await chat.shop.shipping_promise()
        chat.reply("utter_farewell_bought", cutoff=promise.cutoff)
    elif is_before_buying(chat):
        chat.reply("utter_farewell")
        plan_undecided(chat)
    else:
        chat.reply("utter_farewell_served")


def is_before_buying(chat: Chat) -> bool:
    """Whether the talk was about buying; about an order or a return it was not."""
    if chat.slot("order_in_talk"):
        return False
    return chat.slot("matter") is None or is_about_buying(chat)


def is_about_buying(chat: Chat) -> bool:
    """Whether the wish before this line was one that comes before an order."""
    matter = Matter.of_slot(chat.slot("matter"))
    return matter is not None and matter.intent in read_matters().presale


class AnswerOutOfScope(Answer):
    """Kindly back to what the shop can do."""

    def name(self) -> str:
        return "action_answer_out_of_scope"

    async def answer(self, chat: Chat) -> None:
        if _PICTURES.search(chat.turn.text) and (talk := await talk_of(chat)).product:
            chat.show(product_card(talk.product))
            chat.reply("utter_faq/ask_color")
        else:
            chat.reply("utter_out_of_scope")


class Hesitated(Answer):
    """No pressure: one good reason, an open door, and one gentle message later."""

    def name(self) -> str:
        return "action_hesitated"

    async def answer(self, chat: Chat) -> None:
        talk = await talk_of(chat)
        if talk.product is None or not talk.product.selling_points:
            chat.reply("utter_take_your_time")
            return
        points = talk.product.selling_points
        chat.reply("utter_hesitated", name=talk.product.name, point=points[-1])
        plan_undecided(chat)


class StopFollowingUp(Answer):
    """退订: no more messages that the buyer did not ask for."""

    def name(self) -> str:
        return "action_stop_following_up"

    async def answer(self, chat: Chat) -> None:
        chat.opt_out()
        chat.reply("utter_no_more_messages")


def plan_undecided(chat: Chat) -> None:
    """One message about what the buyer looked at and left; the same goods are planned once."""
    if product_id := chat.slot("product_in_talk"):
        key = f"undecided:{chat.turn.buyer_id}:{product_id}"
        chat.plan_follow_up("undecided", key, product_id=product_id)
