"""From the wish to buy to the order form: first it must be known what."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.answer import Answer
from actions.asking import ask_which_product, can_wait
from actions.bargaining import bargain
from actions.chat import Chat, button
from actions.context import talk_of
from actions.phrasing import join_text
from actions.recommending import recommend
from actions.turn import Turn

_BUYING = re.compile(r"要买(?!什么)|就买|买一|买两|下单|拍一|拍两|帮我拍|来一|来两|给我来")
_ASKING = re.compile(r"[呢吗么?？]|多少|便宜|优惠|几折|送我?[个双条]")
_BOTH = re.compile(r"^(那就?|好)?(两个|两款|两样|俩)?都(要|买|拍|来)")
_HOW = re.compile(r"(怎么|咋|如何|怎样).{0,3}(买|拍|下单|订)|(买|拍|下单)(流程|步骤)")
_ON_CONDITION = re.compile(
    r"(便宜|少|送|包邮|免邮|抹|打折|优惠|降).{0,6}(就|直接|立马|马上)(拍|买|下单|付|要|带走)"
)
_WISHES = ("kind", "category", "use", "person", "gender")


class StartOrder(Answer):
    def name(self) -> str:
        return "action_start_order"

    async def answer(self, chat: Chat) -> None:
        if buys_on_condition(chat.turn.text):
            await bargain(chat)
        else:
            await start_order(chat)


@can_wait("order_it")
async def start_order(chat: Chat) -> None:
    """The form, where the goods are known; else how it goes, which of these, or what for."""
    talk, turn = await talk_of(chat), chat.turn
    category = turn.value("category")
    is_meant = talk.product is not None and category in (None, talk.product.category)
    named = list(dict.fromkeys(map(str, turn.values("product"))))
    if len(named) > 1:
        await start_several(chat, named)
    elif is_meant:
        chat.go_on_with("order_form")
    elif _HOW.search(turn.text):
        chat.reply("utter_how_to_order")
    elif wants_both(chat):
        await start_several(chat, chat.slot("product_shown"))
    elif chat.slot("product_shown") and not turn.has(*_WISHES):
        await ask_which_product(chat, "order_it")
    elif turn.has(*_WISHES, "goods", "money", "quantity") or chat.slot("recommend_wish"):
        await recommend(chat)
    else:
        promise = await chat.shop.shipping_promise()
        chat.keep("product_question", "order_it")
        pick = [button("帮我推荐", "ask_recommendation")]
        chat.ask("which_product", "utter_order_which", pick, cutoff=promise.cutoff)


def wants_both(chat: Chat) -> bool:
    """都要, after two were shown."""
    return len(chat.slot("product_shown") or []) > 1 and bool(_BOTH.search(chat.turn.text))


async def start_several(chat: Chat, product_ids: Sequence[str]) -> None:
    """One order with a line for each of them."""
    found = [await chat.shop.product(product_id) for product_id in product_ids]
    products = [product for product in found if product is not None]
    if not products:
        chat.reply("utter_product_gone")
        return
    chat.keep("goods_in_talk", [{"product": one.product_id} for one in products])
    chat.keep("product_in_talk", products[0].product_id)
    chat.reply("utter_one_order_for_all", names=join_text([one.name for one in products]))
    chat.go_on_with("order_form")


def buys_on_condition(text: str) -> bool:
    """包邮我就拍, 便宜10块就买: a try to bargain, not yet an order."""
    return _ON_CONDITION.search(text) is not None


def sounds_like_buying(turn: Turn) -> bool:
    """我要买速干T恤 蓝色L 6件: goods and the wish to have them. 买3件呢 asks for a price."""
    is_told = turn.has("product", "size", "quantity") and bool(_BUYING.search(turn.text))
    return is_told and not _ASKING.search(turn.text.replace("在吗", ""))
