"""What the bot does when it is half sure, not sure, or not sure again."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.answering.handoff import offer_person
from actions.answering.talking import farewell, is_before_buying
from actions.choosing.recommending import recommend
from actions.deciding.informing import TELLING, take_in
from actions.deciding.likeliest import fits_the_talk, is_clear_enough
from actions.deciding.likeliest_served import LIKELY
from actions.deciding.set_words import goes_on_elsewhere, set_words
from actions.frame.chat import Chat, button
from actions.frame.heard import hears
from actions.frame.intent_titles import intent_titles
from actions.frame.turn import Turn
from actions.hearing.open_matter import asks_about
from actions.hearing.order_lines import is_several, said_lines
from actions.orders.refund_parts import tell_how_long_here
from bot.dialogue.matter import Matter
from bot.dialogue.situations import COURTESIES
from bot.handing_over import HandOverReason

# A size or an address in one of these belongs to an order that exists.
_ABOUT_AN_ORDER = {
    "change_address",
    "change_order",
    "exchange_request",
    "return_request",
    "report_defect",
    "report_wrong_item",
}
LEAST = 0.1  # chance below which a meaning is no fit choice for a button
WORTH_ASKING = 0.75  # chance of the two likeliest together; below, what is only told is heard out
MOSTLY = 0.5  # chance of all troubles together from which the line tells of one
_TROUBLES = ("complain", "logistics_delay", "parcel_not_received", "report_defect")
HEARD_OUT, HEARD_TROUBLE = "utter_heard_out", "utter_heard_trouble"
_CLOSINGS = {"deny", "goodbye", "thank"}
_SAYS_NOTHING = COURTESIES | {"inform", "complain"}
_NODS = COURTESIES - {"deny", "goodbye"} | {"inform"}
_MERE = 3  # characters
SHORT = 12  # characters; a longer message says more than the data in it


class AskBack(Answer):
    """Half sure: two likely wishes as buttons; the picked one is answered with the same data."""

    def name(self) -> str:
        return "action_ask_back"

    async def answer(self, chat: Chat) -> None:
        for attempt in (
            _closes,
            set_words,
            tell_how_long_here,
            fits_the_talk,
            _asks_of_named_goods,
            _takes_data,
            is_clear_enough,
            goes_on_elsewhere,
            _hears_out,
        ):
            if await attempt(chat):
                return
        if chat.slot("fruitless") or not _asks_back(chat):
            await _not_understood(chat)


class NotUnderstood(Answer):
    """Says so once, then offers a person, then fetches one."""

    def name(self) -> str:
        return "action_not_understood"

    async def answer(self, chat: Chat) -> None:
        for attempt in (
            _closes, set_words, fits_the_talk, _takes_data, goes_on_elsewhere, _hears_out
        ):  # fmt: skip
            if await attempt(chat):
                return
        await _not_understood(chat)


class DefaultFallback(NotUnderstood):
    """Where no rule or story knows what comes next."""

    def name(self) -> str:
        return "action_default_fallback"


async def _closes(chat: Chat) -> bool:
    """没有了, half a no and half a goodbye: an end either way; a form is left to the buyer."""
    turn = chat.turn
    if not hears(turn, "nothing_more") or not set(turn.ranking[:2]) <= _CLOSINGS:
        return False
    if turn.in_form:
        chat.reply("utter_whenever_you_can")
    else:
        await farewell(chat)
    return True


async def _asks_of_named_goods(chat: Chat) -> bool:
    """羽绒服双十二会便宜吗: goods that are named in a clear question are asked about, not chosen."""
    turn = chat.turn
    if turn.in_form or not turn.has("product", "kind") or not turn.asks:
        return False
    is_answer = chat.slot("open_question") in ("measures", "region", "which_product")
    return not is_answer and await is_clear_enough(chat)


async def _takes_data(chat: Chat) -> bool:
    """39, or a pasted address: the data speak for themselves."""
    turn = chat.turn
    if next(iter(turn.ranking), "") in _ABOUT_AN_ORDER:
        return False
    if {entity.get("entity") for entity in turn.entities} == {"person"}:
        return await _shops_for(chat)
    is_expected = chat.slot("open_question") in ("measures", "region", "which_product")
    return (
        turn.has(*TELLING)
        and (
            is_expected
            or turn.has("address", "phone")
            or len(turn.text) <= SHORT
            or is_several(turn, said_lines(turn))
        )
        and await take_in(chat)
    )


async def _shops_for(chat: Chat) -> bool:
    """给我爸, before anything is bought: goods for him. 我儿子帮我付行不行 wishes nothing for him."""
    turn = chat.turn
    is_all = len(turn.text) <= SHORT // 2 and not turn.in_form
    if not is_all or turn.questions or not is_before_buying(chat) or chat.slot("order_in_talk"):
        return False
    await recommend(chat)
    return True


async def _hears_out(chat: Chat) -> bool:
    """嗯嗯 to a line that asks for nothing and whose wish is not to be seen: who tells something
    is heard, not questioned. Once; then a likely wish is asked about."""
    turn = chat.turn
    if not turn.text or turn.asks:
        return False
    if turn.in_form:
        return _waits_in_form(chat)
    if {HEARD_OUT, HEARD_TROUBLE} & set(turn.told_before):
        return False
    is_mere = len(turn.text) <= _MERE and set(turn.ranking[:1]) <= _SAYS_NOTHING  # 可是
    only_tells = turn.ranking[:1] == ("inform",)  # what was done before wishes nothing
    is_worth_asking = not is_mere and not only_tells and sum(turn.chances[:2]) >= WORTH_ASKING
    if is_worth_asking and not chat.slot("fruitless"):
        return False
    chances = zip(turn.ranking, turn.chances, strict=True)
    is_trouble = sum(chance for intent, chance in chances if intent in _TROUBLES) >= MOSTLY
    chat.reply(HEARD_TROUBLE if is_trouble else HEARD_OUT)
    return True


def _waits_in_form(chat: Chat) -> bool:
    """喔好的，我是第一次买不清楚: a nod with something told beside it; the form waits in silence."""
    likeliest, chance = set(chat.turn.ranking[:1]), sum(chat.turn.chances[:1])
    is_nod = likeliest <= _NODS and chance >= MOSTLY
    if is_nod:
        chat.reply("utter_whenever_you_can")
    return is_nod


def _asks_back(chat: Chat) -> bool:
    """Two wishes to choose from, or the one that is likely, which a yes then means."""
    choices = meant(chat.turn, Matter.of_slot(chat.slot("matter")))
    if not choices:
        return False
    buttons = [meant_button(chat.turn, intent) for intent in choices]
    person = button(intent_titles()["ask_human"], "ask_human")
    if len(choices) > 1:
        chat.reply("utter_did_you_mean", [*buttons, person])
        return True
    yes = {**buttons[0], "title": "对"}
    title = intent_titles()[choices[0]]
    chat.ask("meant", "utter_do_you_mean", [yes, button("不是", "deny"), person], title=title)
    asks_about(chat, choices[0])
    return True


async def _not_understood(chat: Chat) -> None:
    """`fruitless` counts turns that brought nothing, whatever they were (engine's weighing)."""
    times = int(chat.slot("fruitless") or 0) + 1
    if times == 1:
        # A form asks its own question again right after.
        chat.reply("utter_not_understood_here" if chat.turn.in_form else "utter_not_understood")
    elif times == 2:
        offer_person(chat, HandOverReason.MISUNDERSTOOD)
    else:
        chat.hand_over(
            HandOverReason.MISUNDERSTOOD, f"连续{times}次没帮上, 买家说: {chat.turn.text[:60]}"
        )


def meant(turn: Turn, matter: Matter | None) -> list[str]:
    """The wishes that may be meant, at most two, likeliest first; one alone must be rather likely.

    The open matter is one of them, since a line that is half understood mostly goes on with it.
    """
    likely = {
        intent: chance
        for intent, chance in zip(turn.ranking, turn.chances, strict=True)
        if intent in intent_titles() and intent != "ask_human" and chance >= LEAST
    }
    names = list(likely)
    if matter is not None and not matter.is_settled and matter.intent in intent_titles():
        names = list(dict.fromkeys([*names[:1], matter.intent, *names[1:]]))
    if len(names) == 1 and likely.get(names[0], 0.0) < LIKELY:
        return []
    return names[:2]


def meant_button(turn: Turn, intent: str) -> dict[str, str]:
    """A plain question (faq/…) is asked by its title as if typed: its answer hangs on the words."""
    title = intent_titles()[intent]
    if intent.startswith("faq/"):
        return {"title": title, "payload": title}
    entities: dict[str, list[object]] = {}
    for entity in turn.entities:
        entities.setdefault(entity["entity"], []).append(entity["value"])
    return button(title, intent, said=turn.text, **entities)
