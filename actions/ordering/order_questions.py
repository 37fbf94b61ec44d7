"""What the order form asks, with the choices that can really be had as buttons."""

from __future__ import annotations

from actions.answering.question import Question
from actions.frame.agreed import keep_shown, shown_in
from actions.frame.cards import order_card
from actions.frame.chat import Chat, button
from actions.frame.phrasing import price_text, size_text
from actions.ordering.order_draft import Line, draft_of
from actions.ordering.order_goods import WHICH_LINE
from bot.shop.words.dealing import Order
from bot.shop.words.errors import CannotDeliver

_RECEIVER = ("utter_ask_order_receiver", "utter_ask_order_name_phone")
AT_MOST = 8  # buttons that fit on a phone


class AskProduct(Question):
    def name(self) -> str:
        return "action_ask_order_product"

    async def ask(self, chat: Chat) -> None:
        buttons = []
        for product_id in (chat.slot("product_shown") or [])[:3]:
            if (product := await chat.shop.product(product_id)) is not None:
                buttons.append(button(product.name, "choose_product", product=product_id))
        chat.reply("utter_ask_order_product", buttons)


class AskColour(Question):
    def name(self) -> str:
        return "action_ask_order_colour"

    async def ask(self, chat: Chat) -> None:
        draft = await draft_of(chat)
        line = draft.line
        assert line is not None
        chat.about(line.product)
        colours = [
            sku.colour
            for sku in line.product.skus
            if sku.stock > 0 and (line.size is None or sku.size == line.size)
        ]
        choices = list(dict.fromkeys(colours))
        buttons = [button(one, "inform", colour=one) for one in choices][:AT_MOST]
        chat.keep("order_offered", None)
        if len(choices) == 1:
            chat.keep("order_offered", {"order_colour": choices[0]})
            chat.reply("utter_ask_order_only", buttons, what=choices[0])
        elif len(draft.lines) > 1:
            chat.reply("utter_ask_order_colour_of", buttons, name=line.product.name)
        else:
            chat.reply("utter_ask_order_colour", buttons, name=line.product.name)


class AskSize(Question):
    def name(self) -> str:
        return "action_ask_order_size"

    async def ask(self, chat: Chat) -> None:
        is_repeated = (chat.slot("form_asked") or {}).get("times", 0) > 0
        has_advised = chat.turn.came_after in ("action_advise_size", "action_take_in")
        if is_repeated and has_advised and chat.slot("product_question") == "size":
            return  # the advice has just asked for the measures: one question is enough
        draft = await draft_of(chat)
        line = draft.line
        assert line is not None
        chat.about(line.product)
        sizes = dict.fromkeys(
            sku.size
            for sku in line.product.skus
            if sku.stock > 0 and (line.colour is None or sku.colour == line.colour)
        )
        buttons = [button(size_text(one), "inform", size=one) for one in sizes][:AT_MOST]
        usual = await _usual_size(chat, line)
        chat.keep("order_offered", None)
        if usual in sizes:
            chat.keep("order_offered", {"order_size": usual})
            chat.reply("utter_ask_order_size_known", buttons, size=size_text(usual))
        elif len(sizes) == 1:
            only = next(iter(sizes))
            chat.keep("order_offered", {"order_size": only})
            chat.reply("utter_ask_order_only", buttons, what=size_text(only))
        elif len(draft.lines) > 1:
            chat.reply("utter_ask_order_size_of", buttons, name=line.product.name)
        else:
            chat.reply("utter_ask_order_size", buttons, name=line.product.name)


async def _usual_size(chat: Chat, line: Line) -> str:
    buyer = await chat.buyer()
    if buyer is None:
        return ""
    name = "shoe_size" if line.product.is_for_feet else "clothing_size"
    return buyer.attribute(name) or ""


class AskReceiver(Question):
    def name(self) -> str:
        return "action_ask_order_address"

    async def ask(self, chat: Chat) -> None:
        receiver = (await draft_of(chat)).receiver
        was_asked = set(_RECEIVER) & set(chat.turn.told_before)
        if was_asked and chat.turn.intent == "place_order":
            chat.reply("utter_ask_order_receiver_still")  # 行 下单: that alone is still missing
            return
        missing = [part for part in ("name", "phone", "address") if not getattr(receiver, part)]
        if len(missing) == 1:
            chat.reply(f"utter_ask_order_{missing[0]}")
        elif missing == ["name", "phone"]:
            chat.reply("utter_ask_order_name_phone")
        else:
            chat.reply("utter_ask_order_receiver")


class AskConfirmed(Question):
    """Shows the whole order once, and after each change; else only asks 对吗 again."""

    must_ask = True

    def name(self) -> str:
        return "action_ask_order_confirmed"

    async def ask(self, chat: Chat) -> None:
        draft = await draft_of(chat)
        if chat.slot("order_shown") == WHICH_LINE:
            return  # that has just been asked
        if chat.slot("order_shown") == "to_change":
            chat.reply("utter_ask_order_change", _axis_buttons(draft.line))
            return
        try:
            quote = await chat.shop.quote_order(
                draft.wanted, buyer_id=chat.turn.buyer_id, receiver=draft.receiver
            )
        except CannotDeliver as error:
            chat.keep("order_address", None)
            chat.keep("requested_slot", "order_address")
            chat.reply("utter_postage_nowhere", region=error.region)
            return
        shown = shown_in(chat, "order_shown")
        now_it_is = (draft.what, quote.total_fen, quote.gift)
        if shown is not None and (shown.what, shown.total_fen, shown.gift) == now_it_is:
            chat.reply("utter_ask_order_again", total=price_text(quote.total_fen))
            return
        chat.show({**order_card(quote), "note": draft.note} if draft.note else order_card(quote))
        chat.reply("utter_ask_order_confirmed", total=_with_saved(quote))
        keep_shown(chat, "order_shown", draft.what, total_fen=quote.total_fen, gift=quote.gift)


def _axis_buttons(line: Line | None) -> list[dict[str, str]]:
    """改颜色, 改尺码: one for each thing that there is a choice of."""
    if line is None:
        return []
    product = line.product
    axes = (
        ("colour", product.colour_name, product.colours),
        ("size", product.size_name, product.sizes),
    )
    return [
        button(f"改{name}", "choose_option", choice=choice)
        for choice, name, values in axes
        if len(values) > 1
    ]


def _with_saved(quote: Order) -> str:
    """878元（已减60元）: the sum, and what campaign and coupon have taken off it."""
    saved = f"（已减{price_text(quote.off_fen)}）" if quote.off_fen else ""
    return f"{price_text(quote.total_fen)}{saved}"
