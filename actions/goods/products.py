"""Facts about a product from its own sheet; what the sheet does not say is not made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.answering.answer import Answer
from actions.bargaining.beginning import settles_on_goods, start_order, start_several, wants_both
from actions.bargaining.campaigns import tell_campaign_asked
from actions.bargaining.gifts import stands_by_it
from actions.bargaining.objections import (
    SEVEN_DAYS,
    answer_same_elsewhere,
    end_of_reasons,
    mark_told,
    reasons_for,
    tell_next,
    was_told,
)
from actions.choosing.deciding import decide, judge_figure, tell_differences
from actions.choosing.facts import tell_facts
from actions.choosing.recommending import recommend_other, wants_others
from actions.choosing.which import which_ones
from actions.frame.cards import product_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import from_text, join_text
from actions.goods.doubts import tells_by_the_word
from actions.goods.stock import check_stock
from actions.goods.unwritten import tell_unknown
from actions.hearing.asked_words import wanted
from actions.hearing.coming_along import tells_whether_it_comes_along
from actions.hearing.context import Talk, show_products, talk_of
from actions.hearing.elsewhere import is_number, strange_goods
from actions.hearing.facts_of_each import asked_text, tell_each, tell_of_another
from actions.hearing.profile import GIFT
from actions.hearing.sheet import (
    asks_own_columns,
    asks_size,
    has_column_for,
    is_general,
    names_axis,
    topics_of,
)
from actions.ordering.wearers import lines_for_wearers
from actions.orders.asking import answer_named, answer_what_waited, ask_which_product, can_wait
from actions.orders.owned import is_owned_meant, product_owned
from actions.returns.return_policy import usual_rule
from bot.asking import doubted
from bot.shop.words.goods import Product, ProductQuery

_TWO, _LOOKED_AT = 2, 200
_OF_TRUST = ("genuine", "distrust", "doubt_quality", "same_elsewhere")


class TellProduct(Answer):
    def name(self) -> str:
        return "action_tell_product"

    async def answer(self, chat: Chat) -> None:
        if stands_by_it(chat) or await tells_whether_it_comes_along(chat):
            return
        if await decide(chat) or await judge_figure(chat):
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


class TellQuality(Answer):
    def name(self) -> str:
        return "action_tell_quality"

    async def answer(self, chat: Chat) -> None:
        await tell_quality(chat)


@can_wait("quality")
async def tell_quality(chat: Chat) -> None:
    talk = await talk_of(chat)
    strange = strange_goods(chat)
    if strange and not is_number(strange):
        await ask_which_product(chat, "quality")
        return
    if answer_same_elsewhere(chat, talk.product):
        return
    text = await asked_text(chat)
    topics = topics_of(text)
    topics.sort(key=lambda topic: topic != "quality")  # 质量有啥不一样
    if talk.product is None and topics and not strange and await tell_each(chat):
        return
    fact = _quality_asked(topics, talk.product)
    asks_else = (fact is None or bool(doubted(text))) and "quality" not in topics
    if asks_else and tell_facts(chat, talk, text):  # 好吃吗, 会发烫吗 ask for no certificate
        return
    if asks_else and not hears(chat.turn, *_OF_TRUST) and await _tell_not_written(chat, talk):
        return
    if set(topics) <= {"quality"} and tells_by_the_word(chat, talk.product, text, fact or ""):
        return  # 会不会开胶
    mark = (
        "quality"
        if talk.product is None
        else f"{talk.product.product_id}:{_topic(topics, talk.product)}"
    )
    if not was_told(chat, mark):
        mark_told(chat, mark)
        _tell_quality_first(chat, talk.product, fact)
    elif not tell_next(chat, reasons_for(talk.product, topics, may_return=await _may_return(chat))):
        end_of_reasons(chat)


async def _tell_not_written(chat: Chat, talk: Talk) -> bool:
    """会发热吗, 有许可证吗: what nobody wrote is no matter of genuine goods; False for 好不好."""
    text = chat.turn.text
    if talk.product is not None:
        if is_general(text) or not (wanted(text) or asks_own_columns(text) or topics_of(text)):
            return False
        tell_unknown(chat, talk.product)
        return True
    if not asks_own_columns(text):
        if wanted(text):
            await ask_which_product(chat, "quality")
        return bool(wanted(text))
    found = await chat.shop.recommend(ProductQuery(in_stock_only=False, limit=_LOOKED_AT))
    if any(has_column_for(text, one.product) for one in found):
        await ask_which_product(chat, "quality")
        return True
    chat.reply("utter_which_none", words=join_text([one.word for one in wanted(text)]) or "这一点")
    chat.note_unwritten("")
    return True


def _tell_quality_first(chat: Chat, product: Product | None, fact: str | None) -> None:
    if fact is None:
        chat.reply("utter_quality")
        return
    chat.reply("utter_quality_of", fact=fact)
    if product is not None and product.drawbacks:
        mark = f"{product.product_id}:drawback"
        if not was_told(chat, mark):
            mark_told(chat, mark)
            chat.reply("utter_honestly", drawback=product.drawbacks[0])


async def _may_return(chat: Chat) -> bool:
    """Whether most of the shop's goods go back without a reason."""
    return await usual_rule(chat) == SEVEN_DAYS


def _topic(topics: Sequence[str], product: Product) -> str:
    """会掉色吗 is answered by the care line, 质量好吗 by the line on quality."""
    return next((topic for topic in topics if product.fact(topic)), "quality")


def _quality_asked(topics: Sequence[str], product: Product | None) -> str | None:
    return None if product is None else product.fact(_topic(topics, product))


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
        await start_several(chat, chat.slot("product_shown"))
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
