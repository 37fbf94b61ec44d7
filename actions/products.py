"""Facts about a product from its own sheet; what the sheet does not say is not made up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions.answer import Answer
from actions.asking import answer_what_waited, ask_which_product, can_wait
from actions.beginning import start_several, wants_both
from actions.cards import product_card
from actions.chat import Chat
from actions.context import Talk, show_products, talk_of
from actions.elsewhere import is_number, strange_goods
from actions.handoff import offer_person
from actions.phrasing import join_text, price_text
from actions.recommending import compare, recommend_other, wants_others
from actions.sheet import facts_asked, is_general, topics_of
from actions.stock import check_stock
from bot.handing_over import HandOverReason
from bot.shop.goods import Product

_CHOICE = re.compile(r"(几|哪|什么|多少|啥)[个些种]?(颜色|色|码|尺码)|(颜色|尺码).{0,2}(有哪|几)")
_HAVE = re.compile(r"有没有|有木有|(有|卖).{0,10}[吗么]|[吗么]$")


class TellProduct(Answer):
    def name(self) -> str:
        return "action_tell_product"

    async def answer(self, chat: Chat) -> None:
        text, topics = chat.turn.text, topics_of(chat.turn.text)
        if _CHOICE.search(text) or (chat.turn.has("colour", "size") and not topics):
            await check_stock(chat)  # 有红色的吗
        elif wants_others(chat):
            await recommend_other(chat)
        elif len(set(chat.turn.values("product"))) > 1 and not topics:
            await _show_named(chat)  # 帐篷和睡袋
        elif chat.turn.has("product", "kind", "category") and not topics and _HAVE.search(text):
            await check_stock(chat)  # 有没有帽子
        else:
            await tell_product(chat)


async def _show_named(chat: Chat) -> None:
    """Several goods by name and nothing asked about them."""
    ids = list(dict.fromkeys(map(str, chat.turn.values("product"))))[:2]
    for product_id in ids:
        if (product := await chat.shop.product(product_id)) is not None:
            chat.show(product_card(product, next(iter(product.selling_points), "")))
    await compare(chat, ids)


@can_wait("product")
async def tell_product(chat: Chat) -> None:
    if pair := _compared(chat):
        await compare(chat, pair)
        return
    talk = await talk_of(chat)
    if talk.product is None:
        await ask_which_product(chat, "product")
        return
    text = chat.turn.text or chat.slot("product_question_said") or ""
    if not text or is_general(text):
        tell_about(chat, talk.product)
        return
    if (use := chat.turn.value("use")) and not topics_of(text) and talk.product.uses:
        is_made = use in talk.product.uses
        uses = join_text(talk.product.uses[:3])
        response = "utter_good_for" if is_made else "utter_rather_for"
        chat.reply(response, name=talk.product.name, use=use, uses=uses)
        return
    facts = facts_asked(text, talk.product)
    for fact in facts:
        chat.reply("utter_fact", name=talk.product.name, fact=fact)
    if not facts:
        chat.reply("utter_fact_unknown", name=talk.product.name)
        offer_person(chat, HandOverReason.NO_DATA)


def _compared(chat: Chat) -> Sequence[str]:
    """这两款有什么区别, 和云朵比呢: the two that shall be compared; () where it is about one."""
    if "difference" not in topics_of(chat.turn.text):
        return ()
    named = list(dict.fromkeys(map(str, chat.turn.values("product"))))
    shown, in_talk = chat.slot("product_shown") or [], chat.slot("product_in_talk")
    if len(named) == 1 and in_talk not in (None, named[0]):
        named = [in_talk, named[0]]
    between = named if named else shown
    return between[:2] if len(between) > 1 else ()


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
    fact = _quality_asked(chat.turn.text, talk.product)
    if fact is None:
        chat.reply("utter_quality")
        return
    chat.reply("utter_quality_of", fact=fact)
    if talk.product is not None and talk.product.drawbacks:
        chat.reply("utter_honestly", drawback=talk.product.drawbacks[0])


def _quality_asked(text: str, product: Product | None) -> str | None:
    """会掉色吗 is answered by the care line, 质量好吗 by the line on quality."""
    if product is None:
        return None
    named = [fact for topic in topics_of(text) if (fact := product.fact(topic))]
    return next(iter(named), product.fact("quality"))


class ChooseProduct(Answer):
    """One of the shown goods was picked: what was asked before is answered, or the sale goes on."""

    def name(self) -> str:
        return "action_choose_product"

    async def answer(self, chat: Chat) -> None:
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
    if not await answer_what_waited(chat):
        _go_on(chat, talk, talk.product)


async def _which_of_shown(chat: Chat) -> None:
    if chat.slot("product_shown"):
        await ask_which_product(chat, "")
    else:
        chat.reply("utter_all_right")


def _go_on(chat: Chat, talk: Talk, product: Product) -> None:
    values: dict[str, Any] = {"name": product.name, "price": price_text(product.price_fen)}
    if len(product.sizes) > 1 and not talk.has_size:
        chat.keep("product_question", "size")
        question = "utter_chosen_shoe" if product.category == "shoes" else "utter_chosen_sized"
        chat.ask("measures", question, **values)
    else:
        chat.ask("order_it", "utter_chosen", **values)
