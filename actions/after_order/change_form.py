"""What the buyer answers on the way to a changed order line: what it shall be, and the yes to it."""

from __future__ import annotations

from actions.after_order.order_changes import can_be_asked, change_text, change_what, take_change
from actions.answering.answer import Answer
from actions.answering.form import FormReader, give_up, wants_to_stop, was_given_up
from actions.answering.question import Question
from actions.frame.agreed import Shown, agree, agreed_to, ask_again, keep_shown, shown_in
from actions.frame.cards import order_card
from actions.frame.chat import Chat, button
from actions.frame.phrasing import price_text, size_text, sku_text
from actions.hearing.references import own_colour
from actions.orders.orders import access_to
from bot.shop.words.dealing import Order, OrderLine, WantedLine
from bot.shop.words.errors import OutOfStock, PriceChanged, UnknownSku, VisitorLimit
from bot.shop.words.goods import Product

_MOST_BUTTONS = 4
_YES = ("change_shown", "change_confirmed")
_ASKING = ("faq", "ask_product", "ask_quality", "ask_usage", "ask_price")


def _is_named(chat: Chat) -> bool:
    """那就39码, where 39 was shown, is a yes."""
    to = {name: str(value) for name, value in (chat.slot("change_to") or {}).items()}
    is_told = chat.turn.intent == "inform" and not chat.turn.questions
    return is_told and chat.turn.names_only(**to)


def _leaves_as_it_is(chat: Chat, line: OrderLine, product: Product | None) -> bool:
    """那还是白色吧, of what is white: nothing is changed after all."""
    turn = chat.turn
    colours = [own_colour(product, str(one)) for one in turn.values("colour")]
    sizes = [str(one) for one in turn.values("size")]
    is_same = set(colours) <= {line.colour} and set(sizes) <= {line.size}
    return bool(colours or sizes) and is_same and not turn.has("quantity") and not turn.questions


def _agreed(chat: Chat) -> Shown | None:
    return agreed_to(chat, *_YES, change_what(chat))


async def _order_and_line(chat: Chat) -> tuple[Order | None, OrderLine | None, Product | None]:
    where = chat.slot("change_line") or {}
    number = where.get("number", "")
    order = await chat.shop.order(number, access_to(chat, number))
    lines = order.lines if order else ()
    line = next((one for one in lines if one.line_id == where.get("line_id")), None)
    return order, line, await chat.shop.product(line.product_id) if line else None


class ReadChange(FormReader):
    def name(self) -> str:
        return "validate_change_form"

    async def read(self, chat: Chat) -> bool:
        if wants_to_stop(chat):
            give_up(chat)
            return True
        order, line, product = await _order_and_line(chat)
        if order is None or line is None:
            return False
        intent, is_confirming = chat.turn.intent, chat.turn.requested_slot == "change_confirmed"
        if chat.turn.questions and intent in _ASKING:
            return False  # 白色会不会透, before the yes
        if is_confirming and _leaves_as_it_is(chat, line, product):
            is_so = {"colour": line.colour, "size": line.size, "quantity": line.quantity}
            chat.keep("change_to", None)
            chat.reply("utter_change_is_so_already", what=change_text(is_so))
            give_up(chat, is_told=True)
            return True
        is_taken = take_change(chat, line, product)
        if is_taken and not can_be_asked(chat, order, line):
            give_up(chat, is_told=True)
        elif is_confirming and (intent == "affirm" or _is_named(chat)):
            agree(chat, *_YES, change_what(chat))
            return True
        elif is_confirming and intent == "deny" and not is_taken:
            chat.keep("change_to", None)
            return True
        return is_taken

    async def next_slot(self, chat: Chat) -> str | None:
        if not chat.slot("change_to"):
            return "change_to"
        return None if _agreed(chat) else "change_confirmed"


class AskChange(Question):
    """What it is now, with the sizes that are there as buttons."""

    def name(self) -> str:
        return "action_ask_change_to"

    async def ask(self, chat: Chat) -> None:
        _order, line, product = await _order_and_line(chat)
        if line is None or product is None:
            chat.reply("utter_change_to_what", what="")
            return
        chat.about(product)
        there = [s for s in product.skus if s.colour == line.colour and s.size and s.stock > 0]
        buttons = [
            button(size_text(sku.size), "inform", size=sku.size)
            for sku in there
            if sku.size != line.size
        ]
        what = f"{line.name} {sku_text(line.colour, line.size)}".strip()
        chat.reply("utter_change_to_what", buttons[:_MOST_BUTTONS], what=what)


class AskChangeConfirmed(Question):
    """The order as it would be, with its sum; shown once, and after each change."""

    must_ask = True

    def name(self) -> str:
        return "action_ask_change_confirmed"

    async def ask(self, chat: Chat) -> None:
        order, line, _product = await _order_and_line(chat)
        to = chat.slot("change_to") or {}
        if order is None or line is None:
            chat.reply("utter_order_unknown")
            return
        wanted = WantedLine(product_id=line.product_id, **to)
        try:
            quote = await chat.shop.quote_line(
                order.number, access_to(chat, order.number), line.line_id, wanted
            )
        except (OutOfStock, UnknownSku):
            _ask_other(chat)
            chat.reply("utter_change_out", what=sku_text(to["colour"], to["size"]))
            return
        except VisitorLimit as error:
            _ask_other(chat)
            chat.reply(f"utter_too_many_{error.of}", most=error.most)
            return
        shown = shown_in(chat, "change_shown")
        if shown is None or (shown.what, shown.total_fen) != (change_what(chat), quote.total_fen):
            chat.show(order_card(quote))
        total = price_text(quote.total_fen)
        chat.reply("utter_change_right", name=line.name, what=change_text(to), total=total)
        keep_shown(chat, "change_shown", change_what(chat), total_fen=quote.total_fen)


def _ask_other(chat: Chat) -> None:
    chat.keep("change_to", None)
    chat.keep("requested_slot", "change_to")


class FinishChange(Answer):
    """The deed, once the buyer has said yes to it."""

    def name(self) -> str:
        return "action_finish_change"

    async def answer(self, chat: Chat) -> None:
        if was_given_up(chat):
            return
        where, to, agreed = chat.slot("change_line"), chat.slot("change_to"), _agreed(chat)
        if not where or not to or agreed is None:  # the form has ended, but not by a yes
            chat.go_on_with("change_form")
            return
        _order, line, _product = await _order_and_line(chat)
        if line is None:
            chat.reply("utter_order_unknown")
            return
        try:
            changed = await chat.shop.change_line(
                where["number"],
                access_to(chat, where["number"]),
                where["line_id"],
                WantedLine(product_id=line.product_id, **to),
                expected_total_fen=agreed.total_fen,
                request_id=agreed.deed_id,
            )
        except PriceChanged:
            chat.reply("utter_sum_changed")
            ask_again(chat, "change_form", "change_confirmed")
            await AskChangeConfirmed().ask(chat)
            return
        for slot in ("change_to", *_YES):
            chat.keep(slot, None)
        chat.show(order_card(changed))
        chat.reply("utter_order_changed", what=change_text(to))

    def stay(self, chat: Chat) -> None:
        """Whether it was changed is not known: the same yes again cannot change it twice."""
        if not chat.has_handed_over:
            ask_again(chat, "change_form", "change_confirmed")
