"""From the wish to buy to the order form: first it must be known what."""

from __future__ import annotations

from collections.abc import Sequence

from actions.answering.answer import Answer
from actions.bargaining.bargaining import bargain
from actions.choosing.recommending import recommend
from actions.frame.chat import Chat, button
from actions.frame.clock import near_day_text
from actions.frame.heard import detail, hears
from actions.frame.phrasing import join_text
from actions.frame.turn import Turn
from actions.hearing.context import talk_of
from actions.hearing.order_lines import SaidLine, only_choice, said_lines
from actions.hearing.references import own_colour
from actions.hearing.side_by_side import two_talked_of
from actions.ordering.order_draft import Line, told_of
from actions.ordering.order_edits import completed, line_of
from actions.ordering.placing import OrderIsPlaced
from actions.orders.asking import answer_named, ask_which_product, can_wait
from bot.shop.words.goods import Product

_PICKED = ("order_it", "take_offer", "measures")  # goods are picked while one of these is open
_WISHES = ("kind", "category", "use", "person", "gender")


class StartOrder(Answer):
    def name(self) -> str:
        return "action_start_order"

    async def answer(self, chat: Chat) -> None:
        if _presses_once_more(chat):
            await OrderIsPlaced().answer(chat)  # 提交订单, of what has just been placed
        elif _adds_to_a_sum(chat):
            await answer_named("price", chat)  # 再来个防潮垫呢, behind a sum
        elif buys_on_condition(chat.turn):
            await bargain(chat)
        elif hears(chat.turn, "buy_later") and not chat.turn.questions:
            chat.reply("utter_take_your_time")  # 那我等下拍
        else:
            await start_order(chat)


def _adds_to_a_sum(chat: Chat) -> bool:
    turn = chat.turn
    return bool(chat.slot("goods_in_talk")) and hears(turn, "add_line") and turn.questions


def _presses_once_more(chat: Chat) -> bool:
    turn = chat.turn
    was_placed = any(one.startswith("utter_order_placed") for one in turn.told_before)
    names_it = turn.has("product", "kind", "category", "quantity", "colour", "size", "ordinal")
    return was_placed and not names_it and hears(turn, "submits")


@can_wait("order_it")
async def start_order(chat: Chat) -> None:
    """The form, where the goods are known; else how it goes, which of these, or what for."""
    picked = await _picked_before(chat)
    talk, turn = await talk_of(chat), chat.turn
    if picked is not None and talk.product is not None and _is_another(turn, talk.product, picked):
        _put_beside(chat, picked, talk.product)
    category = turn.value("category")
    is_meant = talk.product is not None and category in (None, talk.product.category)
    named = list(dict.fromkeys(map(str, turn.values("product"))))
    if len(named) > 1:
        await start_several(chat, named)
    elif wants_several(turn) and (both := two_talked_of(chat)):
        await start_several(chat, both)
    elif is_meant:
        chat.go_on_with("order_form")
    elif hears(turn, "how_to_order"):
        chat.reply("utter_how_to_order")
    elif wants_both(chat):
        await start_several(chat, all_of_them(chat))
    elif hears(turn, "last_one", "same_again"):
        await ask_which_product(chat, "order_it")  # 上次那双, of a buyer nobody knows
    elif chat.slot("product_shown") and not turn.has(*_WISHES):
        await ask_which_product(chat, "order_it")
    elif (
        turn.has(*_WISHES, "goods", "money") or _wants_one_more(turn) or chat.slot("recommend_wish")
    ):
        await recommend(chat)
    else:
        day = near_day_text((await chat.shop.shipping_promise()).ships_on)
        chat.keep("product_question", "order_it")
        pick = [button("帮我推荐", "ask_recommendation")]
        chat.ask("which_product", "utter_order_which", pick, day=day)


async def _picked_before(chat: Chat) -> Line | None:
    """The jacket that was picked, with what was settled of it, where 再来双袜子 adds to it."""
    turn, in_talk = chat.turn, chat.slot("product_in_talk") or chat.turn.product_in_view
    is_picked = chat.slot("open_question") in _PICKED and not turn.in_form
    names_it = turn.has("product", "kind", "colour", "size")
    if not (is_picked and in_talk and hears(turn, "add_line") and names_it):
        return None
    product = await chat.shop.product(str(in_talk))
    if product is None:
        return None
    colour = own_colour(product, chat.slot("colour_in_talk") or "")
    size = chat.slot("size_in_talk")
    return Line(
        product=product,
        colour=colour if colour in product.colours else only_choice(product.colours),
        size=size if size in product.sizes else only_choice(product.sizes),
        quantity=int(chat.slot("quantity_in_talk") or 1),
    )


def _is_another(turn: Turn, added: Product, picked: Line) -> bool:
    """Other goods, or 再来一件黑的, of what was picked in white."""
    if added != picked.product:
        return True
    line = line_of(added, next(iter(said_lines(turn)), SaidLine()))
    chosen = [(line.colour, picked.colour), (line.size, picked.size)]
    return picked.is_chosen and any(one and one != before for one, before in chosen)


def _put_beside(chat: Chat, picked: Line, added: Product) -> None:
    """Both are ordered; the size and the colour of the one are none of the other's."""
    line = line_of(added, next(iter(said_lines(chat.turn)), SaidLine()))
    line = completed([line, picked])[0]
    summed = chat.slot("goods_in_talk") or [told_of(picked)]
    chat.keep("goods_in_talk", [*summed, told_of(line)])
    chat.keep("size_in_talk", line.size or None)
    chat.keep("colour_in_talk", line.colour or None)


def _wants_one_more(turn: Turn) -> bool:
    """还想再买一双, of nothing that is pointed at; 一斤装的 and 这套 mean goods that are not known."""
    return turn.has("quantity") and hears(turn, "add_line") and not hears(turn, "pointing")


def wants_both(chat: Chat) -> bool:
    """都要, after two were shown or talked of."""
    return len(all_of_them(chat)) > 1 and wants_several(chat.turn)


def all_of_them(chat: Chat) -> list[str]:
    """Ids of the goods that 都要 means."""
    return two_talked_of(chat) or chat.slot("product_shown") or []


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


def wants_several(turn: Turn) -> bool:
    return hears(turn, "both") and not turn.questions


def buys_on_condition(turn: Turn) -> bool:
    """包邮我就拍, 便宜10块就买: a try to bargain, not yet an order."""
    is_less = detail(turn, "money", "role") == "off" or turn.has("discount") or hears(turn, "gift")
    return hears(turn, "on_condition") or (is_less and hears(turn, "then_buy"))


def settles_on_goods(chat: Chat) -> bool:
    """就酒红M吧, 那就刻字款: a choice among what was talked of is made; the order can begin."""
    turn = chat.turn
    if turn.in_form or turn.questions or not hears(turn, "settles"):
        return False
    question = chat.slot("open_question")
    if turn.has("product"):
        return question not in ("which_product", "measures")
    is_offered = question in ("order_it", "like_it", "take_offer")
    is_known = chat.slot("product_in_talk") or turn.product_in_view
    return is_offered and bool(is_known) and turn.has("colour", "size")


def sounds_like_buying(turn: Turn) -> bool:
    """我要买速干T恤 蓝色L 6件: goods and the wish to have them. 买3件呢 asks for a price."""
    is_told = turn.has("product", "size", "quantity") and hears(turn, "buying", "then_buy")
    return is_told and not turn.questions and not hears(turn, "gift") and not turn.has("discount")
