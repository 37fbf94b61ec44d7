"""Facts about a product from its own sheet; what the sheet does not say is not made up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.answering.answer import Answer
from actions.bargaining.beginning import (
    all_of_them,
    settles_on_goods,
    start_order,
    start_several,
    wants_both,
)
from actions.bargaining.campaigns import tell_campaign_asked
from actions.bargaining.gifts import stands_by_it
from actions.choosing.deciding import decide, tell_differences
from actions.choosing.facts import tell_facts
from actions.choosing.judging import judge_figure, tell_height
from actions.choosing.more_so import shows_one_more_so
from actions.choosing.recommending import recommend_other
from actions.choosing.two_unknown import asks_which_two
from actions.choosing.which import which_ones
from actions.choosing.wished_otherwise import wants_others
from actions.frame.cards import product_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import from_text, join_text
from actions.goods.stock import check_stock
from actions.goods.unwritten import tell_unknown
from actions.hearing.axes import names_axis
from actions.hearing.coming_along import tells_whether_it_comes_along
from actions.hearing.context import Talk, show_products, talk_of
from actions.hearing.facts_of_each import asked_text, tell_each, tell_of_another, tell_of_both
from actions.hearing.profile import GIFT
from actions.hearing.sheet import asks_size, counted_facts, is_general, topics_of
from actions.ordering.wearers import lines_for_wearers
from actions.orders.asking import answer_named, answer_what_waited, ask_which_product, can_wait
from actions.orders.owned import is_owned_meant, product_owned
from bot.shop.words.goods import Product

_TWO, _LOOKED_AT = 2, 200
_OF_TRUST = ("genuine", "distrust", "doubt_quality", "same_elsewhere", "why_dear")


class TellProduct(Answer):
    def name(self) -> str:
        return "action_tell_product"

    async def answer(self, chat: Chat) -> None:
        if stands_by_it(chat) or await tells_whether_it_comes_along(chat):
            return
        if await shows_one_more_so(chat) or await decide(chat):
            return
        if asks_which_two(chat):
            return
        if await tell_of_both(chat) or await judge_figure(chat):
            return
        if await which_ones(chat):
            return
        topics = topics_of(await asked_text(chat))
        if hears(chat.turn, "which_choice") or (await _names_a_choice(chat) and not topics):
            await check_stock(chat)  # 有红色的吗
        elif wants_others(chat):
            await recommend_other(chat)
        elif len(set(chat.turn.values("product"))) > 1 and not topics:
            await show_named(chat)  # 帐篷和睡袋
        elif chat.turn.has("product", "kind", "category") and not topics and _is_there(chat):
            await check_stock(chat)  # 有没有帽子
        else:
            await tell_product(chat)


async def _names_a_choice(chat: Chat) -> bool:
    """有红色的吗; 远川15能充吗, of goods that come in no models, asks for another thing."""
    turn = chat.turn
    if not turn.has("colour", "size"):
        return False
    product = (await talk_of(chat)).product
    if product is None:
        return True
    if counted_facts(turn.text, product):
        return False  # m的一包多少片
    return bool((turn.has("colour") and product.colours) or (turn.has("size") and product.sizes))


def _is_there(chat: Chat) -> bool:
    return chat.turn.questions and hears(chat.turn, "have")


async def show_named(chat: Chat) -> None:
    """Several goods by name and nothing asked about them."""
    ids = list(dict.fromkeys(map(str, chat.turn.values("product"))))[:2]
    for product_id in ids:
        if (product := await chat.shop.product(product_id)) is not None:
            chat.show(product_card(product, next(iter(product.selling_points), "")))
    products = [await chat.shop.product(one) for one in ids]
    pair = [one for one in products if one is not None]
    if len(pair) > 1:
        await tell_differences(chat, pair[0], pair[1])


@can_wait("product")
async def tell_product(chat: Chat) -> None:
    if await decide(chat) or await judge_figure(chat):
        return
    talk = await talk_of(chat)
    if talk.product is None:
        owned = await product_owned(chat) if is_owned_meant(chat) else None
        if owned is None:
            if not await tell_each(chat):
                await ask_which_product(chat, "product")
            return
        talk = replace(talk, product=owned)
    assert talk.product is not None
    text = chat.turn.text or chat.slot("product_question_said") or ""
    if not text or is_general(text):
        tell_about(chat, talk.product)
        return
    if talk.product.size_chart is None and tell_height(chat, talk.product):
        return  # 我一米六能背吗
    if names_axis(text, talk.product):
        await check_stock(chat)  # 有哪些口味
        return
    if asks_size(text, talk.product):
        sizes = join_text(list(talk.product.sizes))
        chat.reply("utter_fact", fact=f"{talk.product.size_name}有{sizes}", name=talk.product.name)
        return
    if hears(chat.turn, "giving") and GIFT in (*talk.product.suits, *talk.product.uses):
        suits = join_text(list(dict.fromkeys((*talk.product.suits, *talk.product.uses)))[:3])
        chat.reply("utter_suited", name=talk.product.name, who=GIFT, suits=suits)
        return
    if (use := chat.turn.value("use")) and not topics_of(text) and talk.product.uses:
        is_made = use in talk.product.uses
        uses = join_text(talk.product.uses[:3])
        response = "utter_good_for" if is_made else "utter_rather_for"
        chat.reply(response, name=talk.product.name, use=use, uses=uses)
        return
    if tell_facts(chat, talk, text) or await tell_campaign_asked(chat, talk.product):
        return
    if not await tell_of_another(chat, talk.product, text):
        tell_unknown(chat, talk.product)


def tell_about(chat: Chat, product: Product) -> None:
    """Two good things and an honest one."""
    points = "，".join(product.selling_points[:2]) or product.kind
    if product.drawbacks:
        drawback = product.drawbacks[0]
        chat.reply("utter_about_honestly", name=product.name, points=points, drawback=drawback)
    else:
        chat.reply("utter_about", name=product.name, points=points)


class ChooseProduct(Answer):
    """One of those shown was picked: what was asked before is answered, or the sale goes on."""

    def name(self) -> str:
        return "action_choose_product"

    async def answer(self, chat: Chat) -> None:
        if chat.turn.text and settles_on_goods(chat):
            await start_order(chat)  # 那就刻字款
        else:
            await choose_product(chat)


async def choose_product(chat: Chat) -> None:
    if wants_both(chat):
        await start_several(chat, all_of_them(chat))
        return
    talk = await talk_of(chat)
    if talk.product is None:
        await _which_of_shown(chat)
        return
    show_products(chat, [talk.product.product_id])
    if chat.turn.questions and chat.turn.has("colour", "size"):
        await check_stock(chat)  # 鞋就康步吧 酒红有吗
    elif not await answer_what_waited(chat):
        if lines_for_wearers(chat, talk.product):
            await answer_named("price", chat)  # 爸43 妈38: both sizes are known already
        else:
            _go_on(chat, talk, talk.product)


async def _which_of_shown(chat: Chat) -> None:
    if chat.slot("product_shown"):
        await ask_which_product(chat, "")
    else:
        chat.reply("utter_all_right")


def _go_on(chat: Chat, talk: Talk, product: Product) -> None:
    values: dict[str, Any] = {"name": product.name, "price": from_text(product)}
    chart = product.size_chart
    if len(product.sizes) > 1 and not talk.has_size and chart is not None:
        chat.keep("product_question", "size")
        question = "utter_chosen_shoe" if chart.is_for_feet else "utter_chosen_sized"
        chat.ask("measures", question, **values)
    elif len(product.sizes) > 1 and not talk.has_size and not chart:
        chat.ask("order_it", "utter_chosen_which", sizes=join_text(product.sizes), **values)
    else:
        chat.ask("order_it", "utter_chosen", **values)
