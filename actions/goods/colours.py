"""How a colour looks: by what the shop wrote of its colours, else by what holds of all pictures."""

from __future__ import annotations

from dataclasses import replace

from actions.answering.plain import looks_first
from actions.bargaining.objections import mark_told, was_told
from actions.choosing.colours_compared import compare_colours
from actions.choosing.facts import tell_facts
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.goods.stock import check_stock
from actions.goods.unwritten import tell_unknown
from actions.hearing.context import talk_of
from actions.orders.orders import own_orders
from actions.orders.owned import is_owned_meant
from bot.shop.words.goods import Product, ProductQuery

_LOOKED_AT = 6


@looks_first("faq/ask_color")
async def tell_colour(chat: Chat) -> bool:
    """有没有浅绿色 asks whether it is there, 会透吗 for a fact, 有色差吗 for what is written of colours."""
    turn = chat.turn
    if not turn.questions or hears(turn, "photos"):
        return False  # 颜色不好看, of what was bought; 有实拍吗
    if await compare_colours(chat):
        return True  # 天蓝和酒红哪个显白
    talk = await talk_of(chat)
    product = talk.product
    if product is None:
        product = await _only_one_in_it(chat) or await _just_bought(chat)
    if product is None:
        return False
    talk = replace(talk, product=product)
    if product.colours == () and tell_facts(chat, talk, turn.text):
        return True  # 会泛白吗, of goods that come in no colours
    if hears(turn, "looks"):
        if not tell_facts(chat, talk, turn.text):
            tell_unknown(chat, product)
        return True
    if turn.has("colour") and hears(turn, "have") and not hears(turn, "shade"):
        await check_stock(chat)
        return True
    return _tell_note(chat, product)


async def _only_one_in_it(chat: Chat) -> Product | None:
    """天蓝会不会和图片不一样: the only goods of the shop that come in this colour."""
    colour = chat.turn.value("colour")
    if colour is None:
        return None
    query = ProductQuery(colour=str(colour), in_stock_only=False, limit=_LOOKED_AT)
    found = [one.product for one in await chat.shop.recommend(query, chat.turn.buyer_id)]
    named = [one for one in found if str(colour) in one.colours]
    if len(named) != 1:
        return None
    chat.keep("product_in_talk", named[0].product_id)
    return named[0]


async def _just_bought(chat: Chat) -> Product | None:
    """Where no goods are looked for: the one thing in the buyer's newest order, sent or not."""
    if not is_owned_meant(chat):
        return None
    order = next(iter(await own_orders(chat)), None)
    if order is None or len(order.lines) != 1:
        return None
    return await chat.shop.product(order.lines[0].product_id)


def _tell_note(chat: Chat, product: Product) -> bool:
    """The line on colours, once; asked on, what nobody wrote is owned up to."""
    note, mark = product.fact("colour_note"), f"{product.product_id}:colour_note"
    if was_told(chat, mark):
        tell_unknown(chat, product)
        return True
    if note is None:
        return False
    mark_told(chat, mark)
    chat.reply("utter_colour_note", fact=note)
    return True
