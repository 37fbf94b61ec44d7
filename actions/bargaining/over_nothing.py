"""Haggling over goods that nobody has named: what can be done about a price whatever the goods are,
and which goods are meant, asked once."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.bargaining.campaigns import tell_campaigns
from actions.bargaining.gifts import asks_for_gift
from actions.bargaining.objections import mark_told, was_told
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import price_text
from actions.hearing.elsewhere import named_elsewhere, strange_goods
from actions.hearing.profile import profile_of
from actions.orders.asking import answer_named, ask_which_product, wait_for
from bot.handing_over import HandOverReason

_SUM, _STEPS, _GENERAL = "nothing:sum", "nothing:steps", "nothing:general"
_GOODS = ("product", "kind", "category", "goods")


async def bargain_over_nothing(chat: Chat) -> None:
    """No goods are known: what the whole shop gives, and which goods are meant; 没猜着 helps nobody
    who wants a gift. Each is told once; whoever still asks may speak with a person."""
    profile, was_asked = profile_of(chat), chat.slot("product_asked") == []
    sums = [one for one in chat.turn.entities if one.get("entity") == "money"]
    is_off = any(one.get("role") == "off" for one in sums)
    if is_off and await _tell_steps(chat):
        return  # 能减20吗
    if strange_goods(chat):
        await ask_which_product(chat, "bargain")
    elif asks_for_gift(chat.turn):
        chat.ask("which_product", "utter_gift_in_general")
        chat.keep("product_question", "bargain")
    elif (profile.is_gift or chat.turn.has("person", "use")) and not was_asked:
        await answer_named("recommend", chat)  # 想给我爸买个生日礼物: no price is asked yet
    elif is_off and was_told(chat, _STEPS):
        _leave_to_a_person(chat)
    elif sums and not was_told(chat, _SUM) and not chat.slot("product_shown"):
        _tell_of_the_sum(chat)
    elif not was_asked and hears(chat.turn, "change_price") and not chat.slot("product_shown"):
        chat.keep("product_asked", [])
        wait_for(chat, "which_product", "bargain", "utter_change_price_of_which")
    elif not was_asked:
        await ask_which_product(chat, "bargain")
    elif not was_told(chat, _GENERAL):
        mark_told(chat, _GENERAL)
        chat.reply("utter_bargain_in_general")
        await tell_campaigns(chat, None)
    else:
        _leave_to_a_person(chat)


def _leave_to_a_person(chat: Chat) -> None:
    chat.reply("utter_price_by_person")
    offer_person(chat, HandOverReason.BELOW_FLOOR)


def names_a_sum_of_nothing(chat: Chat) -> bool:
    """两件按799算吧, and no goods known: a price is wished, and none can be told."""
    turn = chat.turn
    is_known = chat.slot("product_in_talk") or turn.product_in_view or chat.slot("product_shown")
    is_free = not (is_known or turn.in_form or turn.has(*_GOODS, "item_number"))
    return is_free and turn.has("money")


async def _tell_steps(chat: Chat) -> bool:
    """From which sum on how much is taken off, by the coupons that this buyer may use; once."""
    if named_elsewhere(chat.turn) or was_told(chat, _STEPS):
        return False
    coupons = await chat.shop.coupons(chat.turn.buyer_id)
    steps = {one.from_fen: one.off_fen for one in coupons if one.from_fen}
    if not steps:
        return False
    mark_told(chat, _STEPS)
    told = [f"满{price_text(of)}减{price_text(steps[of])}" for of in sorted(steps)]
    chat.reply("utter_coupon_steps", steps="、".join(told))
    return True


def _tell_of_the_sum(chat: Chat) -> None:
    """80行不行: it hangs on the goods, and no price is changed here by hand."""
    mark_told(chat, _SUM)
    chat.keep("product_asked", [])
    asked = price_text(int(chat.turn.value("money")))
    wait_for(chat, "which_product", "bargain", "utter_sum_of_which", asked=asked)
