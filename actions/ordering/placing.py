"""The end of the order form: the order counts, or the buyer leaves it for now."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from actions.answering.answer import Answer
from actions.answering.form import was_given_up
from actions.answering.handoff import offer_person
from actions.frame.agreed import ask_again
from actions.frame.cards import order_card, product_card
from actions.frame.chat import Chat, button
from actions.frame.clock import moment_text
from actions.frame.phrasing import day_text, from_text, price_text
from actions.hearing.order_access import own_orders
from actions.hearing.pointing import words_shared
from actions.hearing.profile import profile_of
from actions.ordering.order_draft import Draft, draft_of, forget, keep_lines
from actions.ordering.order_questions import AskConfirmed
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, WantedLine
from bot.shop.words.errors import OutOfStock, PriceChanged, ShopUnavailable, VisitorLimit

SAME_GOODS = 2  # pairs of characters that a present and a product's name share


class PlaceOrder(Answer):
    """Pay link, when it leaves, and one thing that goes with it."""

    def name(self) -> str:
        return "action_place_order"

    async def answer(self, chat: Chat) -> None:
        if was_given_up(chat):
            return
        draft = await draft_of(chat)
        if draft.agreed is None:  # the form has ended, but not by a yes to what was shown
            chat.go_on_with("order_form")
            return
        try:
            order = await chat.shop.place_order(
                draft.wanted,
                buyer_id=chat.turn.buyer_id,
                receiver=draft.receiver,
                note=draft.note,
                expected_total_fen=draft.agreed.total_fen,
                request_id=draft.agreed.deed_id,
            )
        except OutOfStock as error:
            chat.keep("order_confirmed", None)
            _open_again(chat, draft, error.wanted)
            chat.ask("order_it", "utter_gone_meanwhile", left=error.left)
            return
        except VisitorLimit as error:
            chat.keep("order_confirmed", None)
            chat.reply(f"utter_too_many_{error.of}", most=error.most)
            is_bulk = error.of == "pieces"
            offer_person(chat, HandOverReason.BULK if is_bulk else HandOverReason.NO_DATA)
            return
        except PriceChanged:
            chat.reply("utter_price_changed")
            ask_again(chat, "order_form", "order_confirmed")
            await AskConfirmed().ask(chat)
            return
        forget(chat)
        chat.keep("order_placed", order.number)
        chat.keep("order_in_talk", order.number)
        chat.show(order_card(order))
        await _tell_placed(chat, order)
        if not chat.turn.signed_in and order.pays_until is not None:
            chat.reply("utter_order_held_until", until=moment_text(order.pays_until))
        with suppress(ShopUnavailable):  # the deed is told; what could be sold beside it can wait
            await _cross_sell(chat, order)

    def stay(self, chat: Chat) -> None:
        """Whether the order was stored is not known: the same yes again cannot store it twice."""
        if not chat.has_handed_over:
            ask_again(chat, "order_form", "order_confirmed")


async def _tell_placed(chat: Chat, order: Order) -> None:
    total = price_text(order.total_fen)
    try:
        promise = await chat.shop.shipping_promise()
    except ShopUnavailable:  # a deed is told whatever fails after it
        chat.reply("utter_order_placed_only", total=total)
        return
    day = day_text(promise.ships_on)
    chat.reply("utter_order_placed", total=total, cutoff=promise.cutoff, day=day)


class OrderIsPlaced(Answer):
    """好的 after an order: mostly the same yes once more, never one to another pair of shoes."""

    def name(self) -> str:
        return "action_order_is_placed"

    async def answer(self, chat: Chat) -> None:
        shown = chat.slot("product_shown") or ()
        product = await chat.shop.product(shown[0]) if shown else None
        if product is None:
            chat.reply("utter_order_is_placed")
            return
        look = button(f"看看{product.name}", "choose_product", product=product.product_id)
        chat.reply("utter_order_is_placed_see", [look], name=product.name)


def _open_again(chat: Chat, draft: Draft, gone: WantedLine) -> None:
    """The line that was just bought away by somebody else lacks its size again."""
    place = draft.wanted.index(gone) if gone in draft.wanted else draft.at
    lines = list(draft.lines)
    lines[place] = replace(lines[place], size=None)
    keep_lines(chat, lines, place)


async def _cross_sell(chat: Chat, order: Order) -> None:
    """One fitting thing that is there; nothing where none is."""
    bought = {line.product_id for one in await own_orders(chat) for line in one.lines}
    bought |= {line.product_id for line in order.lines} | set(profile_of(chat).refused)
    product = await chat.shop.product(order.lines[0].product_id)
    for product_id in product.goes_with if product else ():
        fitting = await chat.shop.product(product_id)
        if fitting is None or product_id in bought:
            continue
        if words_shared(order.gift, fitting.name) >= SAME_GOODS:
            continue  # socks are in the parcel already, as a present
        if any(sku.stock > 0 for sku in fitting.skus):
            chat.show(product_card(fitting, next(iter(fitting.selling_points), "")))
            values: dict[str, Any] = {"name": fitting.name, "price": from_text(fitting)}
            chat.ask("want_more", "utter_goes_well", **values)
            chat.keep("product_shown", [product_id])  # what was bought stays what we talk of
            return
