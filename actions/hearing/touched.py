"""Half a sentence to what moves the buyer: a birthday, a fall, a child on the way; each once."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.profile import profile_of, take_down


def hear_out(chat: Chat) -> None:
    """Keeps what the line tells of the buyer, and says something human to what is new of it."""
    if hears(chat.turn, "meant") and chat.turn.told_before and not chat.turn.has_answer:
        chat.reply("utter_misheard")  # 我问的是快递不是退货
    before = profile_of(chat)
    new = take_down(chat)
    after = profile_of(chat)
    if new:
        chat.reply(f"utter_touched_{new[0]}")
    elif after.is_gift and after.person and not (before.is_gift and before.person):
        chat.reply("utter_touched_gift", person=after.person)
