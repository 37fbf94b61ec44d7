"""Is it there in this colour and size, when is it back, and shall we tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.after_order.parcels import explain_delay
from actions.answering.answer import Answer
from actions.bargaining.bargaining import bargain, names_a_price
from actions.bargaining.beginning import settles_on_goods, start_order
from actions.choosing.beside import recommend_beside
from actions.choosing.facts import tell_facts
from actions.choosing.judging import tells_it_falls_short
from actions.choosing.more_so import shows_one_more_so
from actions.choosing.recommending import recommend, recommend_kind, recommend_other
from actions.choosing.which import which_ones
from actions.choosing.wished_otherwise import names_a_budget, wants_others
from actions.frame.chat import Chat, button
from actions.frame.heard import hears
from actions.frame.phrasing import day_text, join_text, size_text, sku_text
from actions.goods.no_such import all_of, tells_no_such_colour
from actions.goods.there_is import tell_what_there_is
from actions.goods.unwritten import tell_unknown
from actions.hearing.coming_along import tells_whether_it_comes_along
from actions.hearing.context import Talk, show_products, talk_of
from actions.hearing.parts import tells_of_a_part
from actions.orders.asking import ask_which_product, can_wait
from actions.orders.orders import in_status, own_orders
from actions.returns.exchanging import tell_open_exchange
from bot.shop.rules.sizing import is_worn_size
from bot.shop.words.dealing import OrderStatus
from bot.shop.words.goods import Product, ProductQuery, Sku

FEW = 3  # from so few pieces on we say how many are left


class CheckStock(Answer):
    def name(self) -> str:
        return "action_check_stock"

    async def answer(self, chat: Chat) -> None:
        if await tell_open_exchange(chat):
            return
        if names_a_price(chat):
            await bargain(chat)
        elif settles_on_goods(chat):
            await start_order(chat)  # 就酒红M吧
        elif wants_others(chat):
            await recommend_other(chat)
        elif wants_notice(chat):
            await promise_restock_notice(chat)
        elif await shows_one_more_so(chat):
            return  # 有没有再大一点的
        elif await tells_whether_it_comes_along(chat):
            return  # 防水袋送不送
        elif chat.names_a_part and await tells_of_a_part(chat):
            return  # 手提袋有吗, of a box that comes with one
        elif await tells_it_falls_short(chat):
            return  # 三个人睡的帐篷有吗, of a tent for two
        elif chat.turn.has("colour", "size") or not await which_ones(chat):
            await check_stock(chat)


@can_wait("stock")
async def check_stock(chat: Chat) -> None:
    talk = await talk_of(chat)
    product = talk.product
    if (
        product is not None
        and hears(chat.turn, "goes_with")
        and await recommend_beside(chat, product)
    ):
        return
    if product is None:
        if chat.turn.has("kind", "category") or _names_a_model(chat):
            # 有没有两百以内的包 names what it may cost
            await (recommend if names_a_budget(chat) else recommend_kind)(chat)
        elif not await _tells_of_what_waits(chat):
            await ask_which_product(chat, "stock")
        return
    if await _is_made_for_others(chat, product):
        return
    if tells_no_such_colour(chat, talk):
        return
    if hears(chat.turn, "other_choice") and not chat.turn.has("colour", "size"):
        if len(product.skus) == 1 and not chat.turn.in_form:
            chat.ask("order_it", "utter_one_size")
            return
        talk = replace(talk, colour="", size="")  # 有别的颜色没, of the white one in talk
    if talk.said_sizes and not product.sizes and not is_worn_size(talk.size):
        if not tell_facts(chat, talk, chat.turn.text):
            tell_unknown(chat, product)  # 远川15能充吗, of goods that come in no models
    elif talk.size and talk.said_sizes and not talk.has_size:
        response = "utter_no_such_size_worn" if product.size_chart else "utter_no_such_size"
        sizes = _span(product.sizes) or "一种"
        chat.reply(response, name=product.name, what=talk.size, sizes=sizes)
    elif len(talk.said_sizes) > 1 or len(talk.said_colours) > 1:
        _tell_several(chat, talk, product)
    else:
        _tell(chat, talk, product)


def _names_a_model(chat: Chat) -> bool:
    """远川15的透明款还有吗: what says which goods are meant as well as a kind does; 39码 does not."""
    said = [str(one) for name in ("size", "colour") for one in chat.turn.values(name)]
    is_in_order = chat.turn.in_form or chat.slot("product_shown")
    coded = (one for one in said if any(map(str.isdigit, one)) and not is_worn_size(one))
    return not is_in_order and any(one[:1].isalpha() for one in coded)


async def _tells_of_what_waits(chat: Chat) -> bool:
    """你们是没货了吧, of the order that is talked of and has not been sent."""
    number, waits = chat.slot("order_in_talk"), in_status(OrderStatus.PAID, OrderStatus.PACKED)
    if not any(one.number == number and waits(one) for one in await own_orders(chat)):
        return False
    await explain_delay(chat)
    return True


async def _is_made_for_others(chat: Chat, product: Product) -> bool:
    """林步有没有男款的, of goods for women: said so, with what there is of the kind for men."""
    wanted = str(chat.turn.value("gender") or "")
    if not wanted or not product.gender or product.gender == wanted or chat.turn.in_form:
        return False
    query = ProductQuery(kind=product.kind, gender=wanted)
    found = [one.product for one in await chat.shop.recommend(query, chat.turn.buyer_id)]
    found = [one for one in found if one.product_id != product.product_id]
    values: dict[str, Any] = {"name": product.name, "own": product.gender, "wanted": wanted}
    if not found:
        chat.reply("utter_not_made_for", **values)
        return True
    show_products(chat, [found[0].product_id])
    chat.ask("like_it", "utter_not_made_for_but", other=found[0].name, **values)
    return True


def _tell(chat: Chat, talk: Talk, product: Product) -> None:
    there = [sku for sku in talk.matching_skus if sku.stock > 0]
    what = sku_text(talk.colour, talk.size)
    if not there:
        _tell_sold_out(chat, talk, product)
    elif len(talk.matching_skus) == 1:
        _tell_one(chat, talk, product, there[0])
    elif talk.size:
        colours = join_text(tuple(dict.fromkeys(sku.colour for sku in there)))
        chat.ask("order_it", "utter_size_in_colours", what=what, colours=colours)
    else:
        sizes = _span(tuple(dict.fromkeys(sku.size for sku in there if sku.size)))
        colours = join_text(tuple(dict.fromkeys(sku.colour for sku in there)))
        if talk.colour:
            chat.ask("order_it", "utter_colour_in_sizes", what=what, sizes=sizes)
        elif sizes and colours:
            chat.ask("order_it", "utter_in_sizes", name=product.name, sizes=sizes, colours=colours)
        elif sizes:
            chat.ask("order_it", "utter_in_sizes_only", name=product.name, sizes=sizes)
        else:
            tell_what_there_is(chat, product, colours)


def _tell_one(chat: Chat, talk: Talk, product: Product, sku: Sku) -> None:
    _fill_order(chat, product, sku)
    variant = sku_text(sku.colour, sku.size)
    what = variant or product.name
    if talk.quantity > sku.stock:
        chat.ask("order_it", "utter_only_so_many", what=what, left=sku.stock)
    elif chat.turn.in_form:
        chat.reply("utter_is_there", what=what)
    elif sku.stock <= FEW:
        chat.ask("order_it", "utter_few_left", what=what, left=sku.stock)
    else:
        chat.ask("order_it", "utter_in_stock", name=product.name if variant else "", what=what)


def _fill_order(chat: Chat, product: Product, sku: Sku) -> None:
    """有39吗 during an order also says which size is wanted."""
    if chat.turn.in_form == "order_form" and chat.slot("order_product") == product.product_id:
        chat.keep("order_colour", sku.colour)
        chat.keep("order_size", sku.size)


def _tell_sold_out(chat: Chat, talk: Talk, product: Product) -> None:
    if chat.turn.in_form:
        chat.reply("utter_out_in_order", what=sku_text(talk.colour, talk.size) or product.name)
        return
    days = [sku.restock_on for sku in talk.matching_skus if sku.restock_on]
    what = sku_text(talk.colour, talk.size) or product.name
    others = _others(talk, product)
    buttons = [
        button(
            "到货叫我",
            "want_restock_notice",
            product=product.product_id,
            colour=talk.colour,
            size=talk.size,
        ),
        *(
            button(sku_text(sku.colour, sku.size), "inform", colour=sku.colour, size=sku.size)
            for sku in others
        ),
    ]
    instead = join_text([sku_text(sku.colour, sku.size) for sku in others])
    suffix = "_but" if others else ""
    if days:
        chat.ask(
            "restock_notice",
            f"utter_out_until{suffix}",
            buttons,
            what=what,
            day=day_text(min(days)),
            instead=instead,
        )
    else:
        chat.ask(
            "restock_notice", f"utter_out_for_now{suffix}", buttons, what=what, instead=instead
        )


def _others(talk: Talk, product: Product) -> list[Sku]:
    """Up to two in stock that are close: the same size in other colours."""
    if not talk.size:
        return []
    return [sku for sku in product.skus if sku.size == talk.size and sku.stock > 0][:2]


def _tell_several(chat: Chat, talk: Talk, product: Product) -> None:
    """38 39 都有吗: each with its state, in one line."""
    parts = []
    for colour in talk.said_colours or (talk.colour,):
        for size in talk.said_sizes or (talk.size,):
            skus = [
                sku
                for sku in product.skus
                if (not colour or sku.colour == colour) and (not size or sku.size == size)
            ]
            state = "有货" if any(sku.stock > 0 for sku in skus) else "暂时没货"
            parts.append(f"{sku_text(colour, size)}{state}")
    chat.ask("order_it", "utter_several", states=join_text(parts))


def _span(sizes: tuple[str, ...]) -> str:
    """36-44码 where they are many sizes of shoes or clothes, else each."""
    if len(sizes) > 4 and all(map(is_worn_size, sizes)):
        return f"{sizes[0]}-{size_text(sizes[-1])}"
    return all_of([size_text(size) for size in sizes])


def wants_notice(chat: Chat) -> bool:
    """到货通知我, after we said that it is sold out."""
    is_open = chat.slot("open_question") == "restock_notice"
    is_asked = bool(chat.slot("product_in_talk")) and hears(chat.turn, "notice")
    return is_asked or (is_open and hears(chat.turn, "tell_me", "notice"))


class PromiseRestockNotice(Answer):
    """The buyer wants to be told when it is back."""

    def name(self) -> str:
        return "action_promise_restock_notice"

    async def answer(self, chat: Chat) -> None:
        talk = await talk_of(chat)
        if talk.product is None:
            await ask_which_product(chat, "restock")
            return
        turn, product_id = chat.turn, talk.product.product_id
        gone = [sku for sku in talk.matching_skus if sku.stock <= 0]
        if not gone:
            await check_stock(chat)  # all of it is there
            return
        colour, size = talk.colour or gone[0].colour, talk.size or gone[0].size
        await chat.shop.ask_restock_notice(
            product_id,
            colour,
            size,
            buyer_id=turn.buyer_id,
            request_id=turn.request_id,
        )
        what = sku_text(colour, size)
        chat.promise("restock", f"{talk.product.name} {what}到货通知", product_id)
        chat.reply("utter_restock_notice_kept", what=what or talk.product.name)


@can_wait("restock")
async def promise_restock_notice(chat: Chat) -> None:
    await PromiseRestockNotice().answer(chat)
