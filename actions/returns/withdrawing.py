"""An open return or exchange is taken back: the buyer keeps the goods after all."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.frame.agreed import keep_shown, shown_in
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.context import is_after_sale
from actions.orders.orders import ask_anyway
from actions.orders.return_cases import return_card, tell_case
from actions.orders.return_road import REMEDY_TEXTS
from actions.returns.return_parts import newest_open_case
from bot.dialogue.files import read_matters
from bot.shop.words.dealing import ReturnCase, ReturnStatus
from bot.shop.words.errors import WrongMoment


async def offer_withdrawal(chat: Chat) -> bool:
    """Asks once, by the case that is open; False where there is none."""
    case = await newest_open_case(chat)
    if case is None:
        return False
    if case.status is not ReturnStatus.OPENED or not case.line_id:
        chat.reply("utter_withdraw_too_late", name=case.name)
        tell_case(chat, case)
        return True
    offer_withdrawal_of(chat, case)
    return True


def offer_withdrawal_of(chat: Chat, case: ReturnCase) -> None:
    """Shows the case and asks whether it shall be taken back."""
    chat.show(return_card(case))
    keep_shown(chat, "withdraw_shown", case.case_id)
    ask_anyway(
        chat, "withdraw_it", "utter_ask_withdraw", name=case.name, what=REMEDY_TEXTS[case.remedy]
    )


async def takes_it_back(chat: Chat) -> bool:
    """我不想退了, 取消退货, while something is on its way back or shall be."""
    return hears(chat.turn, "cancel_change") and await offer_withdrawal(chat)


async def lets_it_be(chat: Chat) -> bool:
    """我自己粘一下, 找到了: what came wrong is let be, and what was registered for it taken back."""
    if await takes_it_back(chat):
        return True
    told = {str(one.get(part)) for one in chat.turn.entities for part in ("entity", "value")}
    if not told & read_matters().withdraws or not is_after_sale(chat):
        return False
    if not await offer_withdrawal(chat):
        chat.reply("utter_matter_withdrawn")
    return True


class WithdrawReturn(Answer):
    """The buyer has said yes."""

    def name(self) -> str:
        return "action_withdraw_return"

    async def answer(self, chat: Chat) -> None:
        shown = shown_in(chat, "withdraw_shown")
        chat.keep("withdraw_shown", None)
        if shown is None or not shown.is_fresh:
            if not await offer_withdrawal(chat):
                chat.reply("utter_nothing_to_withdraw")
            return
        try:
            case = await chat.shop.withdraw_return(
                shown.what, buyer_id=chat.turn.buyer_id, request_id=shown.deed_id
            )
        except WrongMoment:
            chat.reply("utter_withdraw_too_late", name="这件")
            return
        chat.reply("utter_withdrawn", name=case.name)
