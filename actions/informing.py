"""The buyer only gives something: a size, a height, an address, a name of goods."""

from __future__ import annotations

import re

from actions.addresses import change_address
from actions.answer import Answer
from actions.asking import answer_named, answer_what_waited, tell_not_ours
from actions.bargaining import answers_an_offer, bargain, names_a_price
from actions.beginning import sounds_like_buying, start_order, start_several, wants_both
from actions.chat import Chat
from actions.context import is_one_of_shown, is_usual, talk_of
from actions.heard import hears
from actions.order_lines import is_several, said_lines
from actions.order_wishes import go_on_with_wish
from actions.postage import tell_postage
from actions.products import choose_product, tell_product
from actions.recommending import names_a_budget, recommend, wishes_quality
from actions.sizing import advise_size
from actions.stock import check_stock
from actions.sums import tell_sum
from actions.talking import farewell, is_before_buying

_BODY = ("height_cm", "weight_kg", "foot_mm", "foot_shape", "fit", "layered", "thick_socks")
_RECEIVER = ("phone", "address", "receiver_name")
_ORDER = ("order_number", "tracking_number", "phone_tail")
_WISH = ("use", "person", "gender", "kind", "category", "money")
_GOODS = ("product", "size", "colour", "quantity", "region", "ordinal")
_READDRESSING = re.compile(r"[改换].{0,3}(地址|电话|收件人)|(地址|电话|收件人).{0,3}[改换错]")
_THIS_ONE = re.compile(r"就(是|要|买|拿)?(这|它|那)")
_QUESTION = re.compile(r"[吗么?？]|怎么样|如何")
_ANSWERS = {
    "measures": (*_BODY, "size", "person", "gender"),
    "region": ("region", "address"),
    "which_product": (*_GOODS, *_BODY, *_RECEIVER, *_ORDER, *_WISH),
}
TELLING = (*_GOODS, *_BODY, *_RECEIVER, *_ORDER, *_WISH)


class TakeIn(Answer):
    def name(self) -> str:
        return "action_take_in"

    async def answer(self, chat: Chat) -> None:
        if not await take_in(chat):
            chat.reply("utter_noted")


class Acknowledge(Answer):
    """好的 or 不用 where nothing was asked; 不是，要39的 still gives something."""

    def name(self) -> str:
        return "action_acknowledge"

    async def answer(self, chat: Chat) -> None:
        if (chat.turn.intent == "affirm" and await _answer_misread(chat)) or (
            chat.turn.has(*TELLING) and await take_in(chat)
        ):
            return
        elif chat.turn.intent == "deny" and hears(chat.turn, "nothing_more"):
            await farewell(chat)
        elif chat.turn.intent == "deny" and chat.slot("open_question") == "which_order":
            chat.ask("which_order", "utter_where_is_the_number")
        elif chat.turn.intent == "deny":
            chat.reply("utter_no_problem")
        elif chat.turn.in_form:
            chat.reply("utter_whenever_you_can")
        else:
            chat.reply("utter_all_right")


async def _answer_misread(chat: Chat) -> bool:
    """好搭吗 and 要轻便的 begin like a yes; 就这个 picks what was shown first."""
    turn, text = chat.turn, chat.turn.text
    if await _is_that_order(chat):
        return True
    if wants_both(chat):
        await start_several(chat, chat.slot("product_shown"))
    elif _THIS_ONE.search(text) and chat.slot("product_shown") and not turn.has("ordinal"):
        if chat.slot("product_in_talk") not in chat.slot("product_shown"):
            chat.keep("product_in_talk", chat.slot("product_shown")[0])
        chat.keep("product_question", None)
        await choose_product(chat)
    elif _QUESTION.search(text) and chat.slot("product_in_talk"):
        await tell_product(chat)
    elif wishes_quality(text):
        await recommend(chat)
    else:
        return False
    return True


async def _is_that_order(chat: Chat) -> bool:
    """对 to the one order that was offered picks it."""
    offered: list[str] = chat.slot("lookup_offered") or []
    if chat.slot("open_question") != "which_order" or len(offered) != 1:
        return False
    return await go_on_with_wish(chat, [{"entity": "order_number", "value": offered[0]}])


async def take_in(chat: Chat) -> bool:
    """Does what the given data asks for by itself; False where it says nothing to us."""
    turn, question = chat.turn, chat.slot("open_question")
    if turn.has(*_ANSWERS.get(question or "", ())):
        return await _answer_open_question(chat)
    if question == "which_order" and turn.has("ordinal", "product", "kind", *_ORDER):
        return await go_on_with_wish(chat, turn.entities)
    if turn.in_form and chat.slot("product_question") == "size" and turn.has("size", *_BODY):
        return await answer_what_waited(chat)
    if turn.has("money", "quantity") and question == "take_offer":
        await bargain(chat)
        return True
    if not turn.in_form and turn.has("address", "phone") and _READDRESSING.search(turn.text):
        await change_address(chat)
        return True
    if answers_an_offer(chat):
        await bargain(chat)
        return True
    if turn.has(*_ORDER) and turn.has("remedy"):
        await answer_named("return", chat)  # 我想退货 订单…
        return True
    if turn.has(*_ORDER):
        return await answer_named("order", chat)
    is_known = chat.slot("product_in_talk") or turn.product_in_view or turn.has("product")
    if not turn.in_form and is_known and is_several(turn, said_lines(turn)):
        await start_order(chat)  # 38和39各一双
        return True
    if not turn.in_form and sounds_like_buying(turn):
        await start_order(chat)
    elif turn.has("phone") or (turn.has("address") and chat.slot("product_in_talk")):
        await _take_receiver(chat)
    elif turn.has(*_BODY) or (turn.has("size") and (is_usual(turn.text) or "穿" in turn.text)):
        await advise_size(chat)
    elif question == "like_it" and turn.has("gender") and await is_one_of_shown(chat):
        await choose_product(chat)  # 男款
    elif turn.has("product") and hears(turn, "add_line") and turn.asks:
        await tell_sum(chat)  # 那再加一双徒步袜呢
    elif turn.has("product", "ordinal") and not turn.has("money", "use"):
        await choose_product(chat)
    elif names_a_price(chat) and question != "like_it" and not names_a_budget(chat):
        await bargain(chat)
    elif turn.has("size") and question == "like_it" and chat.slot("product_in_talk"):
        await check_stock(chat)
    elif turn.has("use", "person", "gender", "category") or question == "like_it":
        await recommend(chat)
    elif turn.has("money"):
        wish = chat.slot("recommend_wish")
        await (recommend(chat) if wish or names_a_budget(chat) else bargain(chat))
    elif turn.has("size", "colour", "kind"):
        await check_stock(chat)
    elif turn.has("quantity"):
        await tell_sum(chat)
    elif turn.has("region", "address"):
        await tell_postage(chat)
    elif turn.has("goods", "item_number") and _is_free_for_goods(chat):
        return await tell_not_ours(chat)
    else:
        return False
    return True


def _is_free_for_goods(chat: Chat) -> bool:
    """Nothing of an order is open that a name of goods could belong to."""
    is_asked = chat.turn.in_form or chat.slot("open_question") == "which_order"
    return not is_asked and is_before_buying(chat)


async def _answer_open_question(chat: Chat) -> bool:
    await talk_of(chat)
    told = {entity.get("entity") for entity in chat.turn.entities}
    if told == {"quantity"}:
        await tell_sum(chat)  # 买3件呢 is no answer to which one
        return True
    if not await answer_what_waited(chat):
        await choose_product(chat)
    return True


async def _take_receiver(chat: Chat) -> None:
    """A pasted address in the middle of a sale means: I take it."""
    talk = await talk_of(chat)
    if talk.product is not None and not chat.turn.in_form:
        chat.go_on_with("order_form")
        return
    chat.keep("order_phone", chat.turn.value("phone") or chat.slot("order_phone"))
    chat.keep("order_name", chat.turn.value("receiver_name") or chat.slot("order_name"))
    chat.keep("order_address", chat.turn.value("address") or chat.slot("order_address"))
    chat.reply("utter_receiver_noted")
