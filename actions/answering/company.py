"""Company for who only looks around, says hello at night or blames nobody: half a sentence, and no
pushing; and sorry to whoever was answered beside the point."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import join_text
from bot.handing_over import HandOverReason
from bot.shop.words.goods import ProductQuery

_LOOKED_AT, _KINDS = 12, 3
_CUES = (
    "still_here",
    "own_sorry",
    "own_mistake",
    "weather",
    "typing_is_hard",
    "how_we_work",
    "shows_proof",
)


class SmallTalk(Answer):
    def name(self) -> str:
        return "action_small_talk"

    async def answer(self, chat: Chat) -> None:
        if hears(chat.turn, "no_blame"):
            chat.reply("utter_no_blame")
            return
        if hears(chat.turn, "off_the_point"):
            _put_right(chat)
            return
        response = next(
            (f"utter_{cue}" for cue in _CUES if hears(chat.turn, cue)), "utter_just_looking"
        )
        if response in chat.turn.told_before:
            again = {"utter_still_here": "utter_still_here_too"}
            chat.reply(again.get(response, "utter_just_looking_still"))
            return
        chat.keep("talking_greeted", True)
        chat.reply(response, kinds=join_text(await _kinds(chat)))


async def tell_of_the_shop(chat: Chat) -> bool:
    """What we sell, how we are called, when new goods come; False where the line asks none of it."""
    turn = chat.turn
    if hears(turn, "shop_name"):
        chat.reply("utter_shop_name")
    elif hears(turn, "what_sold"):
        chat.reply("utter_what_we_sell", kinds=join_text(await _kinds(chat)))
    elif hears(turn, "new_goods"):
        chat.reply("utter_new_arrivals")
    else:
        return False
    return True


async def _kinds(chat: Chat) -> list[str]:
    """The kinds of goods that sell best."""
    found = await chat.shop.recommend(ProductQuery(limit=_LOOKED_AT), chat.turn.buyer_id)
    return list(dict.fromkeys(one.product.kind for one in found))[:_KINDS]


def _put_right(chat: Chat) -> None:
    """答非所问, without saying what was asked: sorry, and the question once more; then a person."""
    if chat.slot("talking_misheard"):
        chat.reply("utter_off_the_point_again")
        chat.hand_over(HandOverReason.MISUNDERSTOOD, f"买家说没答到点上: {chat.turn.text[:60]}")
        return
    chat.keep("talking_misheard", True)
    chat.reply("utter_off_the_point")
