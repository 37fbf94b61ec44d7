"""The questions of a return: reason, photos, remedy, and what is wanted instead."""

from __future__ import annotations

from actions.answering.question import Question
from actions.frame.agreed import keep_shown, shown_in
from actions.frame.chat import Chat, button
from actions.frame.phrasing import day_text, price_text, sku_text
from actions.orders.return_road import REMEDY_TEXTS, Road, road_of
from bot.shop.words.dealing import Reason, Remedy

_MOST_BUTTONS = 4


class AskReturnReason(Question):
    def name(self) -> str:
        return "action_ask_return_reason"

    async def ask(self, chat: Chat) -> None:
        where = chat.slot("return_line") or {}
        is_exchange = chat.slot("return_remedy") == Remedy.EXCHANGE.value
        response = "utter_ask_exchange_reason" if is_exchange else "utter_ask_return_reason"
        chat.reply(response, name=where.get("name", ""))


class AskReturnPhotos(Question):
    """The first time which ones, with how to do without; afterwards only what is missing."""

    def name(self) -> str:
        return "action_ask_return_photos"

    async def ask(self, chat: Chat) -> None:
        road = await road_of(chat)
        asked = int(chat.slot("picture_asked") or 0)
        has_come = chat.turn.has("picture")
        if asked and not has_come:
            if asked == 1 or not chat.turn.has_answer:
                chat.reply("utter_photos_still")
            chat.keep("picture_asked", asked + 1)
            return
        chat.keep("picture_asked", 1)
        if road is None or road.terms.needs_photos < 2:
            chat.reply("utter_ask_photo")
        elif road.photos:
            chat.reply("utter_ask_photo_of_spot")
        else:
            chat.reply("utter_ask_photos")


class AskReturnRemedy(Question):
    """The rules for this very line, and a choice of ways, each with what it gives back.

    Pressing one is the yes to it: deed, goods and sum have been shown.
    """

    def name(self) -> str:
        return "action_ask_return_remedy"

    async def ask(self, chat: Chat) -> None:
        road = await road_of(chat)
        if road is None:
            chat.reply("utter_order_unknown")
            return
        buttons = [_way(road, remedy) for remedy in road.terms.remedies]
        until = day_text(road.terms.until) if road.terms.until else ""
        chat.reply(_remedy_question(road), buttons, name=road.line.name, until=until)
        keep_shown(chat, "return_shown", road.choice)


def _way(road: Road, remedy: Remedy) -> dict[str, str]:
    refund = road.terms.refund_fen(remedy)
    title = REMEDY_TEXTS[remedy] + (f" {price_text(refund)}" if refund else "")
    return button(title, "inform", remedy=remedy.value, money=refund or None)


def _remedy_question(road: Road) -> str:
    if road.reason is Reason.NOT_RECEIVED:
        return "utter_ask_remedy_not_received"
    if not road.terms.buyer_pays_postage:
        return "utter_ask_remedy_we_pay"
    if road.reason is Reason.SIZE:
        return "utter_ask_remedy_size"
    return "utter_ask_remedy_sealed" if road.terms.only_unopened else "utter_ask_remedy"


class AskReturnWanted(Question):
    """Which colour and size instead; what is there becomes buttons."""

    def name(self) -> str:
        return "action_ask_return_wanted"

    async def ask(self, chat: Chat) -> None:
        road = await road_of(chat)
        product = await chat.shop.product(road.line.product_id) if road else None
        if road is None or product is None:
            chat.reply("utter_ask_wanted", what="")
            return
        chat.about(product)
        line = road.line
        there = [s for s in product.skus if s.stock >= line.quantity and s.sku_id != line.sku_id]
        places = {size: place for place, size in enumerate(product.sizes)}  # in the shop's order
        there.sort(
            key=lambda sku: (
                sku.colour != line.colour,
                abs(places.get(sku.size, 0) - places.get(line.size, 0)),
            )
        )
        buttons = [
            button(sku_text(sku.colour, sku.size), "inform", colour=sku.colour, size=sku.size)
            for sku in there[:_MOST_BUTTONS]
        ]
        chat.reply("utter_ask_wanted", buttons, what=sku_text(line.colour, line.size))


class AskReturnConfirmed(Question):
    """Line, remedy, sum and who pays the way back, before anything is opened."""

    must_ask = True

    def name(self) -> str:
        return "action_ask_return_confirmed"

    async def ask(self, chat: Chat) -> None:
        road = await road_of(chat)
        if road is None:
            chat.reply("utter_order_unknown")
            return
        assert road.remedy is not None
        shown = shown_in(chat, "return_shown")
        is_again = shown is not None and shown.is_fresh and shown.what == road.what
        has_digressed = chat.turn.came_after != "action_listen"
        if is_again and has_digressed and chat.turn.has_answer:  # 运费谁出, behind the same summary
            chat.reply("utter_return_right_still")
            keep_shown(chat, "return_shown", road.what, total_fen=road.refund_fen or 0)
            return
        comes_back = road.remedy in (Remedy.REFUND, Remedy.EXCHANGE)
        pays = ("" if road.terms.buyer_pays_postage else "_we_pay") if comes_back else ""
        chat.reply(
            f"utter_return_right_{road.remedy.value}{pays}",
            name=road.line.name,
            what=sku_text(road.line.colour, road.line.size),
            wanted=road.wanted,
            refund=price_text(road.refund_fen) if road.refund_fen else "实付的金额",
        )
        keep_shown(chat, "return_shown", road.what, total_fen=road.refund_fen or 0)
