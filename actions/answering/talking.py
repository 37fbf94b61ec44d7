"""Greeting, leaving, hesitating: the turns of a talk that ask nothing of the shop's data."""

from __future__ import annotations

from dataclasses import replace

from actions.answering.answer import Answer
from actions.frame.cards import product_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import day_text, from_text
from actions.hearing.context import is_after_sale, show_products, talk_of
from actions.hearing.order_access import own_orders
from actions.hearing.profile import keep, profile_of
from actions.hearing.sheet import facts_asked, topics_of
from bot.dialogue.files import read_matters
from bot.dialogue.matter import Matter
from bot.shop.words.dealing import OrderStatus
from bot.shop.words.goods import Product

_SERVED = (OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


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
            price=from_text(product),
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
    if (chat.turn.requested_slot or "").endswith("_confirmed"):
        if chat.turn.in_form == "invoice_form" and hears(chat.turn, "how_soon"):
            chat.reply("utter_faq/ask_invoice.when")  # 没有了，要多久能好
        chat.reply("utter_summary_waits")
        return
    if chat.slot("order_placed"):
        promise = await chat.shop.shipping_promise()
        chat.reply("utter_farewell_bought", cutoff=promise.cutoff)
    elif is_before_buying(chat) and not await _is_served(chat):
        if not ask_why_leaving(chat):
            chat.reply("utter_farewell")
        plan_undecided(chat)
    else:
        chat.reply("utter_farewell_served")


async def _is_served(chat: Chat) -> bool:
    """Whether the buyer waits for something bought here, and looked at nothing else."""
    if chat.slot("product_in_talk") or chat.turn.product_in_view:
        return False
    return any(order.status in _SERVED for order in await own_orders(chat))


def is_before_buying(chat: Chat) -> bool:
    """Whether the talk was about buying; about an order or a return it was not."""
    if chat.slot("order_in_talk"):
        return False
    return chat.slot("matter") is None or is_about_buying(chat)


def looks_at_goods(chat: Chat) -> bool:
    """Whether goods of the shop are talked of, and no order was."""
    in_talk = chat.slot("product_in_talk") or chat.turn.product_in_view
    return bool(in_talk) and not chat.slot("order_in_talk")


def is_about_buying(chat: Chat) -> bool:
    """Whether the wish before this line was one that comes before an order."""
    matter = Matter.of_slot(chat.slot("matter"))
    return matter is not None and matter.intent in read_matters().presale


class AnswerOutOfScope(Answer):
    """Kindly back to what the shop can do."""

    def name(self) -> str:
        return "action_answer_out_of_scope"

    async def answer(self, chat: Chat) -> None:
        if hears(chat.turn, "photos") and (talk := await talk_of(chat)).product:
            chat.show(product_card(talk.product))
            chat.reply("utter_faq/ask_color")
        elif fact := await _fact_of_the_goods(chat):
            chat.reply("utter_fact", fact=fact)  # 下雨咋办, of the bag that is talked of
        else:
            chat.reply("utter_out_of_scope")


async def _fact_of_the_goods(chat: Chat) -> str:
    """What the sheet of the goods in talk says to the topic that is named; "" where none is."""
    if not chat.turn.questions or not looks_at_goods(chat) or not topics_of(chat.turn.text):
        return ""
    product = (await talk_of(chat)).product
    facts = facts_asked(chat.turn.text, product) if product is not None else []
    return next(iter(facts), "")


class Hesitated(Answer):
    """No pressure: one good reason, an open door, and one gentle message later."""

    def name(self) -> str:
        return "action_hesitated"

    async def answer(self, chat: Chat) -> None:
        talk = await talk_of(chat)
        if ask_why_leaving(chat):
            plan_undecided(chat)
            return
        if is_after_sale(chat) or talk.product is None or not talk.product.selling_points:
            chat.reply("utter_take_your_time")
            return
        points = talk.product.selling_points
        chat.reply("utter_hesitated", name=talk.product.name, point=points[-1])
        plan_undecided(chat)


def ask_why_leaving(chat: Chat) -> bool:
    """Lightly, once in a talk, and only of who looked at goods and says so: 算了不买了."""
    profile = profile_of(chat)
    says_so = hears(chat.turn, "stop") and not hears(chat.turn, "later_maybe")
    is_leaving = says_so and chat.slot("product_in_talk")
    is_of_a_person = chat.slot("open_question") == "hand_over"  # 不用了 declines that
    if not is_leaving or profile.left_because or is_of_a_person or chat.turn.in_form:
        return False
    keep(chat, replace(profile, left_because="asked"))
    chat.ask("why_leaving", "utter_ask_why_leaving")
    return True


class HeardWhyLeaving(Answer):
    """What was missing is kept, and nothing is pushed."""

    def name(self) -> str:
        return "action_heard_why_leaving"

    async def answer(self, chat: Chat) -> None:
        choice = str(chat.turn.value("choice") or "other")
        why = choice if choice in ("price", "size") else "other"
        keep(chat, replace(profile_of(chat), left_because=why))
        chat.reply(f"utter_why_{why}")


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
