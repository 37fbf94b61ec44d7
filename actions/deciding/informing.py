"""The buyer only gives something: a size, a height, an address, a name of goods."""

from __future__ import annotations

from actions.after_order.addresses import change_address
from actions.answering.answer import Answer
from actions.answering.talking import ask_why_leaving, farewell, is_before_buying
from actions.bargaining.bargaining import answers_an_offer, bargain, names_a_price
from actions.bargaining.beginning import (
    all_of_them,
    settles_on_goods,
    sounds_like_buying,
    start_order,
    start_several,
    wants_both,
)
from actions.bargaining.sizing import advise_size
from actions.choosing.judging import judge_figure, tells_it_falls_short
from actions.choosing.recommending import recommend
from actions.choosing.wished_otherwise import names_a_budget, wishes_quality
from actions.deciding.half_heard import goes_on_from_before, tells_of_the_word
from actions.deciding.likely_signs import asks_of_the_one
from actions.deciding.of_an_order import (
    is_about_what_was_bought,
    is_free_for_goods,
    is_served,
    only_tells_of_an_order,
    tells_of_what_was_bought,
)
from actions.deciding.putting_right import (
    is_so_already,
    probes_a_size,
    puts_gender_right,
    puts_size_right,
)
from actions.delivery.postage import tell_postage
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.goods.as_before import takes_as_before
from actions.goods.needed_for import tells_what_it_is_needed_for
from actions.goods.products import choose_product, show_named, tell_product
from actions.goods.stock import check_stock
from actions.goods.that_one import goes_on_with_that_one, picks_by_price
from actions.hearing.context import talk_of
from actions.hearing.order_lines import is_several, said_lines
from actions.hearing.order_wishes import go_on_with_wish, leaves_contact
from actions.hearing.profile import turn_down
from actions.hearing.references import is_one_of_shown
from actions.ordering.sum_changes import changes_the_sum, is_in_sum
from actions.ordering.sums import tell_sum
from actions.orders.asking import answer_named, answer_what_waited, tell_not_ours
from actions.orders.refusing import tell_refusing_own
from actions.returns.exchanging import tell_open_exchange
from actions.returns.withdrawing import lets_it_be

_BODY = ("height_cm", "weight_kg", "foot_mm", "foot_shape", "fit", "layered", "thick_socks")
_RECEIVER = ("phone", "address", "receiver_name")
_ORDER = ("order_number", "tracking_number", "phone_tail")
_WISH = ("use", "person", "gender", "kind", "category", "money", "likes")
_GOODS = ("product", "size", "colour", "quantity", "region", "ordinal")
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
        if await take_in(chat) or await goes_on_from_before(chat) or await tells_of_the_word(chat):
            return
        if chat.slot("open_question") == "hand_over":
            chat.ask("hand_over", "utter_noted_for_person")  # the offer of a person still stands
        else:
            chat.reply("utter_noted")


class Acknowledge(Answer):
    """好的 or 不用 where nothing was asked; 不是，要39的 still gives something."""

    def name(self) -> str:
        return "action_acknowledge"

    async def answer(self, chat: Chat) -> None:
        if await _leaves_goods_alone(chat):
            return
        if (
            (hears(chat.turn, "refuse") and await tell_refusing_own(chat))
            or await goes_on_from_before(chat)
            or (chat.turn.intent == "affirm" and await _answer_misread(chat))
            or (chat.turn.has(*_telling(chat)) and await take_in(chat))
            or (chat.turn.intent == "deny" and await lets_it_be(chat))
        ):
            return
        elif chat.turn.intent == "deny" and hears(chat.turn, "nothing_more"):
            await farewell(chat)
        elif chat.turn.intent == "deny" and chat.slot("open_question") == "which_order":
            chat.ask("which_order", "utter_where_is_the_number")
        elif chat.turn.intent == "deny" and chat.slot("open_question") == "meant":
            chat.reply("utter_not_meant")
        elif chat.turn.intent == "deny" and is_before_buying(chat) and ask_why_leaving(chat):
            return
        elif chat.turn.intent == "deny":
            chat.reply("utter_no_problem")
        elif chat.turn.in_form:
            chat.reply("utter_whenever_you_can")
        else:
            chat.reply("utter_all_right")


async def _leaves_goods_alone(chat: Chat) -> bool:
    """那算了防晒不要: goods turned down by name are offered no more, and nothing is pushed."""
    turn = chat.turn
    if turn.in_form or not hears(turn, "unwanted", "called_off") or not turn.has("product", "kind"):
        return False
    if hears(turn, "settles") or is_several(turn, said_lines(turn)):
        return False
    talk = await talk_of(chat)
    if talk.product is None:
        return False
    turn_down(chat, [talk.product.product_id])
    if is_in_sum(chat, talk.product):
        chat.reply("utter_left_alone", name=talk.product.kind or talk.product.name)
        await tell_sum(chat)  # of what is left
        return True
    chat.keep("product_in_talk", chat.slot("product_before"))
    chat.reply("utter_left_alone", name=talk.product.kind or talk.product.name)
    return True


def _telling(chat: Chat) -> tuple[str, ...]:
    """What a nod or a no may tell besides; after the sale no goods are looked for."""
    is_looking = chat.slot("open_question") or chat.slot("product_shown") or is_before_buying(chat)
    return TELLING if is_looking and not _is_served_buyer(chat) else (*_ORDER, *_RECEIVER)


def _is_served_buyer(chat: Chat) -> bool:
    """对 内容是办公用品, said first by somebody who came to talk about an order."""
    nothing_asked = not (chat.slot("open_question") or chat.slot("product_shown"))
    return nothing_asked and chat.turn.intent == "affirm" and chat.turn.signed_in


async def _answer_misread(chat: Chat) -> bool:
    """好搭吗 and 要轻便的 begin like a yes; 就这个 picks what was shown first."""
    turn = chat.turn
    if await _is_that_order(chat):
        return True
    if wants_both(chat):
        await start_several(chat, all_of_them(chat))
    elif hears(turn, "this_one") and chat.slot("product_shown") and not turn.has("ordinal"):
        if chat.slot("product_in_talk") not in chat.slot("product_shown"):
            chat.keep("product_in_talk", chat.slot("product_shown")[0])
        chat.keep("product_question", None)
        await choose_product(chat)
    elif turn.questions and chat.slot("product_in_talk"):
        await tell_product(chat)
    elif hears(turn, "this_one") and chat.slot("product_in_talk") and is_before_buying(chat):
        await start_order(chat)  # 好的就这个
    elif wishes_quality(turn):
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
    if leaves_contact(chat) or await _leaves_goods_alone(chat):
        return True
    if not turn.in_form and (
        await picks_by_price(chat)
        or await tell_open_exchange(chat)
        or await puts_gender_right(chat)
        or await is_so_already(chat)
        or await puts_size_right(chat)
        or await probes_a_size(chat)
    ):
        return True
    if not turn.in_form and turn.has("return_reason") and tells_of_what_was_bought(turn):
        return await answer_named("return", chat)  # 上次那个书包开线了
    if await takes_as_before(chat) or await goes_on_with_that_one(chat):
        return True
    if changes_the_sum(chat):
        await tell_sum(chat)
        return True
    if turn.has("amount") and (await judge_figure(chat) or await tells_it_falls_short(chat)):
        return True  # 暖山零下5度冷不冷; 三个人睡的, of a tent for two
    if turn.has(*_ANSWERS.get(question or "", ())):
        return await _answer_open_question(chat)
    if question == "which_order" and turn.has("ordinal", "product", "kind", *_ORDER):
        return await go_on_with_wish(chat, turn.entities)
    if turn.in_form and chat.slot("product_question") == "size" and turn.has("size", *_BODY):
        return await answer_what_waited(chat)
    if turn.has("money", "quantity") and question == "take_offer":
        await bargain(chat)
        return True
    if not turn.in_form and turn.has("address", "phone") and hears(turn, "new_address"):
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
    if not turn.in_form and question != "which_product" and tells_of_what_was_bought(turn):
        return await answer_named("return" if turn.has("return_reason") else "order", chat)
    is_known = chat.slot("product_in_talk") or turn.product_in_view or turn.has("product")
    lines = said_lines(turn)
    if not turn.in_form and is_known and is_several(turn, lines):
        if any(line.is_chosen for line in lines) or hears(turn, "buying", "then_buy", "both"):
            await start_order(chat)  # 38和39各一双
        else:
            await show_named(chat)  # 帐篷和睡袋都想看看
        return True
    if not turn.in_form and (sounds_like_buying(turn) or settles_on_goods(chat)):
        await start_order(chat)
    elif turn.has("phone") or (turn.has("address") and chat.slot("product_in_talk")):
        await _take_receiver(chat)
    elif turn.has(*_BODY) or (turn.has("size") and hears(turn, "usual", "wears", "misremembered")):
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
    elif turn.has("use") and turn.questions and asks_of_the_one(chat):
        await tell_product(chat)  # 走路累不累脚
    elif await tells_what_it_is_needed_for(chat):
        return True  # 出差用 要能放电脑, of the bag that is talked of
    elif only_tells_of_an_order(chat):
        return False
    elif turn.has("use", "person", "gender", "category", "amount", "occasion", "likes") or (
        question == "like_it" and turn.has("kind", "money")
    ):
        await recommend(chat)
    elif turn.has("money"):
        wish = chat.slot("recommend_wish")
        await (recommend(chat) if wish or names_a_budget(chat) else bargain(chat))
    elif turn.has("size", "colour", "kind"):
        await check_stock(chat)
    elif turn.has("quantity"):
        await tell_sum(chat)
    elif turn.has("region", "address") and (question or not is_served(chat)):
        await tell_postage(chat)
    elif turn.has("goods", "item_number") and is_free_for_goods(chat):
        return await tell_not_ours(chat)
    else:
        return False
    return True


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
    is_after = chat.turn.in_form or await is_about_what_was_bought(chat)
    chat.reply("utter_contact_noted" if is_after else "utter_receiver_noted")
