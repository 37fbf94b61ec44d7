"""What is half understood and still plain: a word of courtesy, our own question asked about, our own
answer said back, nobody who answers, goods of another shop that the talk is about."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.answering.talking import looks_at_goods
from actions.choosing.repairs import tells_of_repair_in_talk
from actions.deciding.half_heard import goes_on_from_before
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.goods.otherwise import tells_it_is_looked_into
from actions.orders.asking import tell_not_ours
from actions.orders.orders import in_status, own_orders
from actions.orders.price_claims import tells_of_claim
from bot.dialogue.matter import Matter
from bot.dialogue.reading import meaning_length
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import OrderStatus

_COURTEOUS = {"hold_on": "utter_take_your_time", "thank": "utter_you_are_welcome"}
_RATHER = 0.5  # chance from which a mere courtesy is answered: it costs nothing where it is none
_HEARD = "utter_heard_trouble"
_received = in_status(OrderStatus.DELIVERED, OrderStatus.COMPLETED)
_SHORT = 4  # characters: 怎么了, 啥意思
_OF_ORDERS = ("order_status", "track_parcel", "logistics_delay", "refund_status", "ask_human")


async def set_words(chat: Chat) -> bool:
    """Answers where a set phrase, or the likeliest meaning being a courtesy, makes it plain."""
    turn = chat.turn
    if turn.in_form:
        return False
    likeliest, chance = (*zip(turn.ranking, turn.chances, strict=True), ("", 0.0))[0]
    if hears(turn, "nobody_answers"):
        chat.reply("utter_nobody_answered")
        offer_person(chat, HandOverReason.ASKED)
    elif hears(turn, "puzzled") and meaning_length(turn.text) <= _SHORT and _was_asked_which(chat):
        chat.ask("which_product", "utter_why_which_product")
    elif hears(turn, "so_it_is") and turn.told_before and not turn.questions:
        chat.reply("utter_as_told")
    elif (
        await tells_it_is_looked_into(chat)
        or await goes_on_from_before(chat)
        or await tells_of_repair_in_talk(chat)
    ):
        return True
    elif _is_of_a_price(chat) and hears(turn, "only_once"):
        return tells_of_claim(chat)
    elif likeliest in _COURTEOUS and chance >= _RATHER and not turn.questions:
        chat.reply(_COURTEOUS[likeliest])
    else:
        return False
    return True


async def goes_on_elsewhere(chat: Chat) -> bool:
    """Another figure of a page that is not ours: what was said of it holds for what goes on with it."""
    turn = chat.turn
    if turn.in_form or not chat.slot("product_strange") or chat.slot("order_in_talk"):
        return False
    likeliest, chance = (*zip(turn.ranking, turn.chances, strict=True), ("", 0.0))[0]
    if likeliest in _OF_ORDERS and chance >= _RATHER:
        return False
    return turn.asks and await tell_not_ours(chat)


async def asks_what_now(chat: Chat) -> bool:
    """那怎么办, half understood, of who has received an order and looks at no goods: no wish to buy,
    but something that is not as it should be; the ways are offered once."""
    turn = chat.turn
    if (
        turn.in_form
        or not hears(turn, "what_then")
        or looks_at_goods(chat)
        or _HEARD in turn.told_before
    ):
        return False
    if chat.slot("product_shown") or not any(map(_received, await own_orders(chat))):
        return False
    chat.reply(_HEARD)
    return True


def _is_of_a_price(chat: Chat) -> bool:
    matter = Matter.of_slot(chat.slot("matter"))
    return matter is not None and matter.intent.split("/")[-1].startswith("price_protection")


def _was_asked_which(chat: Chat) -> bool:
    return bool(chat.slot("open_question") == "which_product")
