"""What the bot does when it is half sure, not sure, or not sure again."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from actions.answer import Answer
from actions.chat import Chat, button
from actions.handoff import offer_person
from actions.informing import TELLING, take_in
from actions.likeliest import fits_the_talk, is_clear_enough
from actions.order_lines import is_several, said_lines
from actions.turn import Turn
from bot.dialogue.matter import Matter
from bot.handing_over import HandOverReason

_DATA = Path(__file__).resolve().parent.parent / "data"
TITLES_FILE, QUESTIONS = _DATA / "patterns" / "intent_titles.yml", _DATA / "nlu"
# A new question brings its own title:  - intent: faq/…  then  metadata: {title: …}
_TITLE_BESIDE = re.compile(
    r"^ *- intent: (\S+)\n +metadata: *\{ *title: *([^}\s][^}\n]*)\}", re.MULTILINE
)
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
SHORT = 12  # characters; a longer message says more than the data in it


class AskBack(Answer):
    """Half sure: two likely wishes as buttons; the picked one is answered with the same data."""

    def name(self) -> str:
        return "action_ask_back"

    async def answer(self, chat: Chat) -> None:
        for attempt in (fits_the_talk, _takes_data, is_clear_enough, _hears_out):
            if await attempt(chat):
                return
        buttons = meant_buttons(chat.turn, Matter.of_slot(chat.slot("matter")))
        if buttons and not chat.slot("fruitless"):
            chat.reply("utter_did_you_mean", buttons)
        else:
            await _not_understood(chat)


class NotUnderstood(Answer):
    """Says so once, then offers a person, then fetches one."""

    def name(self) -> str:
        return "action_not_understood"

    async def answer(self, chat: Chat) -> None:
        for attempt in (fits_the_talk, _takes_data, _hears_out):
            if await attempt(chat):
                return
        await _not_understood(chat)


class DefaultFallback(NotUnderstood):
    """Where no rule or story knows what comes next."""

    def name(self) -> str:
        return "action_default_fallback"


async def _takes_data(chat: Chat) -> bool:
    """39, or a pasted address: the data speak for themselves."""
    turn = chat.turn
    if next(iter(turn.ranking), "") in _ABOUT_AN_ORDER:
        return False
    if {entity.get("entity") for entity in turn.entities} == {"person"}:
        return False  # 我儿子帮我付行不行 names a person and wishes nothing for him
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


async def _hears_out(chat: Chat) -> bool:
    """嗯嗯 to a line that asks for nothing and whose wish is not to be seen: who tells something
    is heard, not questioned. Once; then a likely wish is asked about."""
    turn = chat.turn
    if turn.in_form or not turn.text or turn.asks:
        return False
    if {HEARD_OUT, HEARD_TROUBLE} & set(turn.told_before):
        return False
    if not chat.slot("fruitless") and sum(turn.chances[:2]) >= WORTH_ASKING:
        return False
    chances = zip(turn.ranking, turn.chances, strict=True)
    is_trouble = sum(chance for intent, chance in chances if intent in _TROUBLES) >= MOSTLY
    chat.reply(HEARD_TROUBLE if is_trouble else HEARD_OUT)
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


@cache
def _titles() -> dict[str, str]:
    """Intent → words on its button: from the titles file, and beside a trainer's own intent."""
    raw: dict[str, dict[str, str]] = yaml.safe_load(TITLES_FILE.read_text(encoding="utf-8"))
    titles = dict(raw["titles"])
    for path in sorted(QUESTIONS.rglob("*.yml")):
        for intent, title in _TITLE_BESIDE.findall(path.read_text(encoding="utf-8")):
            titles.setdefault(intent, title.strip().strip("\"'"))
    return titles


def meant_buttons(turn: Turn, matter: Matter | None) -> list[dict[str, str]]:
    """Two wishes that may be meant, and a person; [] where fewer than two are likely: one is no
    choice.

    The open matter is one of them, since a line that is half understood mostly goes on with it.
    A plain question (faq/…) is asked by its title as if typed: its answer hangs on the words.
    """
    entities: dict[str, list[object]] = {}
    for entity in turn.entities:
        entities.setdefault(entity["entity"], []).append(entity["value"])
    likely = [
        intent
        for intent, chance in zip(turn.ranking, turn.chances, strict=True)
        if intent in _titles() and intent != "ask_human" and chance >= LEAST
    ]
    if matter is not None and not matter.is_settled and matter.intent in _titles():
        likely = list(dict.fromkeys([*likely[:1], matter.intent, *likely[1:]]))
    if len(likely) < 2:
        return []
    buttons = []
    for intent in likely[:2]:
        title = _titles()[intent]
        if intent.startswith("faq/"):
            buttons.append({"title": title, "payload": title})
        else:
            buttons.append(button(title, intent, said=turn.text, **entities))
    return [*buttons, button(_titles()["ask_human"], "ask_human")]
