"""What is asked of having something mended: again, by whom, at whose cost, or somewhere else."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.answering.plain import answer_plainly, looks_first
from actions.frame.chat import Chat
from actions.frame.heard import hears
from bot.dialogue.matter import Matter
from bot.handing_over import HandOverReason

_OF_REPAIR = ("ask_warranty", "report_defect")
_REPAIR = "ask_warranty"


def is_about_repair(chat: Chat) -> bool:
    """Whether what is covered, or what came broken, was talked of before this line."""
    told = (Matter.of_slot(chat.slot(name)) for name in ("matter", "matter_parked"))
    intents = [one.intent.split("/")[-1] for one in told if one is not None]
    return any(one.startswith(_OF_REPAIR) for one in intents) or _is_just_told(chat)


def _is_just_told(chat: Chat) -> bool:
    return any(
        one.startswith(("utter_mended_", "utter_faq/ask_warranty")) for one in chat.turn.told_before
    )


@looks_first("faq/ask_warranty.repair_time")
async def tells_of_repair(chat: Chat) -> bool:
    """修好再坏还修吗, 谁来修: no length of a warranty answers it. False where none of it is asked."""
    turn = chat.turn
    if hears(turn, "once_mended") and hears(turn, "mends_on"):
        chat.reply("utter_mended_again")
    elif hears(turn, "once_mended") and hears(turn, "recurs"):
        chat.reply("utter_mended_for_how_long")
    elif hears(turn, "mended_by_whom"):
        chat.reply("utter_mended_by_whom")
    else:
        return False
    return True


async def tells_of_repair_in_talk(chat: Chat) -> bool:
    """个人要付费吗, 有别的渠道吗: of a repair only because one is talked of."""
    if chat.turn.in_form or not is_about_repair(chat):
        return False
    if await tells_of_repair(chat):
        return True
    if hears(chat.turn, "mending_cost") and is_of_warranty(chat):
        await answer_plainly(chat, "faq/ask_warranty.cost")
    elif hears(chat.turn, "other_way"):
        chat.reply("utter_mended_elsewhere")
        offer_person(chat, HandOverReason.NO_DATA)
    else:
        return False
    return True


def is_of_warranty(chat: Chat) -> bool:
    """Whether a repair was asked about just before, and not what it costs to send something back."""
    told = (Matter.of_slot(chat.slot(name)) for name in ("matter", "matter_parked"))
    intents = [one.intent.split("/")[-1] for one in told if one is not None]
    return any(one.startswith(_REPAIR) for one in intents)
